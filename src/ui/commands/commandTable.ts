import { type ContextValues, holds } from '../contextValues';
import { type GeneratorCommand, generatorKeys } from '../generator/generatorKeys';
import { type ItemCommand, itemActions } from '../itemActions';
import { type ChangeCommand, itemChanges } from '../itemChanges';
import { present } from '../presentation';
import { askToUnlock } from '../prompts/unlock';
import { type SearchCommand, searchKeys } from '../search/searchKeys';
import { addAttachment, deleteAttachment, openAttachment, saveAttachment } from './attachments';
import type { Command, StatusEntry, StatusGroup } from './command';
import { changeItems } from './changeItems';
import { changePassword } from './changePassword';
import { cloneItem } from './cloneItem';
import { continueDraft } from './continueDraft';
import { deauthorizeSessions } from './deauthorizeSessions';
import { editItem } from './editItem';
import { enterNewClientSecret } from './enterNewClientSecret';
import { filter } from './filter';
import { createFolder, deleteFolder, renameFolder } from './folders';
import { generate } from './generate';
import { showGeneratorHistory } from './generatorHistory';
import { finishRotation } from './finishRotation';
import type { CommandId } from './commandId';
import { itemCommand } from './itemCommand';
import { newItem } from './newItem';
import { newLogin } from './newLogin';
import { openApiKeyPage } from './openApiKeyPage';
import { openSettings } from './openSettings';
import { openWebVault } from './openWebVault';
import { removePin } from './removePin';
import { rotateApiKey } from './rotateApiKey';
import { saveSelection } from './saveSelection';
import { searchVault } from './searchVault';
import { lockAll } from './lockAll';
import { setPin } from './setPin';
import { setVaultTimeout } from './setVaultTimeout';
import { changeCollections, moveToOrganization } from './shareItem';
import { showActions } from './showActions';
import { signIn } from './signIn';
import { signInAgain } from './signInAgain';
import { signOut } from './signOut';
import { switchAccount } from './switchAccount';
import { sync } from './sync';
import { tryAgain } from './tryAgain';
import { viewApiKey } from './viewApiKey';
import { viewItem } from './viewItem';

/** The commands for the actions on items. Their menus are those of the rows of the tree, see `itemMenu`. */
const itemCommands = Object.fromEntries(
  itemActions.map((action): [ItemCommand, Command] => [
    action.command,
    {
      icon: action.icon,
      needs: { usable: true },
      menus: [],
      run: (parts, argument) => itemCommand(parts, action, argument),
    },
  ]),
) as Record<ItemCommand, Command>;

/** The commands that change items as a whole. */
const changeCommands = Object.fromEntries(
  itemChanges.map((each): [ChangeCommand, Command] => [
    each.command,
    {
      icon: each.icon,
      needs: { inSession: true },
      menus: [{ in: 'view/item/context', rows: `^item\\b.*\\b${each.kind}\\b`, group: each.group }],
      run: (parts, argument, selected) => changeItems(parts, each, argument, selected),
    },
  ]),
) as Record<ChangeCommand, Command>;

/** The rows of items that are not in the trash, by what can be done with them: see changesOf. */
const NOT_IN_TRASH = '^item\\b(?!.*\\b(?:restore|delete)\\b)';

/** What the keys of an open search run. */
const searchCommands = Object.fromEntries(
  searchKeys.map((key): [SearchCommand, Command] => [
    key.command,
    { needs: { searchOpen: true }, hidden: true, menus: [], run: ({ openSearch }) => openSearch.press(key) },
  ]),
) as Record<SearchCommand, Command>;

/** What the keys of the open generator run. */
const generatorCommands = Object.fromEntries(
  generatorKeys.map((key): [GeneratorCommand, Command] => [
    key.command,
    { needs: { generatorOpen: true }, hidden: true, menus: [], run: ({ generator }) => generator.keys.press(key) },
  ]),
) as Record<GeneratorCommand, Command>;

/**
 * Every command of ours. `npm run manifest` writes `commands` and `menus` of package.json from it, and a test compares;
 * the titles are in package.nls.json.
 */
