import type { SymmetricKey } from '../../bitwarden/crypto/keys';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../../bitwarden/crypto/keyWrapping';
import { openBytes } from '../../bitwarden/crypto/open';
import { sealBytes } from '../../bitwarden/crypto/seal';
import { wipe } from '../../base/secretBytes';
import { attempt } from '../../base/thrown';
import { cipherRequest, hasAllFiles, typedObject } from '../../bitwarden/wire/cipherRequest';
import { nameOfType, rowOfType } from '../../bitwarden/wire/itemTypes';
import { asObject, field, type WireObject, withField } from '../../bitwarden/wire/wireObject';
import { HiddenByOrganizationError, NotReadableError, OldAttachmentError } from '../errors';
import type { Keyring } from '../keyring';
import type { NewItem } from './itemEdit';
import { receivedItem, type ReceivedItem } from './receivedItem';
import { sealEdit } from './sealEdit';
import { sealWithin } from './sealWithin';

/** What an encrypted request needs besides the item. */
export interface Sealer {
  readonly keyring: Keyring;
  /** Of the user. */
  readonly userId: string;
}

/**
 * The request for an item that does not exist yet. It gets no key of its own, and its addresses have checksums.
 *
 * @param now the time in milliseconds since the epoch.
 * @returns the body, whose `name` no other item has: it was encrypted with a random IV.
 * @throws as sealEdit; NotReadableError where the key of the organisation is missing.
 */
export function newItemRequest(
  { type, organizationId, edit }: NewItem,
  { keyring, userId }: Sealer,
  now: number,
): WireObject {
  const item = blankItem(type, organizationId);
  const name = keyring.withCipherKey(item.cipher, (key) => sealWithin(edit.name, key, 'itemName'));
  const changes = { ...sealEdit(item, edit, keyring, now), name };
  return cipherRequest(item.element, { changes, encryptedFor: userId });
}

function blankItem(type: NewItem['type'], organizationId: string | undefined): ReceivedItem {
  const { number, fields } = rowOfType(type);
  const values = Object.fromEntries(fields.map(({ name }) => [name, null]));
  const content = type === 'login' ? { uris: null, ...values, passwordRevisionDate: null } : values;
  const element = { id: 'new', type: number, organizationId: organizationId ?? null, reprompt: 0, [type]: content };
  const item = receivedItem(Buffer.from(JSON.stringify(element)));
  if (item === undefined) throw new RangeError('no such type');
  return item;
}

/**
 * The request for a copy of an item, with the same owner. As in official clients it has no files and no passkeys; former
 * passwords are those of the original. It gets no key of its own.
 *
 * @param item one of which all values open: see whyReadOnly.
 * @throws HiddenByOrganizationError where the organisation hides values of it; TooLongError; NotReadableError; LockedError.
 */
export function cloneRequest(item: ReceivedItem, name: string, { keyring, userId }: Sealer): WireObject {
  const { cipher, element } = item;
  if (!cipher.viewPassword) throw new HiddenByOrganizationError('hidden by the organisation');
  const owner = cipher.organizationId === undefined ? keyring.userKey : keyring.organizationKey(cipher.organizationId);
  if (owner === undefined) throw new NotReadableError('no key for the organisation of this item');
  const changes = withoutPasskeys(element, nameOfType(cipher.type));
  const whole = Object.entries(cipherRequest(element, { changes, encryptedFor: userId }));
  const body = Object.fromEntries(whole.filter(([member]) => !OF_THE_ORIGINAL.has(member)));
  return keyring.withCipherKey(cipher, (from) => ({
    ...resealed(body, from, owner),
    name: sealWithin(name, owner, 'itemName'),
    passwordHistory: [],
  }));
}

const OF_THE_ORIGINAL = new Set(['key', 'archivedDate', 'attachments2', 'lastKnownRevisionDate']);

function withoutPasskeys(element: WireObject, type: string | undefined): WireObject {
  return type === 'login' ? { login: withField(typedObject(element, type), 'fido2Credentials', null) } : {};
}

