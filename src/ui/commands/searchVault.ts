import * as vscode from 'vscode';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../account/session';
import type { ErrorReporter } from '../errors/errorReporter';
import { itemAction, type ItemAction } from '../itemActions';
import { unlockedVault } from '../prompts/unlock';
import { pickItem } from '../search/pickItem';
import type { ItemValues } from '../values/itemValues';
import { chooseField } from './chooseField';

/**
 * Lets the user search for an item. Enter copies its password; for an item without one the user is offered its fields.
 */
export async function searchVault(session: Session, values: ItemValues, reporter: ErrorReporter): Promise<void> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const act = async (item: Item, action: ItemAction) => {
    const chosen = await chooseField(session, vault, item, action);
    if (chosen !== undefined) await values.act(action.does, chosen);
  };
  const item = await pickItem(session, vault, {
    placeholder: vscode.l10n.t(
      'Search by name, username, website, folder, collection or organization. Enter copies the password.',
    ),
    onButton: (pressed, action) => {
      act(pressed, action).catch((error: unknown) => reporter.failure('search', error));
    },
  });
  if (item !== undefined) await act(item, likeliest(vault, item));
}

function likeliest(vault: OpenVault, { id }: Item): ItemAction {
  return vault.thoseThere(id, [itemAction('vaultside.copyPassword')])[0] ?? itemAction('vaultside.copyField');
}
