import * as vscode from 'vscode';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { itemAction, type ItemAction } from '../itemActions';
import { unlockedVault } from '../prompts/unlock';
import { pickItem, type PickedItem } from '../search/pickItem';
import { keysLine, type SearchKey } from '../search/searchKeys';
import { chooseField } from './chooseField';
import type { Parts } from './command';
import { signIn } from './signIn';

/**
 * Lets the user search for an item, once they have signed in and unlocked the vault. Enter copies what people come to such
 * an item for; the other keys are those of searchKeys.
 */
export async function searchVault(parts: Parts): Promise<void> {
  const { session, reporter, openSearch, followUp } = parts;
  const { state } = session;
  if (state.kind === 'signedOut') {
    await signIn(session, reporter);
    if (session.state.kind !== 'unlocked') return;
  }
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const picked = await pickItem(session, vault, {
    title: keysLine(process.platform),
    placeholder: vscode.l10n.t('Search by name, username, website, folder, collection or organization'),
    onButton: (item, action) => {
      act(parts, item, action).catch((error: unknown) => reporter.failure('search', error));
    },
    next: (searched) => followUp.next(searched),
    keys: openSearch,
  });
  if (picked !== undefined) await actOn(parts, picked);
}

async function actOn(parts: Parts, { item, key, onEnter }: PickedItem): Promise<void> {
  const vault = await unlockedVault(parts.session);
  if (vault === undefined) return;
  const does = key?.does ?? onEnter ?? likeliest(vault, item);
  if (does === 'vaultside.viewItem') await parts.itemView.open(item.id, false);
  else await act(parts, item, itemAction(does));
}

/** A sync may have opened the vault anew while the list was open. */
async function act({ session, values }: Parts, item: Item, action: ItemAction): Promise<void> {
  const vault = await unlockedVault(session);
  const chosen = vault && (await chooseField(session, vault, item, action));
  if (chosen !== undefined) await values.act(action.does, chosen);
}

/** What people come to an item for. Where an item has nothing of that, they are offered what it has. */
function likeliest(vault: OpenVault, { id, type }: Item): SearchKey['does'] {
  const wanted = type === 'card' ? 'vaultside.copyCardNumber' : 'vaultside.copyPassword';
  if (vault.thoseThere(id, [itemAction(wanted)]).length > 0) return wanted;
  return type === 'login' ? 'vaultside.copyField' : 'vaultside.viewItem';
}