export const commands: Readonly<Record<CommandId, Command>> = {
  'vaultside.signIn': {
    icon: 'sign-in',
    needs: { mayBeSignedIn: false },
    menus: [{ in: 'status', group: '1_mend@1' }],
    run: signIn,
  },
  'vaultside.addAccount': {
    icon: 'add',
    needs: { signedIn: true },
    menus: [
      { in: 'view/title', group: '2_account@2' },
      { in: 'status', group: '4_account@2' },
    ],
    run: signIn,
  },
  'vaultside.switchAccount': {
    icon: 'arrow-swap',
    needs: { severalAccounts: true },
    menus: [
      { in: 'view/title', group: '2_account@1' },
      { in: 'status', group: '4_account@1' },
    ],
    run: ({ sessions }) => switchAccount(sessions),
  },
  'vaultside.tryAgain': {
    icon: 'refresh',
    needs: { state: 'unreadable' },
    menus: [{ in: 'status', group: '1_mend@2' }],
    run: ({ sessions }) => tryAgain(sessions),
  },
  'vaultside.finishRotation': {
    icon: 'key',
    needs: { rotationUnfinished: true },
    menus: [{ in: 'status', group: '1_mend@3' }],
    run: finishRotation,
  },
  'vaultside.enterNewClientSecret': {
    icon: 'edit',
    needs: { newSecretHelps: true },
    menus: [{ in: 'status', group: '1_mend@4' }],
    run: ({ session, reporter }) => enterNewClientSecret(session, reporter),
  },
  'vaultside.signInAgain': {
    icon: 'sign-in',
    needs: { signInAgainHelps: true },
    menus: [{ in: 'status', group: '1_mend@5' }],
    run: ({ session }) => signInAgain(session),
  },
  'vaultside.unlock': {
    icon: 'unlock',
    needs: { state: 'locked', usable: true },
    signsInFirst: true,
    menus: [{ in: 'status', group: '2_use@1' }],
    run: ({ session }) => askToUnlock(session),
  },
  'vaultside.searchVault': {
    icon: 'search',
    // VS Code takes what is not enabled for a key that is not bound; this one leads through the sign-in, too.
    needs: {},
    signsInFirst: true,
    menus: [
      { in: 'view/title', group: 'navigation@1', when: { state: 'unlocked' } },
      { in: 'status', group: '2_use@2', when: { state: 'unlocked' } },
    ],
    run: searchVault,
  },
  ...searchCommands,
  'vaultside.filter': {
    icon: 'filter',
    needs: { state: 'unlocked' },
    menus: [{ in: 'view/title', group: 'navigation@2', when: { filtered: false } }],
    run: ({ session, tree, reporter }) => filter(session, tree, reporter),
  },
  'vaultside.clearFilter': {
    icon: 'clear-all',
    needs: { filtered: true },
    menus: [{ in: 'view/title', group: 'navigation@2' }],
    run: ({ tree }) => tree.setFilter(''),
  },
  'vaultside.lock': {
    icon: 'lock',
    needs: { state: 'unlocked' },
    menus: [
      { in: 'view/title', group: 'navigation@3' },
      { in: 'status', group: '2_use@3' },
    ],
    run: ({ session }) => session.lock(),
  },
  'vaultside.lockAll': {
    icon: 'lock',
    needs: { severalAccounts: true },
    menus: [{ in: 'status', group: '2_use@4' }],
    run: ({ sessions }) => lockAll(sessions),
  },
  'vaultside.sync': {
    icon: 'refresh',
    needs: { inSession: true },
    menus: [
      { in: 'view/title', group: '0_sync@1', when: { state: 'unlocked' } },
      { in: 'status', group: '3_server@1' },
    ],
    run: ({ session }) => sync(session),
  },
  'vaultside.viewItem': {
    icon: 'open-preview',
    needs: { usable: true },
    menus: [{ in: 'view/item/context', rows: '^item\\b', group: '0_view@1' }],
    run: (parts, argument) => viewItem(parts, argument, 'view'),
  },
  'vaultside.viewItemInTab': {
    icon: 'open-preview',
    needs: { usable: true },
    menus: [{ in: 'view/item/context', rows: '^item\\b', group: '0_view@2' }],
    run: (parts, argument) => viewItem(parts, argument, 'tab'),
  },
  ...itemCommands,
  'vaultside.generatePassword': {
    icon: 'wand',
    needs: {},
    menus: [
      { in: 'view/title', group: '0_generate@1' },
      { in: 'status', group: '2_use@5' },
    ],
    run: (parts) => generate(parts, 'password'),
  },
  'vaultside.generatePassphrase': {
    icon: 'whole-word',
    needs: {},
    menus: [{ in: 'view/title', group: '0_generate@2' }],
    run: (parts) => generate(parts, 'passphrase'),
  },
  'vaultside.generateUsername': {
    icon: 'person',
    needs: {},
    menus: [{ in: 'view/title', group: '0_generate@3' }],
    run: (parts) => generate(parts, 'username'),
  },
  'vaultside.generatorHistory': {
    icon: 'history',
    needs: { usable: true },
    menus: [{ in: 'view/title', group: '0_generate@4' }],
    run: showGeneratorHistory,
  },
  ...generatorCommands,
  ...changeCommands,
  'vaultside.newItem': {
    icon: 'add',
    needs: { inSession: true },
    menus: [
      { in: 'view/title', group: 'navigation@0', when: { state: 'unlocked' } },
      { in: 'view/item/context', rows: '^group\\.folder\\b', group: '4_change@0' },
    ],
    run: newItem,
  },
  'vaultside.editItem': {
    icon: 'edit',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: NOT_IN_TRASH, group: '0_view@3' }],
    run: editItem,
  },
  'vaultside.cloneItem': {
    icon: 'files',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: NOT_IN_TRASH, group: '0_view@4' }],
    run: cloneItem,
  },
  'vaultside.moveToOrganization': {
    icon: 'organization',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: '^item\\b.*\\bmayShare\\b', group: '4_change@5' }],
    run: moveToOrganization,
  },
  'vaultside.changeCollections': {
    icon: 'library',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: '^item\\b.*\\bshared\\b', group: '4_change@5' }],
    run: changeCollections,
  },
  'vaultside.newLogin': {
    icon: 'globe',
    needs: { inSession: true },
    menus: [{ in: 'view/title', group: '0_new@1', when: { state: 'unlocked' } }],
    run: newLogin,
  },
  'vaultside.saveSelection': {
    icon: 'save',
    needs: { inSession: true },
    menus: [],
    run: saveSelection,
  },
  'vaultside.changePassword': {
    icon: 'refresh',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: `${NOT_IN_TRASH}.*\\bpassword\\b`, group: '4_change@4' }],
    run: changePassword,
  },
  'vaultside.continueDraft': {
    icon: 'edit',
    needs: { usable: true },
    menus: [],
    run: continueDraft,
  },
  'vaultside.saveItem': {
    needs: { formFocused: true },
    hidden: true,
    menus: [],
    run: ({ itemView }) => itemView.focusedForm?.save(),
  },
  'vaultside.addAttachment': {
    icon: 'new-file',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: '^item\\b.*\\bmayAttach\\b', group: '4_files@3' }],
    run: addAttachment,
  },
  'vaultside.openAttachment': {
    icon: 'go-to-file',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: '^item\\b.*\\bfiles\\b', group: '4_files@1' }],
    run: openAttachment,
  },
  'vaultside.saveAttachment': {
    icon: 'save-as',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: '^item\\b.*\\bfiles\\b', group: '4_files@2' }],
    run: saveAttachment,
  },
  'vaultside.deleteAttachment': {
    icon: 'trash',
    needs: { inSession: true },
    menus: [],
    run: deleteAttachment,
  },
  'vaultside.createFolder': {
    icon: 'new-folder',
    needs: { inSession: true },
    menus: [
      { in: 'view/title', group: '0_new@2', when: { state: 'unlocked' } },
      { in: 'view/item/context', rows: '^group\\.folders\\b', group: 'inline@1' },
      { in: 'view/item/context', rows: '^group\\.folders?\\b', group: '4_change@1' },
    ],
    run: createFolder,
  },
  'vaultside.renameFolder': {
    icon: 'edit',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: '^group\\.folder\\b.*\\bown\\b', group: '4_change@2' }],
    run: renameFolder,
  },
  'vaultside.deleteFolder': {
    icon: 'trash',
    needs: { inSession: true },
    menus: [{ in: 'view/item/context', rows: '^group\\.folder\\b.*\\bown\\b', group: '5_trash@1' }],
    run: deleteFolder,
  },
  'vaultside.clearClipboard': {
    icon: 'clippy',
    needs: {},
    menus: [],
    run: ({ clipboard }) => clipboard.clearNow(),
  },
  'vaultside.viewApiKey': {
    icon: 'eye',
    needs: { inSession: true },
    menus: [
      { in: 'view/title', group: '1_key@1' },
      { in: 'status', group: '3_server@3' },
    ],
    run: viewApiKey,
  },
  'vaultside.rotateApiKey': {
    icon: 'key',
    needs: { inSession: true },
    signsInFirst: true,
    menus: [
      { in: 'view/title', group: '1_key@2' },
      { in: 'status', group: '3_server@2' },
    ],
    run: rotateApiKey,
  },
  'vaultside.openApiKeyPage': {
    icon: 'link-external',
    needs: {},
    menus: [
      { in: 'view/title', group: '1_key@3' },
      { in: 'status', group: '4_account@7', when: { signedIn: true } },
    ],
    run: ({ session }) => openApiKeyPage(session),
  },
  'vaultside.deauthorizeSessions': {
    icon: 'debug-disconnect',
    needs: { inSession: true },
    menus: [],
    run: deauthorizeSessions,
  },
  'vaultside.openWebVault': {
    icon: 'link-external',
    needs: { signedIn: true },
    menus: [],
    run: ({ session }) => openWebVault(session),
  },
  'vaultside.signOut': {
    icon: 'sign-out',
    needs: { signedIn: true },
    menus: [
      { in: 'view/title', group: '2_account@6' },
      { in: 'status', group: '4_account@6' },
    ],
    run: ({ sessions }) => signOut(sessions),
  },
  'vaultside.setVaultTimeout': {
    icon: 'watch',
    needs: { signedIn: true },
    menus: [
      { in: 'view/title', group: '2_account@3' },
      { in: 'status', group: '4_account@3' },
    ],
    run: setVaultTimeout,
  },
  'vaultside.setPin': {
    icon: 'shield',
    needs: { state: 'unlocked', mayHavePin: true },
    menus: [
      { in: 'view/title', group: '2_account@4' },
      { in: 'status', group: '4_account@4' },
    ],
    run: setPin,
  },
  'vaultside.removePin': {
    icon: 'circle-slash',
    needs: { hasPin: true },
    menus: [
      { in: 'view/title', group: '2_account@5' },
      { in: 'status', group: '4_account@5' },
    ],
    run: removePin,
  },
  'vaultside.turnOnPresentationMode': {
    icon: 'eye-closed',
    needs: { presenting: false },
    menus: [
      { in: 'view/title', group: '0_sync@2' },
      { in: 'status', group: '5_help@3' },
    ],
    run: () => present(true),
  },
  'vaultside.turnOffPresentationMode': {
    icon: 'eye',
    needs: { presenting: true },
    menus: [
      { in: 'view/title', group: '0_sync@2' },
      { in: 'status', group: '5_help@3' },
    ],
    run: () => present(false),
  },
  'vaultside.openSettings': {
    icon: 'gear',
    needs: {},
    menus: [
      { in: 'view/title', group: '3_help@1' },
      { in: 'status', group: '5_help@1' },
    ],
    run: openSettings,
  },
  'vaultside.openLogs': {
    icon: 'output',
    needs: {},
    menus: [
      { in: 'view/title', group: '3_help@2' },
      { in: 'status', group: '5_help@2' },
    ],
    run: ({ logs }) => logs.show(),
  },
  'vaultside.showActions': {
    needs: {},
    hidden: true,
    menus: [],
    run: (parts) => showActions(parts, statusMenu(parts.context())),
  },
};

export const commandIds = Object.keys(commands) as readonly CommandId[];

export function isAvailable(id: CommandId, context: ContextValues): boolean {
  return holds(commands[id].needs, context);
}

/** What a click on the status bar offers, the most likely first. */
export function statusMenu(context: ContextValues): StatusEntry[] {
  const entries = commandIds
    .filter((id) => isAvailable(id, context))
    .flatMap((id) => commands[id].menus.map((place) => ({ id, ...place })))
    .filter((place) => place.in === 'status')
    .filter(({ when = {} }) => holds(when, context));
  return entries
    .sort((one, other) => one.group.localeCompare(other.group, 'en', { numeric: true }))
    .map(({ id, group }) => ({ id, group: group.split('@')[0] as StatusGroup, icon: commands[id].icon }));
}
