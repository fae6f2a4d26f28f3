import * as vscode from 'vscode';
import { switchTo } from '../switchTo';
import { chooseItem } from './chooseItem';
import type { Parts } from './command';

/** Opens the form of the item that the command was called on, or of one that the user picks. */
export async function editItem(
  { sessions, session, itemView }: Pick<Parts, 'sessions' | 'session' | 'itemView'>,
  argument: unknown,
): Promise<void> {
  const chosen = await chooseItem(session, argument, 'vaultside.editItem', vscode.l10n.t('Edit which item?'));
  if (chosen === undefined || !switchTo(sessions, session)) return;
  await itemView.edit(session, chosen.item.id);
}
