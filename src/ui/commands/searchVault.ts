import * as vscode from 'vscode';
import type { Item } from '../../vault/items';
import type { ItemType } from '../../bitwarden/wire/itemTypes';
import { itemAction, type ItemAction, mainField } from '../itemActions';
import { unlockedVault } from '../prompts/unlock';
import { pickItem, type PickedItem } from '../search/pickItem';
import { keysLine } from '../search/searchKeys';
import { chooseField } from './chooseField';
import type { Parts } from './command';

/**
 * Lets the user search for an item. Enter copies what people come to such
 * an item for; the other keys are those of searchKeys.
 */
export async function searchVault(parts: Parts): Promise<void> {
  const { session, reporter, openSearch, followUp } = parts;
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const picked = await pickItem(session, vault, {
    title: keysLine(process.platform),
    placeholder: vscode.l10n.t('Search by name, username, website, folder, collection or organization'),
    onButton: (item, action) => {
      act(parts, item, action).catch((error: unknown) => reporter.failure('search', error));
    },
    next: (searched) => followUp.next(session.accountId, searched),
    keys: openSearch,
  });
  if (picked !== undefined) await actOn(parts, picked);
}

async function actOn(parts: Parts, { item, key, onEnter }: PickedItem): Promise<void> {
  const does = key?.does ?? onEnter;
  if (does === 'vaultside.viewItem') await parts.itemView.open(item.id, false);
  else if (does !== undefined) await act(parts, item, itemAction(does));
  else await actOnEnter(parts, item);
}

async function act({ session, values }: Parts, item: Item, action: ItemAction): Promise<void> {
  // A sync may have opened the vault anew while the list was open.
  const vault = await unlockedVault(session);
  const chosen = vault && (await chooseField(session, vault, item, action));
  if (chosen !== undefined) await values.act(action.does, chosen);
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
  else await parts.itemView.open(item.id, false);
}
