import * as vscode from 'vscode';
import { NotReadableError } from '../../vault/errors';
import { switchTo } from '../switchTo';
import { unlockedVault } from '../prompts/unlock';
import { pickItem } from '../search/pickItem';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { rowArgument } from './rowArgument';

/** Shows the item that the command was called on, or one that the user picks, whole. */
export async function viewItem(
  { sessions, session, itemView }: Pick<Parts, 'sessions' | 'session' | 'itemView'>,
  argument: unknown,
  where: 'view' | 'tab',
): Promise<void> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const row = rowArgument(argument);
  const title = commandTitle(where === 'tab' ? 'vaultside.viewItemInTab' : 'vaultside.viewItem');
  const itemId =
    row?.itemId ?? (await pickItem(session, vault, { title, placeholder: vscode.l10n.t('View which item?') }))?.item.id;
  if (itemId === undefined) return;
  if (vault.item(itemId) === undefined) throw new NotReadableError('no such item');
  if (!switchTo(sessions, session)) return;
  if (where === 'tab') itemView.openTab(itemId);
  else await itemView.open(itemId, row !== undefined);
}