/**
 * The request that moves an item of the user to an organisation: encrypted under the organisation's key, or, where it has a
 * key of its own, with that under the organisation's (sdk: crates/bitwarden-vault/src/cipher/cipher.rs,
 * move_to_organization). So are the keys of its files, whose contents stay as they are.
 *
 * @param item one of which all values open: see whyReadOnly.
 * @throws NotReadableError where a key is missing, or a value does not open; OldAttachmentError; LockedError.
 */
export function shareRequest(item: ReceivedItem, organizationId: string, { keyring, userId }: Sealer): WireObject {
  const { cipher, element } = item;
  const organizationKey = keyring.organizationKey(organizationId);
  if (organizationKey === undefined) throw new NotReadableError('no key for this organisation');
  const whole = cipherRequest(element, { changes: { organizationId }, encryptedFor: userId });
  // Nobody in the organisation could open it.
  if (!hasAllFiles(element, whole)) throw new OldAttachmentError('a file without a key');
  const { attachments2, ...body } = whole;
  const { userKey } = keyring;
  return keyring.withCipherKey(cipher, (own) => {
    const hasOwnKey = cipher.key !== undefined;
    const to = hasOwnKey ? own : organizationKey;
    const files = asObject(attachments2);
    return {
      ...(hasOwnKey ? { ...body, key: wrapSymmetricKey(own, organizationKey) } : resealed(body, own, to)),
      ...(files === undefined ? {} : { attachments2: filesUnder(files, [own, userKey], to) }),
    };
  });
}

/** @param from the keys that those of the files may be under. */
function filesUnder(files: WireObject, from: readonly SymmetricKey[], to: SymmetricKey): WireObject {
  return mapObject(files, (file) => {
    const entry = asObject(file) ?? {};
    const [wrapped, fileName] = [String(entry.key), String(entry.fileName)];
    for (const key of from) {
      const moved = attempt(() => ({
        ...entry,
        key: key === to ? checked(wrapped, key) : rewrapped(wrapped, key, to),
        fileName: key === to ? fileName : resealedText(fileName, key, to),
      }));
      if (moved !== undefined) return moved;
    }
    throw new NotReadableError('the key of a file');
  });
}

function checked(wrapped: string, key: SymmetricKey): string {
  unwrapSymmetricKey(wrapped, key).wipe();
  return wrapped;
}

function rewrapped(wrapped: string, from: SymmetricKey, to: SymmetricKey): string {
  const key = unwrapSymmetricKey(wrapped, from);
  try {
    return wrapSymmetricKey(key, to);
  } finally {
    key.wipe();
  }
}

/** What an encrypted string of a symmetric key looks like. */
const ENCRYPTED = /^[27]\.[A-Za-z0-9+/]+=*(?:\|[A-Za-z0-9+/]+=*){0,2}$/;

/** The same with every encrypted text in it under another key, also in members that we do not know. */
function resealed(body: WireObject, from: SymmetricKey, to: SymmetricKey): WireObject {
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return ENCRYPTED.test(value) ? resealedText(value, from, to) : value;
    if (Array.isArray(value)) return value.map(walk);
    const inner = asObject(value);
    // Numbers that were kept as they were received are frozen.
    return inner === undefined || Object.isFrozen(inner) ? value : mapObject(inner, walk);
  };
  return mapObject(body, walk);
}

/** @throws NotReadableError */
function resealedText(text: string, from: SymmetricKey, to: SymmetricKey): string {
  const bytes = attempt(() => openBytes(text, from, 'text'));
  if (bytes === undefined) throw new NotReadableError('a value of the item');
  try {
    return sealBytes(bytes, to, 'text');
  } finally {
    wipe(bytes);
  }
}

function mapObject(from: WireObject, change: (value: unknown) => unknown): WireObject {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, change(value)]));
}

/** The name of an item as a request has it. */
export function sealedName(body: WireObject): string {
  return String(field(body, 'name'));
}
