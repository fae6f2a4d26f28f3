import type { EncStringText } from '../crypto/encString';
import { isWithin, itemElement, parseBounded, parseText, readMembers, smallElement } from './boundedJson';
import { itemTypeOf } from './itemTypes';
import type { Attachment, Cipher, CipherBlob, CustomField, FormerPassword, Login, LoginUri, Passkey } from './model';
import {
  asObject,
  field,
  flag,
  identifier,
  integer,
  list,
  object,
  objects,
  nonEmptyText,
  type WireObject,
} from './wireObject';

/**
 * The most values and collections of an item that can be opened: far more than people have, and read in no noticeable
 * time.
 */
export const MOST_VALUES = 2_000;

/**
 * Reads an item in any shape that servers have sent; see cipherFrom for the sources.
 *
 * @param bytes UTF-8, the JSON of the item alone.
 * @returns undefined for what has no id. An item that is larger than any server's is `unsupported`: it lists, and
 * cannot be opened.
 * @throws SyntaxError for one of ordinary size that is no JSON.
 */
export function readCipher(bytes: Uint8Array): Cipher | undefined {
  if (isWithin(bytes, itemElement)) return cipherFrom(asObject(parseText(bytes)) ?? {});
  try {
    const cipher = cipherFrom(readMembers(bytes, smallElement, MOST_VALUES));
    return cipher && { ...cipher, unsupported: true };
  } catch {
    return undefined;
  }
}

/**
 * An item as received, in any shape that servers have sent: with typed fields, or with these in `data` alone, or as a
 * sealed blob (server: src/Api/Vault/Models/Response/CipherResponseModel.cs; vaultwarden: src/db/models/cipher.rs).
 *
 * @returns undefined when it has no id, or none that may be used as one.
 */
function cipherFrom(from: WireObject): Cipher | undefined {
  const id = identifier(from, 'id');
  if (id === undefined) return undefined;
  const type = integer(from, 'type') ?? 0;
  const known = itemTypeOf(type);
  const typed = known && object(from, known.name);
  // Parsed only where it may be needed: it doubles the size of every item.
  const data = typed && nonEmptyText(from, 'name') !== undefined ? undefined : storedData(from);
  const isBlob = data !== undefined && field(data, 'format_version') !== undefined;
  const blob = isBlob ? blobFrom(data) : undefined;
  const fallback = isBlob ? {} : (data ?? {});
  const name = nonEmptyText(from, 'name') ?? nonEmptyText(fallback, 'name');
  const content = typed ?? fallback;
  const notes = nonEmptyText(from, 'notes') ?? nonEmptyText(fallback, 'notes');
  const fields = (objects(from, 'fields').length > 0 ? objects(from, 'fields') : objects(fallback, 'fields')).map(
    fieldFrom,
  );
  const isTyped = typed !== undefined || Object.values(fallback).some((value) => typeof value === 'string');
  const hasContent = isTyped || notes !== undefined || fields.length > 0;
  const login = known?.name === 'login' ? loginFrom(content) : undefined;
  const hasDetails = known?.name !== 'login' && known?.name !== 'secureNote';
  const details = hasDetails ? detailsFrom(content, known?.fields ?? []) : {};
  const collectionIds = list(from, 'collectionIds');
  const ownHistory = objects(from, 'passwordHistory');
  const history = ownHistory.length > 0 ? ownHistory : objects(fallback, 'passwordHistory');
  const attachments = objects(from, 'attachments').flatMap(attachmentFrom);
  const lists = [fields, history, attachments, login?.uris ?? [], login?.passkeys ?? []];
  const values = lists.reduce((sum, { length }) => sum + length, Object.keys(details).length);
  const isOversized = values + collectionIds.length > MOST_VALUES;
  return {
    id,
    organizationId: nonEmptyText(from, 'organizationId'),
    folderId: nonEmptyText(from, 'folderId'),
    // Bounded, since listing walks the collections of every item, also of those that cannot be opened.
    collectionIds: collectionIds.slice(0, MOST_VALUES).filter((entry) => typeof entry === 'string'),
    type,
    key: nonEmptyText(from, 'key'),
    blob,
    name: isBlob ? undefined : name,
    notes,
    login,
    details,
    fields,
    reprompt: isSet(field(from, 'reprompt')),
    favorite: flag(from, 'favorite') === true,
    // A value of the wrong type counts as false, because otherwise a broken answer would show what is to be hidden. An
    // absent one counts as true: servers that do not send it are older than the setting.
    viewPassword: field(from, 'viewPassword') === undefined || flag(from, 'viewPassword') === true,
    mayEdit: mayEdit(from),
    mayDelete: may(from, 'delete'),
    mayRestore: may(from, 'restore'),
    passwordHistory: history.map(formerPasswordFrom),
    attachments,
    creationDate: nonEmptyText(from, 'creationDate'),
    revisionDate: nonEmptyText(from, 'revisionDate'),
    deletedDate: nonEmptyText(from, 'deletedDate'),
    archivedDate: nonEmptyText(from, 'archivedDate'),
    unsupported:
      isOversized || known === undefined || (isBlob ? blob === undefined : name === undefined && !hasContent),
  };
}

