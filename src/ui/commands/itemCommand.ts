import { type Field, isContent, refKey } from '../../vault/fields';
import type { ItemAction } from '../itemActions';
import { isPresenting, refuseToShow } from '../presentation';
import { switchTo } from '../switchTo';
import { destinationFor } from '../values/destination';
import { fieldFor, mainFieldOf } from './chooseField';
import type { Parts } from './command';
import { FROM_FOCUS, rowArgument } from './rowArgument';

/** Does the action with a value of the item that the command was called on, or of one that the user picks. */
export async function itemCommand(
  { sessions, session, values, tree, itemView }: Pick<Parts, 'sessions' | 'session' | 'values' | 'tree' | 'itemView'>,
  action: ItemAction,
  argument: unknown,
): Promise<void> {
  const { does } = action;
  // Nobody is asked what to show.
  if (does === 'show' && isPresenting()) {
    void refuseToShow();
    return;
  }
  const calledOn = argument === FROM_FOCUS ? tree.focused : argument;
  const row = rowArgument(calledOn);
  // On the row of a group a key does nothing. Without a row the user would be asked for an item.
  if (argument === FROM_FOCUS && row === undefined) return;
  const isPut = does === 'insert' || does === 'terminal';
  const destination = isPut ? destinationFor(does) : undefined;
  // Where there is nothing to insert into, nobody is asked what to insert.
  if (isPut && destination === undefined) return;
  const isCopy = argument === FROM_FOCUS && does === 'copy' && action.value === 'any';
  const chosen =
    isCopy && row !== undefined && row.ref === undefined
      ? await mainFieldOf(session, row.itemId)
      : await fieldFor(session, calledOn, action);
  if (chosen === undefined) return;
  const { item, field } = chosen;
  if (does === 'show' && isText(field)) {
    if (switchTo(sessions, session)) await itemView.open(item.id, false, refKey(field.ref));
  } else await values.act(does, chosen, { destination });
}

/** What has many lines is read in the page of its item, where they wrap and scroll. */
function isText({ ref, state }: Field): boolean {
  return state === 'there' && (ref.kind === 'notes' || isContent(ref, 'privateKey'));
}
