import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { UriMatch } from '../fields';

/**
 * What a person has changed in an item, or typed into a new one, in clear text. What is absent stays as it is, and an empty
 * text means that there is none. It is plain JSON, so that a draft can be kept of it.
 */
export interface ItemEdit {
  readonly name?: string;
  readonly notes?: string;
  /** Null: in none. */
  readonly folderId?: string | null;
  readonly favorite?: boolean;
  readonly reprompt?: boolean;
  /** The values of the item's type by wire name, see itemTypes. */
  readonly content?: Readonly<Record<string, string>>;
  /** All addresses of a login, in their order. */
  readonly uris?: readonly UriEdit[];
  /** All custom fields, in their order. */
  readonly fields?: readonly CustomFieldEdit[];
}

/** What of an item is changed as one: of two changes of the same part, somebody has to choose. */
export type ItemPart =
  | { readonly kind: 'name' | 'notes' | 'folder' | 'favorite' | 'reprompt' | 'uris' | 'fields' }
  /** By its wire name, as in itemTypes. */
  | { readonly kind: 'content'; readonly name: string };

/** An address from now on. */
export interface UriEdit {
  /** Its place, from 0, in the item as received. Undefined: it is new. */
  readonly from?: number;
  /** Undefined: as it was. */
  readonly uri?: string;
  /** Null: as the account has it by default. Undefined: as it was. */
  readonly match?: UriMatch | null;
}

export type CustomFieldType = 'text' | 'hidden' | 'boolean' | 'linked';

/** A custom field from now on. */
export interface CustomFieldEdit {
  /** Its place, from 0, in the item as received. Undefined: it is new. */
  readonly from?: number;
  /** Undefined: as it was. */
  readonly type?: CustomFieldType;
  /** Undefined: as it was. */
  readonly name?: string;
  /** `true` or `false` of a boolean one. Undefined: as it was. */
  readonly value?: string;
  /** Of a linked one: the wire name of the value that it stands for, or `fullName`. Undefined: as it was. */
  readonly linkedTo?: string;
}

/** An item that is to be created. */
export interface NewItem {
  readonly type: KnownItemType;
  /** Undefined: the user's own. */
  readonly organizationId?: string;
  /** Of the organisation; at least one where there is an organisation. */
  readonly collectionIds?: readonly string[];
  readonly edit: ItemEdit & { readonly name: string };
}