/**
 * Servers from before 2025 say only whether the item may be edited. Where that is missing, too, the server is asked: it
 * judges in any case.
 */
function may(from: WireObject, what: 'delete' | 'restore'): boolean {
  const permissions = object(from, 'permissions');
  if (permissions !== undefined) return flag(permissions, what) === true;
  return mayEdit(from);
}

function mayEdit(from: WireObject): boolean {
  return field(from, 'edit') === undefined || flag(from, 'edit') === true;
}

/** Undefined for a version that we do not know. */
function blobFrom(data: WireObject): CipherBlob | undefined {
  const wrappedContentKey = nonEmptyText(data, 'wrapped_cek');
  const envelope = nonEmptyText(data, 'envelope');
  if (field(data, 'format_version') !== 1 || wrappedContentKey === undefined || envelope === undefined)
    return undefined;
  return { wrappedContentKey, envelope };
}

/** `data` is JSON inside a text; Vaultwarden sends it as an object. */
function storedData(from: WireObject): WireObject | undefined {
  const data = field(from, 'data');
  if (typeof data !== 'string') return asObject(data);
  try {
    return asObject(parseBounded(Buffer.from(data), itemElement));
  } catch {
    return undefined;
  }
}

function loginFrom(from: WireObject): Login {
  const uris = objects(from, 'uris').map(uriFrom);
  const onlyUri = nonEmptyText(from, 'uri');
  return {
    username: nonEmptyText(from, 'username'),
    password: nonEmptyText(from, 'password'),
    passwordRevisionDate: nonEmptyText(from, 'passwordRevisionDate'),
    totp: nonEmptyText(from, 'totp'),
    passkeys: objects(from, 'fido2Credentials').map(passkeyFrom),
    uris:
      uris.length === 0 && onlyUri !== undefined ? [{ uri: onlyUri, uriChecksum: undefined, match: undefined }] : uris,
  };
}

function uriFrom(from: WireObject): LoginUri {
  return {
    uri: nonEmptyText(from, 'uri'),
    uriChecksum: nonEmptyText(from, 'uriChecksum'),
    match: integer(from, 'match'),
  };
}

function passkeyFrom(from: WireObject): Passkey {
  return {
    rpId: nonEmptyText(from, 'rpId'),
    userName: nonEmptyText(from, 'userName'),
    creationDate: nonEmptyText(from, 'creationDate'),
  };
}

function formerPasswordFrom(from: WireObject): FormerPassword {
  return { password: nonEmptyText(from, 'password'), lastUsedDate: nonEmptyText(from, 'lastUsedDate') };
}

/** The size is a number in a text (server: AttachmentResponseModel.cs). */
function attachmentFrom(from: WireObject): Attachment[] {
  const id = identifier(from, 'id');
  if (id === undefined) return [];
  const size = integer(from, 'size') ?? Number(nonEmptyText(from, 'size') ?? NaN);
  const isSize = Number.isSafeInteger(size) && size >= 0;
  const [fileName, key] = [nonEmptyText(from, 'fileName'), nonEmptyText(from, 'key')];
  return [{ id, fileName, key, size: isSize ? size : undefined }];
}

const NOT_DETAILS = new Set(['name', 'notes', 'object']);

/** Names of the known list in any case: servers have sent `ssn`, `Ssn` and `SSN`. */
function detailsFrom(
  from: WireObject,
  known: readonly { readonly name: string }[],
): Readonly<Record<string, EncStringText>> {
  const spelled = new Map(known.map(({ name }) => [name.toLowerCase(), name]));
  const details: [string, EncStringText][] = [];
  for (const [key, value] of Object.entries(from)) {
    const wireName = spelled.get(key.toLowerCase()) ?? withSmallInitial(key);
    // Where a server sends one value in two spellings, today's spelling counts.
    if (wireName !== key && nonEmptyText(from, wireName) !== undefined && Object.hasOwn(from, wireName)) continue;
    if (typeof value === 'string' && value !== '' && !NOT_DETAILS.has(wireName)) details.push([wireName, value]);
  }
  return Object.fromEntries(details);
}

/** With a small first letter, unless the second one is a capital, too: `Url` becomes `url`, and `URL` stays. */
function withSmallInitial(name: string): string {
  return /^\p{Lu}{2}/u.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1);
}

/** The type of a custom field that names none: such a value is not shown by mistake. */
export const HIDDEN = 1;

function fieldFrom(from: WireObject): CustomField {
  return {
    type: integer(from, 'type') ?? HIDDEN,
    name: nonEmptyText(from, 'name'),
    value: nonEmptyText(from, 'value'),
    linkedId: integer(from, 'linkedId'),
  };
}

/** Whether a protection is on: always, unless it is absent, 0 or false. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== 0 && value !== false;
}
