import type { Item } from '../../src/vault/items';

let made = 0;

/** An item as an open vault lists it: a login that has no values, and an id and a name that no other has, unless given. */
export function listedItem(values: Partial<Item> = {}): Item {
  const id = `item-${String(made++)}`;
  return {
    ...{ id, name: id, username: undefined, type: 'login', folderId: undefined, organizationId: undefined },
    ...{ collectionIds: [], favorite: false, archived: false, trashed: false, reprompt: false, viewPassword: true },
    closed: undefined,
    ...values,
  };
}
