import * as vscode from 'vscode';
import { NotReadableError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { unlockedVault } from '../prompts/unlock';
import { pickItem } from '../search/pickItem';
import { switchTo } from '../switchTo';
import type { Session } from '../../account/session';
import type { Parts } from './command';
import { type CommandId, commandTitle } from './commandId';
import { itemArgument } from './rowArgument';

/** Opens the form of the item that the command was called on, or of one that the user picks. */
export async function editItem(
  { sessions, session, itemView }: Pick<Parts, 'sessions' | 'session' | 'itemView'>,
  argument: unknown,
): Promise<void> {
  const chosen = await chooseItem(session, argument, 'vaultside.editItem', vscode.l10n.t('Edit which item?'));
  if (chosen === undefined || !switchTo(sessions, session)) return;
  await itemView.edit(session, chosen.item.id);
}

/** The item that a command was called on, or one that the user picks. */
export async function chooseItem(
  session: Session,
  argument: unknown,
  command: CommandId,
  question: string,
  matches?: (item: Item) => boolean,
): Promise<{ readonly vault: OpenVault; readonly item: Item } | undefined> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return undefined;
  const id = itemArgument(argument);
  if (id === undefined) {
    const options = { title: commandTitle(command), placeholder: question };
    const picked = await pickItem(session, vault, matches === undefined ? options : { ...options, matches });
    return picked && { vault, item: picked.item };
  }
  const item = vault.item(id);
  if (item === undefined) throw new NotReadableError('no such item');
  return { vault, item };
}
