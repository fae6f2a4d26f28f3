import type { Cipher } from '../bitwarden/api/model';

const TYPE_NAMES = [
  'login',
  'secureNote',
  'card',
  'identity',
  'sshKey',
  'bankAccount',
  'driversLicense',
  'passport',
] as const;

/** In the order in which they are listed. */
export const ITEM_TYPES = [...TYPE_NAMES, 'unknown'] as const;

export type ItemType = (typeof ITEM_TYPES)[number];

/** An item as it is listed: its name and username are decrypted, nothing else is. */
export interface Item {
  readonly id: string;
  /** Undefined: the name could not be decrypted. */
  readonly name: string | undefined;
  readonly username: string | undefined;
  readonly type: ItemType;
  readonly folderId: string | undefined;
  readonly organizationId: string | undefined;
  readonly collectionIds: readonly string[];
  readonly favorite: boolean;
  readonly archived: boolean;
  readonly trashed: boolean;
  /** The master password has to be given again before a secret of this item is shown or copied. */
  readonly reprompt: boolean;
  /** False: the organisation hides the passwords of this item from this user. */
  readonly viewPassword: boolean;
  /** Lists, and cannot be opened: encrypted in a way that we do not know. */
  readonly unsupported: boolean;
  readonly has: {
    readonly username: boolean;
    readonly password: boolean;
    readonly totp: boolean;
    readonly uri: boolean;
  };
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface NamedCollection extends Named {
  readonly organizationId: string;
}

/** What an open vault lists: all items, archived and trashed ones too, and what they can be in. */
export interface Listed {
  readonly items: readonly Item[];
  readonly folders: readonly Named[];
  readonly organizations: readonly Named[];
  readonly collections: readonly NamedCollection[];
}

/** One value of an item, described without the value. */
export interface Field {
  /** Names the value within its item: `password`, `uri.0`, `card.number`, `custom.2`. */
  readonly key: string;
  readonly label:
    { readonly kind: 'standard'; readonly name: string } | { readonly kind: 'custom'; readonly name: string };
  /** Masked until asked for. */
  readonly secret: boolean;
  /** Hidden by the organisation; reading it fails. */
  readonly withheld: boolean;
}

/** The type by name; numbers that we do not know are `unknown`. */
export function itemType(cipher: Cipher): ItemType {
  return TYPE_NAMES[cipher.type - 1] ?? 'unknown';
}

/** The part of an item that shows without decrypting anything. */
export function describe(cipher: Cipher): Omit<Item, 'name' | 'username'> {
  return {
    id: cipher.id,
    type: itemType(cipher),
    folderId: cipher.folderId,
    organizationId: cipher.organizationId,
    collectionIds: cipher.collectionIds,
    favorite: cipher.favorite,
    archived: cipher.archivedDate !== undefined,
    trashed: cipher.deletedDate !== undefined,
    reprompt: cipher.reprompt,
    viewPassword: cipher.viewPassword,
    unsupported: cipher.unsupported,
    has: {
      username: (cipher.login?.username ?? cipher.details.username) !== undefined,
      password: cipher.login?.password !== undefined,
      totp: cipher.login?.totp !== undefined,
      uri: cipher.login?.uris.some(({ uri }) => uri !== undefined) ?? false,
    },
  };
}

/** What may be asked of an item at once, without choosing one of its fields. */
export type ItemAction = 'password' | 'username' | 'totp' | 'uri';

/** The likeliest first. What cannot be opened, or is hidden by the organisation, is not among them. */
export function actionsOf({ has, viewPassword, unsupported }: Item): readonly ItemAction[] {
  if (unsupported) return [];
  return [
    ...(has.password && viewPassword ? (['password'] as const) : []),
    ...(has.username ? (['username'] as const) : []),
    ...(has.totp && viewPassword ? (['totp'] as const) : []),
    ...(has.uri ? (['uri'] as const) : []),
  ];
}

/** Whether this field is what the action is about; of addresses there may be several. */
export function fieldFits({ key }: Pick<Field, 'key'>, action: ItemAction): boolean {
  switch (action) {
    case 'password':
    case 'totp':
      return key === action;
    case 'username':
      return key === 'username' || key === 'identity.username';
    case 'uri':
      return key.startsWith('uri.');
  }
}
