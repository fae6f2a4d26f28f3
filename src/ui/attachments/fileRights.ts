import type { Rights } from '../../vault/edit/itemChange';
import type { Item } from '../../vault/items';

/** Whether files can be added to the item, and deleted. @param rights undefined: it is gone. */
export function mayChangeFiles(
  { trashed, closed }: Pick<Item, 'trashed' | 'closed'>,
  rights: Rights | undefined,
): boolean {
  return !trashed && closed === undefined && rights?.mayEdit === true;
}
