import type { Item, Listed } from '../vault/items';

/** Whether the item can be moved to an organization: it is the user's own, and there is a collection that it can be in. */
export function mayShare({ collections }: Pick<Listed, 'collections'>, item: Item): boolean {
  return item.organizationId === undefined && !item.trashed && item.closed === undefined && collections.length > 0;
}

/** Whether the item is in collections, which can be changed. */
export function isShared(item: Item): boolean {
  return item.organizationId !== undefined && !item.trashed;
}
