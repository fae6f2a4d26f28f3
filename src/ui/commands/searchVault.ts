import * as vscode from 'vscode';
import type { Item } from '../../vault/items';
import type { ItemType } from '../../bitwarden/wire/itemTypes';
import type { Sessions } from '../../account/sessions';
import { nameIn } from '../accountNames';
import { itemAction, type ItemAction, mainField } from '../itemActions';
import { switchTo } from '../switchTo';
import { unlockedVault } from '../prompts/unlock';
import type { Everywhere } from '../search/everywhere';
import { pickItem, type PickedItem } from '../search/pickItem';
import { copyKeysLine, FROM_TERMINAL, keysLine } from '../search/searchKeys';
import { chooseField } from './chooseField';
import type { Parts } from './command';

/**
 * Lets the user search for an item. Enter copies what people come to such an item for; the other keys are those of
 * searchKeys.
 *
 * @param argument FROM_TERMINAL, or anything else.
 */
export async function searchVault(parts: Parts, argument?: unknown): Promise<void> {
  const { session, reporter, openSearch, followUp } = parts;
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const picked = await pickItem(session, vault, {
    title: { plain: keysLine(process.platform), ofCode: copyKeysLine(process.platform) },
    placeholder: vscode.l10n.t('Search by name, username, website, folder, collection or organization'),
    everywhere: everywhereOf(parts.sessions),
    onButton: (item, action, whose) => {
      act({ ...parts, session: whose }, item, action).catch((error: unknown) =>
        reporter.failure('search', error, whose),
      );
    },
    next: (searched) => followUp.next(session.accountId, searched),
    keys: openSearch,
  });
  if (picked !== undefined) await actOn({ ...parts, session: picked.session }, picked, argument === FROM_TERMINAL);
}

async function actOn(parts: Parts, { item, key, onEnter }: PickedItem, inTerminal: boolean): Promise<void> {
  const command = key?.does ?? onEnter;
  if (command === 'vaultside.viewItem') await view(parts, item);
  else if (command !== undefined) {
    const action = itemAction(command);
    // The text editor that was used last is not where the user is.
    await act(parts, item, action, inTerminal && action.does === 'insert' ? 'terminal' : action.does);
  } else await actOnEnter(parts, item);
}

async function act(
  { session, values }: Parts,
  item: Item,
  action: ItemAction,
  does: ItemAction['does'] = action.does,
): Promise<void> {
  // A sync may have opened the vault anew while the list was open.
  const vault = await unlockedVault(session);
  const chosen = vault && (await chooseField(session, vault, item, action));
  if (chosen !== undefined) await values.act(does, chosen);
}

/** Items that one reads, and copies this or that of. */
const READ: ReadonlySet<ItemType> = new Set(['secureNote', 'identity', 'unknown']);

/** Copies what people come to an item for. Of a login without any secret that can be read they are offered what it has. */
async function actOnEnter(parts: Parts, item: Item): Promise<void> {
  const vault = await unlockedVault(parts.session);
  if (vault === undefined) return;
  const field = READ.has(item.type) ? undefined : mainField(item, vault.fields(item.id));
  const isWanted = field !== undefined && (field.masked || item.type !== 'login');
  if (isWanted) await parts.values.act('copy', { session: parts.session, vault, item, field });
  else if (item.type === 'login') await act(parts, item, itemAction('vaultside.copyField'));
  else await view(parts, item);
}

/** The view of items is that of the account which is in use: one of another account has it used. */
async function view({ sessions, session, itemView }: Parts, item: Item): Promise<void> {
  if (switchTo(sessions, session)) await itemView.open(item.id, false);
}

/** Undefined while there is one account. */
function everywhereOf(sessions: Sessions): Everywhere | undefined {
  if (sessions.all.length < 2) return undefined;
  return {
    onDidLock: sessions.onDidLock,
    accounts: () =>
      sessions.all.flatMap((session) => {
        const { state } = session;
        if (state.kind !== 'unlocked') return [];
        return { session, name: nameIn(sessions, session) ?? '', vault: state.vault };
      }),
  };
}
