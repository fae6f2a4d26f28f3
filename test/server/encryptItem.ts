import { sealItem } from '../support/sealItem';
import { createHash, randomUUID } from 'node:crypto';
import { encryptFile } from './encryptFile';
import { fieldTypes, typeNumber, type PlainAttachment, type PlainItem } from './items';
import { itemType } from './itemTypes';
import type { StoredAttachment, StoredCipher } from './model';
import { sealText } from '../../src/bitwarden/crypto/seal';
import { wrapSymmetricKey } from '../../src/bitwarden/crypto/keyWrapping';
import { generateKey } from '../support/keys';
import type { SymmetricKey } from '../../src/bitwarden/crypto/keys';

/** The owner, folder and collections of an item, by id. */
export interface Place {
  readonly organizationId: string | null;
  readonly collectionIds: string[];
  readonly folderId: string | null;
}

type Passkey = NonNullable<PlainItem['passkeys']>[number];

type Seal = (plaintext: string | undefined) => string | null;

const sealWith =
  (key: SymmetricKey): Seal =>
  (plaintext) =>
    plaintext === undefined ? null : sealText(plaintext, key);

function login(item: PlainItem, seal: Seal): Record<string, unknown> {
  const uris = (item.uris ?? []).map((entry) => (typeof entry === 'string' ? { uri: entry, match: null } : entry));
  const sealed = uris.map(({ uri, match }) => ({
    uri: seal(uri),
    uriChecksum: seal(createHash('sha256').update(uri).digest('base64')),
    match,
  }));
  return {
    uri: sealed[0]?.uri ?? null,
    uris: sealed.length > 0 ? sealed : null,
    username: seal(item.username),
    password: seal(item.password),
    totp: seal(item.totp),
    passwordRevisionDate: item.passwordChanged ?? null,
    autofillOnPageLoad: null,
    fido2Credentials: orNull((item.passkeys ?? []).map((passkey) => sealPasskey(passkey, seal))),
  };
}

/** A passkey whose key is none. */
function sealPasskey({ rpId, userName, creationDate }: Passkey, seal: Seal): Record<string, unknown> {
  return {
    credentialId: seal(randomUUID()),
    ...{ keyType: seal('public-key'), keyAlgorithm: seal('ECDSA'), keyCurve: seal('P-256'), keyValue: seal('no key') },
    ...{ rpId: seal(rpId), rpName: seal(rpId), userHandle: seal(userName), userName: seal(userName) },
    ...{ userDisplayName: seal(userName), counter: seal('0'), discoverable: seal('true'), creationDate },
  };
}

function typedObject(item: PlainItem, type: number, seal: Seal): Record<string, unknown> | null {
  if (type === 1) return login(item, seal);
  if (type === 2) return { type: 0 };
  if (!itemType(type)) return null;
  return Object.fromEntries(Object.entries(item.details ?? {}).map(([name, value]) => [name, seal(value)]));
}

function orNull<T>(entries: T[]): T[] | null {
  return entries.length > 0 ? entries : null;
}

function encryptAttachment(
  { fileName, size = 0, content, isOld }: PlainAttachment,
  ownerKey: SymmetricKey,
  cipherKey: SymmetricKey | undefined,
): StoredAttachment {
  const key = generateKey();
  const file = content && encryptFile(content, isOld === true ? ownerKey : key);
  return {
    id: randomUUID().replaceAll('-', ''),
    fileName: sealText(fileName, cipherKey ?? ownerKey),
    key: isOld === true ? null : wrapSymmetricKey(key, cipherKey ?? ownerKey),
    size: file?.length ?? size,
    content: file?.toString('base64') ?? null,
  };
}

/** Encrypts an item as an official client does: under its own key if it has one, else under the key of its owner. */
export function encryptItem(item: PlainItem, ownerKey: SymmetricKey, place: Place, date: string): StoredCipher {
  const cipherKey = item.ownKey === true || item.sealed === true ? generateKey() : undefined;
  const seal = sealWith(cipherKey ?? ownerKey);
  const type = typeNumber(item);
  const id = randomUUID();
  const attachments = (item.attachments ?? []).map((each) => encryptAttachment(each, ownerKey, cipherKey));
  const blob = item.sealed === true && cipherKey ? sealItem(item, cipherKey) : item.blob;
  const isBlob = blob !== undefined;
  return {
    id,
    ...place,
    type,
    key: cipherKey ? wrapSymmetricKey(cipherKey, ownerKey) : null,
    name: isBlob ? null : seal(item.name),
    notes: isBlob ? null : seal(item.notes),
    typed: isBlob ? null : typedObject(item, type, seal),
    fields: orNull(
      (isBlob ? [] : (item.fields ?? [])).map((field) => ({
        type: fieldTypes[field.type ?? 'text'],
        name: seal(field.name),
        value: field.type === 'linked' ? null : seal(field.value),
        linkedId: field.linkedId ?? null,
      })),
    ),
    passwordHistory: orNull(
      (isBlob ? [] : (item.passwordHistory ?? [])).map(({ password, lastUsedDate }) => ({
        password: seal(password),
        lastUsedDate,
      })),
    ),
    attachments,
    reprompt: item.reprompt === true ? 1 : 0,
    favorite: item.favorite ?? false,
    edit: item.edit ?? true,
    viewPassword: item.viewPassword ?? true,
    manage: item.manage ?? false,
    blob: blob ?? null,
    revisionDate: date,
    creationDate: date,
    deletedDate: item.trashed === true ? date : null,
    archivedDate: item.archived === true ? date : null,
  };
}
