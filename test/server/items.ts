import { itemTypes, type ItemTypeName } from './itemTypes';

/** An item in the clear, as a test or the demo writes it down. */
export interface PlainItem {
  /** By name or number. A number that no type has makes an item of an unknown type. By default a login. */
  readonly type?: ItemTypeName | number;
  readonly name: string;
  readonly notes?: string;
  readonly username?: string;
  readonly password?: string;
  readonly totp?: string;
  readonly uris?: readonly (string | { readonly uri: string; readonly match: number })[];
  /** Fields of card, identity, SSH key and so on, by wire name. */
  readonly details?: Readonly<Record<string, string>>;
  readonly fields?: readonly PlainField[];
  readonly passwordHistory?: readonly { readonly password: string; readonly lastUsedDate: string }[];
  readonly passwordChanged?: string;
  readonly passkeys?: readonly { readonly rpId: string; readonly userName: string; readonly creationDate: string }[];
  readonly attachments?: readonly PlainAttachment[];
  /** Name of a folder, made when it does not exist. */
  readonly folder?: string;
  /** Name of an organisation of the account, which then owns the item. */
  readonly organization?: string;
  /** Names of collections of that organisation. */
  readonly collections?: readonly string[];
  readonly favorite?: boolean;
  readonly reprompt?: boolean;
  /** What the user may do with an item of an organisation; with their own they may do everything. */
  readonly edit?: boolean;
  readonly viewPassword?: boolean;
  readonly manage?: boolean;
  readonly archived?: boolean;
  readonly trashed?: boolean;
  /** Encrypts the item under a key of its own. */
  readonly ownKey?: boolean;
  /** Sealed as a whole under a key of its own, as by the newest clients. */
  readonly sealed?: boolean;
  /** The sealed content, verbatim, instead of everything else. */
  readonly blob?: string;
}

export interface PlainAttachment {
  readonly fileName: string;
  /** Of one that has no content. */
  readonly size?: number;
  readonly content?: Buffer;
  /** Without a key of its own, as the first ones were: encrypted under the key of the item's owner. */
  readonly isOld?: boolean;
}

export interface PlainField {
  readonly type?: keyof typeof fieldTypes;
  readonly name: string;
  readonly value?: string;
  readonly linkedId?: number;
}

/** A login in which nothing was filled in, as `bw create item` writes it: with encrypted texts that are empty. */
export const emptyLogin: PlainItem = {
  name: 'empty',
  username: '',
  password: '',
  totp: '',
  notes: '',
  uris: [''],
  fields: [{ type: 'hidden', name: 'token', value: '' }],
};

export const fieldTypes = { text: 0, hidden: 1, boolean: 2, linked: 3 } as const;

export function typeNumber({ type = 'login' }: PlainItem): number {
  return typeof type === 'number' ? type : (itemTypes.find(({ name }) => name === type)?.number ?? 0);
}
