import type { Cipher } from '../bitwarden/wire/model';
import { itemTypeOf, type ItemType } from '../bitwarden/wire/itemTypes';

/** An item as it is listed, with name and username decrypted. */
export interface Item {
  readonly id: string;
  /** Empty: it has no name. Undefined: the name could not be decrypted. */
  readonly name: string | undefined;
  readonly username: string | undefined;
  readonly type: ItemType;
  readonly folderId: string | undefined;
  readonly organizationId: string | undefined;
  readonly collectionIds: readonly string[];
  readonly favorite: boolean;
  readonly archived: boolean;
  readonly trashed: boolean;
  /** The user wants to be asked for the master password before any value is shown or copied but those that identify it. */
  readonly reprompt: boolean;
  /** False: the organisation hides the passwords of this item from this user. */
  readonly viewPassword: boolean;
  /**
   * Why nothing of the item can be read: it is encrypted in a way that we do not know, or with a key that we cannot
   * open. Undefined: it can be read.
   */
  readonly closed: 'unsupported' | 'noKey' | undefined;
}

/** A folder or an organisation, with its name in the clear. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** A collection, with its name decrypted. */
export interface NamedCollection extends Named {
  readonly organizationId: string;
}

/**
 * What an open vault lists: all items, archived and trashed ones too, and the folders and collections that they can be
 * in.
 */
export interface Listed {
  readonly items: readonly Item[];
  readonly folders: readonly Named[];
  readonly organizations: readonly Named[];
  readonly collections: readonly NamedCollection[];
}

/** Of an item: what has to be decrypted for it to be listed, and whether it could be. */
export type OpenedNames = Pick<Item, 'name' | 'username' | 'closed'>;

/**
 * Makes the items of one vault. In a large vault they take most of the memory, so each id of a folder, an organisation or a
 * collection is kept once, for all items.
 */
export class ItemLister {
  readonly #ids = new Map<string, string>();

  /**
   * The item as it is listed.
   *
   * @param cipher still encrypted; what is open in it is copied.
   * @param names what was decrypted of it.
   */
  item(cipher: Cipher, { name, username, closed }: OpenedNames): Item {
    return this.withSharedIds({
      id: cipher.id,
      name,
      username,
      type: itemTypeOf(cipher.type)?.name ?? 'unknown',
      folderId: cipher.folderId,
      organizationId: cipher.organizationId,
      collectionIds: cipher.collectionIds,
      favorite: cipher.favorite,
      archived: cipher.archivedDate !== undefined,
      trashed: cipher.deletedDate !== undefined,
      reprompt: cipher.reprompt,
      viewPassword: cipher.viewPassword,
      closed,
    });
  }

  /**
   * A copy of an item that shares its ids with the others. It has every member, also those that JSON leaves out because
   * they are undefined: objects of the same shape take less memory.
   */
  withSharedIds(item: Item): Item {
    const { folderId, organizationId, collectionIds } = item;
    return {
      id: item.id,
      name: item.name,
      username: item.username,
      type: item.type,
      folderId: folderId === undefined ? undefined : this.#shared(folderId),
      organizationId: organizationId === undefined ? undefined : this.#shared(organizationId),
      collectionIds: collectionIds.length === 0 ? NONE : collectionIds.map((id) => this.#shared(id)),
      favorite: item.favorite,
      archived: item.archived,
      trashed: item.trashed,
      reprompt: item.reprompt,
      viewPassword: item.viewPassword,
      closed: item.closed,
    };
  }

  /** The text that is kept for all ids that are equal to this one. */
  #shared(id: string): string {
    const known = this.#ids.get(id);
    if (known === undefined) this.#ids.set(id, id);
    return known ?? id;
  }
}

const NONE: readonly string[] = [];
