import assert from 'node:assert/strict';
import { NetworkError, UnauthorizedError } from '../../../src/bitwarden/errors';
import { KdfDowngradeError, SecretStorageError } from '../../../src/vault/errors';
import type { OpenVault } from '../../../src/vault/openVault';
import type { Account, Facts, SessionState } from '../../../src/account/state';
import { commandIds, commands, isAvailable, statusMenu } from '../../../src/ui/commands/commandTable';
import { type CommandId, commandTitle } from '../../../src/ui/commands/commandId';
import { unavailable } from '../../../src/ui/commands/unavailable';
import { contextValues } from '../../../src/ui/contextValues';
import { explainError } from '../../../src/ui/errors/explainError';
import { generatorKeys } from '../../../src/ui/generator/generatorKeys';
import { itemActions } from '../../../src/ui/itemActions';
import { itemChanges } from '../../../src/ui/itemChanges';
import { searchKeys } from '../../../src/ui/search/searchKeys';

const fine: Facts = {
  syncing: false,
  problem: undefined,
  dropped: undefined,
  lastSync: 0,
  rotationUnfinished: false,
  hasPin: false,
};
const account = {} as Account;
const vault = { items: [], policies: [] } as unknown as OpenVault;
const signedOut: SessionState = { kind: 'signedOut' };
const locked = (facts: Partial<Facts> = {}): SessionState => ({
  kind: 'locked',
  account,
  facts: { ...fine, ...facts },
});
const unlocked = (facts: Partial<Facts> = {}): SessionState =>
  ({ ...locked(facts), kind: 'unlocked', vault }) as SessionState;

const always = [
  ...[
    'clearClipboard',
    'openApiKeyPage',
    'openSettings',
    'openLogs',
    'showActions',
    'turnOnPresentationMode',
    'searchVault',
    'generatePassword',
    'generatePassphrase',
    'generateUsername',
  ],
];
const withAccount = [...always, 'addAccount', 'signOut', 'openWebVault', 'setVaultTimeout'];
const onItems = itemActions.map(({ command }) => command.replace('vaultside.', ''));
const withVault = [...withAccount, 'continueDraft', 'viewItem', 'viewItemInTab', 'generatorHistory', ...onItems];
const changes = [...itemChanges.map(({ command }) => command.replace('vaultside.', '')), 'createFolder'];
const files = ['addAttachment', 'openAttachment', 'saveAttachment', 'deleteAttachment'];
const withSession = [
  ...withVault,
  ...changes,
  ...files,
  'renameFolder',
  'deleteFolder',
  'sync',
  'rotateApiKey',
  'viewApiKey',
  'deauthorizeSessions',
  'newItem',
  'newLogin',
  'saveSelection',
  'editItem',
  'cloneItem',
  'moveToOrganization',
  'changeCollections',
  'changePassword',
];
const whileUnlocked = ['lock', 'filter', 'setPin'];

const offered: [name: string, state: SessionState, names: string[]][] = [
  ['starting', { kind: 'starting' }, [...always, 'signIn']],
  ['unreadable', { kind: 'unreadable' }, [...always, 'tryAgain']],
  ['signed out', signedOut, [...always, 'signIn']],
  ['locked', locked(), [...withSession, 'unlock']],
  ['locked, key rejected', locked({ dropped: 'keyRejected' }), [...withVault, 'unlock', 'enterNewClientSecret']],
  ['locked, account gone', locked({ dropped: 'accountGone' }), [...withVault, 'unlock', 'signInAgain']],
  ['locked, stamp changed', locked({ dropped: 'stampChanged' }), [...withAccount, 'signInAgain']],
  ['locked, other user', locked({ dropped: 'otherUser' }), [...withAccount, 'signInAgain']],
  ['unlocked', unlocked(), [...withSession, ...whileUnlocked]],
  [
    'unlocked, KDF weaker',
    unlocked({ problem: new KdfDowngradeError() }),
    [...withSession, ...whileUnlocked, 'signInAgain'],
  ],
  [
    'unlocked, session refused',
    unlocked({ problem: new UnauthorizedError('vault.example.org') }),
    [...withSession, ...whileUnlocked, 'signInAgain'],
  ],
  [
    'unlocked, rotation not finished',
    unlocked({ rotationUnfinished: true }),
    [...withSession, ...whileUnlocked, 'finishRotation', 'enterNewClientSecret'],
  ],
];

