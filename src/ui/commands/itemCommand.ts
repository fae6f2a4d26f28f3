import type { ItemAction } from '../itemActions';
import { fieldFor } from './chooseField';
import type { Parts } from './command';
import { rowArgument } from './rowArgument';

/** What the key bindings of the tree pass as argument: VS Code does not tell them the row. */
const FROM_SELECTION = 'selection';

/** Does the action with a value of the item that the command was called on, or of one that the user picks. */
export async function itemCommand(
  { session, values, tree }: Pick<Parts, 'session' | 'values' | 'tree'>,
  action: ItemAction,
  argument: unknown,
): Promise<void> {
  const row = argument === FROM_SELECTION ? tree.selection : argument;
  // On the row of a group a key does nothing. Without a row the user would be asked for an item.
  if (argument === FROM_SELECTION && rowArgument(row) === undefined) return;
  const chosen = await fieldFor(session, row, action);
  if (chosen !== undefined) await values.act(action.does, chosen);
}
