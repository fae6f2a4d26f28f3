import type { Session } from '../../vault/session';
import type { ItemAction } from '../itemActions';
import type { ItemValues } from '../values/itemValues';
import { fieldFor } from './chooseField';

/** Does this with a value of the item that the command was called on, or of one that the user picks. */
export async function itemCommand(
  { session, values }: { session: Session; values: ItemValues },
  action: ItemAction,
  argument: unknown,
): Promise<void> {
  const chosen = await fieldFor(session, argument, action);
  if (chosen !== undefined) await values.act(action.does, chosen);
}
