import type { Cipher, CustomField } from '../bitwarden/wire/model';
import type { EncStringText } from '../bitwarden/crypto/encString';
import { itemTypeOf, linkedField } from '../bitwarden/wire/itemTypes';

/** Names a value within its item. */
export type FieldRef =
  /** By its wire name, as in itemTypes: the password of a login, the number of a card. */
  | { readonly kind: 'content'; readonly name: string }
  | { readonly kind: 'uri'; readonly index: number }
  | { readonly kind: 'notes' }
  | { readonly kind: 'custom'; readonly index: number };

export const contentRef = (name: string): FieldRef => ({ kind: 'content', name });
export const uriRef = (index: number): FieldRef => ({ kind: 'uri', index });
export const notesRef: FieldRef = { kind: 'notes' };
export const customRef = (index: number): FieldRef => ({ kind: 'custom', index });

/** One text for each reference, for what needs a key; nobody reads a reference out of it. */
export function refKey(ref: FieldRef): string {
  switch (ref.kind) {
    case 'content':
      return `content.${ref.name}`;
    case 'uri':
    case 'custom':
      return `${ref.kind}.${ref.index}`;
    case 'notes':
      return ref.kind;
  }
}

export function isContent(ref: FieldRef, name: string): boolean {
  return ref.kind === 'content' && ref.name === name;
}

/** One value of an item, described without the value. */
export interface Field {
  readonly ref: FieldRef;
  /** What the user calls it, of a custom field. Undefined: its name could not be decrypted. */
  readonly customName: string | undefined;
  /** In no list, and read only with the master password where the item asks for that; a copy is cleared after a while. */
  readonly masked: boolean;
  readonly state: FieldState;
  /** An address that a browser may be sent to. */
  readonly opens: boolean;
  /** Where the state is `linked`: the name of a value of the item's type, or `fullName`; undefined where we know none. */
  readonly linkedTo: string | undefined;
}

/**
 * - `there`: can be read
 * - `empty`: there is no text to it, encrypted or not
 * - `withheld`: hidden by the organisation; reading it fails
 * - `unreadable`: it does not decrypt, or is an address without the checksum that it has to have
 * - `linked`: a custom field that stands for another value of the item, and has none of its own
 */
export type FieldState = 'there' | 'empty' | 'withheld' | 'unreadable' | 'linked';

/** A value of a cipher as it is stored: encrypted, with what decides who may read it and how. */
export interface StoredField {
  readonly ref: FieldRef;
  readonly customName: EncStringText | undefined;
  readonly value: EncStringText | undefined;
  readonly masked: boolean;
  /** From members whose organisation hides passwords from them. */
  readonly withheld: boolean;
  readonly isLink: boolean;
  readonly linkedTo: string | undefined;
  /** An address that is a regular expression. */
  readonly isPattern: boolean;
  /** Of an address that is to be believed only with one: the encrypted checksum that has to fit; may be empty. */
  readonly checksum: EncStringText | undefined;
}

/**
 * All values of an opened cipher, in the order in which they are listed; custom fields without a value, too.
 *
 * @param needsChecksums whether an address is to be believed only with a checksum that fits.
 */
export function storedFields(cipher: Cipher, needsChecksums: boolean): StoredField[] {
  if (cipher.unsupported) return [];
  return [
    ...contentFields(cipher),
    ...storedUris(cipher, needsChecksums),
    ...notesFields(cipher),
    ...customFields(cipher),
  ];
}

const plain = {
  customName: undefined,
  withheld: false,
  isLink: false,
  linkedTo: undefined,
  isPattern: false,
  checksum: undefined,
};

/** The encrypted content of the cipher's type by wire name, the addresses of a login aside. */
export function contentOf({ login, details }: Cipher): Readonly<Record<string, EncStringText | undefined>> {
  return login === undefined ? details : { username: login.username, password: login.password, totp: login.totp };
}

/** Known ones in their order, then those from the future as they came. */
function* contentFields(cipher: Cipher): Iterable<StoredField> {
  const content = contentOf(cipher);
  const known = itemTypeOf(cipher.type)?.fields ?? [];
  const names = new Set([...known.map(({ name }) => name), ...Object.keys(content)]);
  for (const name of names) {
    const value = Object.hasOwn(content, name) ? content[name] : undefined;
    if (value === undefined) continue;
    const masked = known.find((field) => field.name === name)?.open !== true;
    // Official clients withhold nothing else of an item's content: cards and SSH keys can be used
    // (clients: libs/vault/src/services/copy-cipher-field.service.ts).
    const withheld = cipher.login !== undefined && masked && !cipher.viewPassword;
    yield { ...plain, ref: contentRef(name), value, masked, withheld };
  }
}

/** clients: libs/common/src/models/domain/domain-service.ts, UriMatchStrategy */
const REGULAR_EXPRESSION = 4;

export function storedUris({ login }: Cipher, needsChecksums: boolean): StoredField[] {
  return (login?.uris ?? []).flatMap(({ uri, uriChecksum, match }, index) => {
    if (uri === undefined) return [];
    const checksum = needsChecksums ? (uriChecksum ?? '') : undefined;
    const isPattern = match === REGULAR_EXPRESSION;
    return [{ ...plain, ref: uriRef(index), value: uri, masked: false, isPattern, checksum }];
  });
}

function notesFields({ notes }: Cipher): StoredField[] {
  return notes === undefined ? [] : [{ ...plain, ref: notesRef, value: notes, masked: true }];
}

/** Text and boolean; hidden ones and types from the future are masked. */
const OPEN_TYPES = new Set([0, 2]);
const LINKED_TYPE = 3;

function customFields(cipher: Cipher): StoredField[] {
  return cipher.fields.map(({ type, name, value, linkedId }: CustomField, index) => {
    const isLink = type === LINKED_TYPE;
    const masked = !isLink && !OPEN_TYPES.has(type);
    return {
      ref: customRef(index),
      customName: name,
      value: isLink ? undefined : value,
      masked,
      withheld: masked && !cipher.viewPassword,
      isLink,
      linkedTo: isLink ? linkedField(cipher.type, linkedId) : undefined,
      isPattern: false,
      checksum: undefined,
    };
  });
}
