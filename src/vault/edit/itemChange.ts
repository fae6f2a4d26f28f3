import type { Cipher } from '../../bitwarden/wire/model';
import type { Item } from '../items';

/** What can be done with items without a change of their content. */
export type ItemChange =
  | { readonly kind: 'favorite' }
  | { readonly kind: 'unfavorite' }
  | { readonly kind: 'archive' | 'unarchive' | 'trash' | 'restore' | 'delete' }
  /** `folderId` null: out of any folder. */
  | { readonly kind: 'move'; readonly folderId: string | null };

type OneByOneChange = Extract<ItemChange, { readonly kind: 'favorite' } | { readonly kind: 'unfavorite' }>;
export type BulkChange = Exclude<ItemChange, OneByOneChange>;
export type ItemChangeKind = ItemChange['kind'];

/** Whether the change would do anything, as official clients offer it: what is in the trash has to come out first. */
export function applies(kind: ItemChangeKind, { favorite, archived, trashed }: Item): boolean {
  switch (kind) {
    case 'restore':
    case 'delete':
      return trashed;
    case 'trash':
    case 'move':
      return !trashed;
    case 'favorite':
      return !trashed && !favorite;
    case 'unfavorite':
      return !trashed && favorite;
    case 'archive':
      return !trashed && !archived;
    case 'unarchive':
      return !trashed && archived;
  }
}

/**
 * Whether the vault shows that the change was made.
 *
 * @param item undefined: it is gone.
 */
export function isMade(change: ItemChange, item: Item | undefined): boolean {
  if (item === undefined) return change.kind === 'delete' || change.kind === 'trash';
  switch (change.kind) {
    case 'favorite':
      return item.favorite;
    case 'unfavorite':
      return !item.favorite;
    case 'move':
      return (item.folderId ?? null) === change.folderId;
    case 'archive':
      return item.archived;
    case 'unarchive':
      return !item.archived;
    case 'trash':
      return item.trashed;
    case 'restore':
      return !item.trashed;
    case 'delete':
      return false;
  }
}

/** What the server lets the user do with an item. */
export type Rights = Pick<Cipher, 'mayEdit' | 'mayDelete' | 'mayRestore'>;

/**
 * Whether the user may make the change. Deleting and restoring go by the rights that the server names; the rest belongs to
 * the user alone, whatever they may do with the content (server: CiphersController.cs PutPartial, PutArchiveMany).
 */
export function isAllowed(kind: ItemChangeKind, { mayDelete, mayRestore }: Rights): boolean {
  switch (kind) {
    case 'trash':
    case 'delete':
      return mayDelete;
    case 'restore':
      return mayRestore;
    case 'favorite':
    case 'unfavorite':
    case 'move':
    case 'archive':
    case 'unarchive':
      return true;
  }
}

/** Whether the server has no call that makes the change with many items. */
export function isOneByOne(change: ItemChange): change is OneByOneChange {
  return change.kind === 'favorite' || change.kind === 'unfavorite';
}

/** Whether it takes so long with so many items that one wants to see how far it is, and to be able to cancel it. */
export function takesLong(change: ItemChange, count: number): boolean {
  return count > (isOneByOne(change) ? 20 : 2_000);
}

/** Whether an item that asks for the master password does so before this. */
export function asksForMasterPassword(kind: ItemChangeKind): boolean {
  return kind === 'trash' || kind === 'delete';
}