describe('Commands', () => {
  for (const [name, state, names] of offered) {
    it(`are offered where they can do something: ${name}`, () => {
      const available = commandIds.filter((id) => isAvailable(id, contextValues(state)));
      assert.deepEqual(available.sort(), names.map((each) => `vaultside.${each}`).sort());
    });
  }

  it('set a PIN where no organization forbids one, and remove one where there is one', () => {
    const about = (state: SessionState) =>
      commandIds.filter((id) => id.endsWith('Pin') && isAvailable(id, contextValues(state)));
    const policies = [{ type: 14, enabled: true, data: {} }];
    const forbidding = { ...unlocked(), vault: { items: [], policies } as unknown as OpenVault } as SessionState;
    assert.deepEqual(about(unlocked()), ['vaultside.setPin']);
    assert.deepEqual(about(unlocked({ hasPin: true })), ['vaultside.setPin', 'vaultside.removePin']);
    assert.deepEqual(about(locked({ hasPin: true })), ['vaultside.removePin']);
    assert.deepEqual(about(forbidding), []);
    const { message } = unavailable('', commands['vaultside.setPin'].needs, forbidding);
    assert.equal(message, 'Your organization does not allow unlocking with a PIN.');
  });

  it('clear a filter only where there is one', () => {
    assert.equal(isAvailable('vaultside.clearFilter', contextValues(unlocked(), { filtered: true })), true);
    assert.equal(isAvailable('vaultside.clearFilter', contextValues(unlocked())), false);
  });

  it('of the keys of a search are there while one is open', () => {
    for (const { command } of searchKeys) {
      assert.equal(isAvailable(command, contextValues(unlocked(), { searchOpen: true })), true);
      assert.equal(isAvailable(command, contextValues(locked(), { searchOpen: true })), false);
    }
  });

  it('of a form save it while the focus is in it', () => {
    assert.equal(isAvailable('vaultside.saveItem', contextValues(unlocked(), { formFocused: true })), true);
    assert.equal(isAvailable('vaultside.saveItem', contextValues(unlocked())), false);
    assert.equal(isAvailable('vaultside.saveItem', contextValues(locked(), { formFocused: true })), false);
  });

  it('of the keys of the generator are there while it is open, without any vault, too', () => {
    for (const { command } of generatorKeys) {
      assert.equal(isAvailable(command, contextValues(signedOut, { generatorOpen: true })), true);
      assert.equal(isAvailable(command, contextValues(unlocked())), false);
    }
  });

  it('stand in the menu of the status bar in the order in which they are needed', () => {
    const menu = (state: SessionState) =>
      statusMenu(contextValues(state)).map(({ id }) => id.replace('vaultside.', ''));
    const server = ['sync', 'rotateApiKey', 'viewApiKey'];
    const help = ['openSettings', 'openLogs', 'turnOnPresentationMode'];
    const out = ['signOut', 'openApiKeyPage', ...help];
    const last = ['addAccount', 'setVaultTimeout', ...out];
    const whenOpen = ['addAccount', 'setVaultTimeout', 'setPin', ...out];
    const generate = 'generatePassword';
    assert.deepEqual(menu(signedOut), ['signIn', generate, ...help]);
    assert.deepEqual(menu({ kind: 'unreadable' }), ['tryAgain', generate, ...help]);
    assert.deepEqual(menu(locked()), ['unlock', generate, ...server, ...last]);
    assert.deepEqual(menu(unlocked()), ['searchVault', 'lock', generate, ...server, ...whenOpen]);
    assert.deepEqual(menu(locked({ dropped: 'stampChanged' })), ['signInAgain', generate, ...last]);
    assert.deepEqual(menu(unlocked({ rotationUnfinished: true })), [
      ...['finishRotation', 'enterNewClientSecret', 'searchVault', 'lock', generate],
      ...server,
      ...whenOpen,
    ]);
  });

  it('have an icon each in the menu of the status bar', () => {
    const entries = offered.flatMap(([, state]) => statusMenu(contextValues(state)));
    assert.deepEqual(
      entries.filter(({ icon }) => icon === undefined),
      [],
    );
  });

  for (const [name, state] of offered) {
    it(`say what is missing, and offer a way on that exists: ${name}`, () => {
      const context = contextValues(state);
      for (const id of commandIds.filter((each) => !isAvailable(each, context))) {
        const { message, buttons } = unavailable(commandTitle(id), commands[id].needs, state);
        assert.match(message, /^[A-Z"].*\.$/, id);
        assert.deepEqual(
          buttons.slice(0, 1).filter((button) => !isAvailable(button, context)),
          [],
          `${id}: ${message}`,
        );
      }
    });
  }

  const refusals: [id: CommandId, state: SessionState, message: RegExp][] = [
    ['vaultside.sync', signedOut, /^You are signed out\.$/],
    ['vaultside.copyPassword', { kind: 'unreadable' }, /^The secret storage of VS Code cannot be read\./],
    ['vaultside.signIn', locked(), /^You are signed in already\./],
    ['vaultside.sync', locked({ dropped: 'keyRejected' }), /rotated elsewhere/],
    ['vaultside.unlock', locked({ dropped: 'stampChanged' }), /changed elsewhere/],
    ['vaultside.filter', locked(), /^The vault is locked\.$/],
    ['vaultside.setPin', locked(), /^The vault is locked\.$/],
    ['vaultside.removePin', locked(), /^There is no PIN\./],
    ['vaultside.removePin', signedOut, /^You are signed out\.$/],
    ['vaultside.finishRotation', unlocked(), /^There is no rotation to finish\.$/],
    ['vaultside.unlock', unlocked(), /^The vault is unlocked already\.$/],
    ['vaultside.clearFilter', unlocked(), /^"Clear Filter" has nothing to do at the moment\.$/],
  ];
  for (const [id, state, message] of refusals) {
    it(`say what is missing: ${id} in ${state.kind}`, () => {
      assert.match(unavailable(commandTitle(id), commands[id].needs, state).message, message);
    });
  }

  it('are the buttons of errors only where they can do something: no sync without a session, no sign-in with one', () => {
    const buttons = (error: Error, state: SessionState) =>
      explainError(error)?.buttons.filter((id) => isAvailable(id, contextValues(state)));
    const unreachable = new NetworkError('timeout', 'vault.example.org');
    assert.deepEqual(buttons(unreachable, signedOut), ['vaultside.signIn']);
    assert.deepEqual(buttons(unreachable, { kind: 'unreadable' }), []);
    assert.deepEqual(buttons(unreachable, locked()), ['vaultside.sync']);
    assert.deepEqual(buttons(unreachable, locked({ dropped: 'keyRejected' })), []);
    assert.deepEqual(buttons(new SecretStorageError(), { kind: 'unreadable' }), ['vaultside.tryAgain']);
    assert.deepEqual(buttons(new SecretStorageError(), signedOut), []);
  });
});
