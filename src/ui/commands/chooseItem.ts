import type { Session } from '../../account/session';
import { NotReadableError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { unlockedVault } from '../prompts/unlock';
import { pickItem } from '../search/pickItem';
import { type CommandId, commandTitle } from './commandId';
import { itemArgument } from './rowArgument';

/** An item, in the vault that was open when it was chosen. */
export interface ChosenItem {
  readonly vault: OpenVault;
  readonly item: Item;
}

/** The item that a command was called on, or one that the user picks. Undefined: they gave up. */
export function chooseItem(
  session: Session,
  argument: unknown,
  command: CommandId,
  question: string,
  matches?: (item: Item, vault: OpenVault) => boolean,
): Promise<ChosenItem | undefined> {
  return itemOrPicked(session, itemArgument(argument), command, question, matches);
}

/** The item of this id, or one that the user picks. Undefined: they gave up. */
export async function itemOrPicked(
  session: Session,
  itemId: string | undefined,
  command: CommandId,
  question: string,
  matches?: (item: Item, vault: OpenVault) => boolean,
): Promise<ChosenItem | undefined> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return undefined;
  if (itemId === undefined) {
    const fits = matches === undefined ? {} : { matches: (item: Item) => matches(item, vault) };
    const picked = await pickItem(session, vault, { title: commandTitle(command), placeholder: question, ...fits });
    return picked && { vault, item: picked.item };
  }
  const item = vault.item(itemId);
  if (item === undefined) throw new NotReadableError('no such item');
  return { vault, item };
}
