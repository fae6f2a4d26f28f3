import type { Cipher, CustomField } from '../bitwarden/wire/model';
import type { EncStringText } from '../bitwarden/crypto/encString';
import { itemTypeOf, linkedField } from '../bitwarden/wire/itemTypes';

/** Refers to one value of an item. */
export type FieldRef =
  /** By its wire name, as in itemTypes: the password of a login, the number of a card. */
  | { readonly kind: 'content'; readonly name: string }
  | { readonly kind: 'uri'; readonly index: number }
  | { readonly kind: 'notes' }
  | { readonly kind: 'custom'; readonly index: number }
  | { readonly kind: 'formerPassword'; readonly index: number };

/** See {@link FieldRef}. */
export const contentRef = (name: string): FieldRef => ({ kind: 'content', name });
/** @param index from 0, among the addresses of the login. */
export const uriRef = (index: number): FieldRef => ({ kind: 'uri', index });
/** There is one text of notes in an item. */
export const notesRef: FieldRef = { kind: 'notes' };
/** @param index from 0, among the custom fields of the item. */
export const customRef = (index: number): FieldRef => ({ kind: 'custom', index });
/** @param index from 0, among the passwords that the item had before. */
export const formerPasswordRef = (index: number): FieldRef => ({ kind: 'formerPassword', index });

/** A text for use as a key of a map: the same reference gives the same text, others give others. It is never parsed. */
export function refKey(ref: FieldRef): string {
  switch (ref.kind) {
    case 'content':
      return `content.${ref.name}`;
    case 'uri':
    case 'custom':
    case 'formerPassword':
      return `${ref.kind}.${ref.index}`;
    case 'notes':
      return ref.kind;
  }
}

/** Whether it refers to the content value of this wire name. */
export function isContent(ref: FieldRef, name: string): boolean {
  return ref.kind === 'content' && ref.name === name;
}

/** Whether it tells the item from others. Only such values are open in an item that asks for the master password. */
export function identifiesItem(ref: FieldRef): boolean {
  return ref.kind === 'uri' || isContent(ref, 'username');
}

/** One value of an item, described without the value. */
export interface Field {
  readonly ref: FieldRef;
  /** The name that the user has given to a custom field. Undefined: it could not be decrypted. */
  readonly customName: string | undefined;
  /**
   * It is hidden until the user asks for it, and a copy of it is cleared after a while. If the item asks for the master
   * password again, all its values do but those that identify it.
   */
  readonly masked: boolean;
  readonly state: FieldState;
  /** An address that a browser may be sent to. */
  readonly opens: boolean;
  /** Of an address: how other clients compare it with a page. Undefined: as the account has it by default. */
  readonly match: UriMatch | undefined;
  /** It is `true` or `false`, of a custom field. */
  readonly isBoolean: boolean;
  /**
   * Where the state is `linked`: the name of the value that it is linked to, or `fullName`. Undefined: we do not know
   * it.
   */
  readonly linkedTo: string | undefined;
}

/** In the order of their numbers (clients: libs/common/src/models/domain/domain-service.ts, UriMatchStrategy). */
export const uriMatches = ['domain', 'host', 'startsWith', 'exact', 'regularExpression', 'never'] as const;
export type UriMatch = (typeof uriMatches)[number];

/** The reverse of {@link matchNumber}; undefined for a number that we do not know. */
export function uriMatchOf(number: number): UriMatch | undefined {
  return uriMatches[number];
}

/** The number that the wire has for it. */
export function matchNumber(match: UriMatch): number {
  return uriMatches.indexOf(match);
}

/**
 * - `there`: it can be read.
 * - `empty`: there is no text, or an encrypted text of length 0.
 * - `withheld`: the organisation hides it, and reading it throws.
 * - `unreadable`: it cannot be decrypted, or is an address without the checksum that it must have.
 * - `linked`: a custom field that refers to another value of the item and has none of its own.
 */
export type FieldState = 'there' | 'empty' | 'withheld' | 'unreadable' | 'linked';

/** A value of a cipher as it is stored, encrypted, with what decides who may read it and how. */
export interface StoredField {
  readonly ref: FieldRef;
  readonly customName: EncStringText | undefined;
  readonly value: EncStringText | undefined;
  readonly masked: boolean;
  /** The organisation hides it from this user. */
  readonly withheld: boolean;
  readonly isLink: boolean;
  readonly linkedTo: string | undefined;
  readonly match: UriMatch | undefined;
  readonly isBoolean: boolean;
  /**
   * Only for addresses that are believed with a checksum alone: the encrypted checksum, or an empty text if it is
   * missing.
   */
  readonly checksum: EncStringText | undefined;
}

/**
 * All values of an opened cipher in the order of the list, with custom fields that have no value.
 *
 * @param needsChecksums whether its addresses are believed with a checksum alone: see Keyring.needsChecksums. Never for an
 * item that is sealed as a whole.
 * @returns nothing for an item that is `unsupported`.
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
  match: undefined,
  isBoolean: false,
  checksum: undefined,
};

/** The encrypted content of the cipher's type by wire name, the addresses of a login aside. */
export function contentOf({ login, details }: Cipher): Readonly<Record<string, EncStringText | undefined>> {
  return login === undefined ? details : { username: login.username, password: login.password, totp: login.totp };
}

/** First the fields that we know, in our order; then those of newer servers, in the order of the answer. */
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

/** The addresses of a login, those that are there. @param needsChecksums as in {@link storedFields}. */
export function storedUris({ login }: Cipher, needsChecksums: boolean): StoredField[] {
  return (login?.uris ?? []).flatMap(({ uri, uriChecksum, match }, index) => {
    if (uri === undefined) return [];
    const checksum = needsChecksums ? (uriChecksum ?? '') : undefined;
    const known = match === undefined ? undefined : uriMatchOf(match);
    return [{ ...plain, ref: uriRef(index), value: uri, masked: false, match: known, checksum }];
  });
}

function notesFields({ notes }: Cipher): StoredField[] {
  return notes === undefined ? [] : [{ ...plain, ref: notesRef, value: notes, masked: true }];
}

/**
 * Numbers of the custom fields that are shown: text and boolean. Hidden ones, and types that we do not know, are
 * masked.
 */
const OPEN_TYPES = new Set([0, 2]);
const BOOLEAN_TYPE = 2;
const LINKED_TYPE = 3;

function customFields(cipher: Cipher): StoredField[] {
  return cipher.fields.map(({ type, name, value, linkedId }: CustomField, index) => {
    const isLink = type === LINKED_TYPE;
    const masked = !isLink && !OPEN_TYPES.has(type);
    return {
      ...plain,
      ref: customRef(index),
      customName: name,
      value: isLink ? undefined : value,
      masked,
      withheld: masked && !cipher.viewPassword,
      isLink,
      linkedTo: isLink ? linkedField(cipher.type, linkedId) : undefined,
      isBoolean: type === BOOLEAN_TYPE,
    };
  });
}

/** The passwords that the item had before, which are not listed among its fields. They are withheld as its password is. */
export function formerPasswords({ passwordHistory, viewPassword, unsupported }: Cipher): StoredField[] {
  if (unsupported) return [];
  return passwordHistory.map(({ password }, index) => ({
    ...plain,
    ref: formerPasswordRef(index),
    value: password,
    masked: true,
    withheld: !viewPassword,
  }));
}
