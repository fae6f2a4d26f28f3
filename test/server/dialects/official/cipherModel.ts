import { isObject, text, type JsonObject } from '../../http';
import { itemType, itemTypes } from '../../itemTypes';
import { isEncryptedString } from './encryptedString';

export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** Lengths are those of the encrypted text (server: src/Api/Vault/Models/CipherLoginModel.cs and siblings). */
const OWN_LIMITS = { name: 1000, notes: 10_000 };
const TYPED_LIMITS: Readonly<Record<string, number>> = {
  password: 5000,
  privateKey: 5000,
  publicKey: 5000,
  uri: 10_000,
};
const URI_LIMITS = { uri: 10_000, uriChecksum: 10_000 };
const DEFAULT_LIMIT = 1000;
const LONGEST_DATA = 500_000;

/** The names that the models of lists know. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  uris: ['uri', 'uriChecksum', 'match'],
  fido2Credentials: [
    ...['credentialId', 'keyType', 'keyAlgorithm', 'keyCurve', 'keyValue', 'rpId', 'rpName', 'userHandle', 'userName'],
    ...['userDisplayName', 'counter', 'discoverable', 'creationDate'],
  ],
  fields: ['type', 'name', 'value', 'linkedId'],
  passwordHistory: ['password', 'lastUsedDate'],
};

/** Members of the typed objects that are not encrypted: numbers, flags and dates. */
const CLEAR = new Set([
  ...['type', 'match', 'autofillOnPageLoad', 'passwordRevisionDate', 'lastUsedDate', 'linkedId', 'creationDate'],
]);

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function check(field: string, value: unknown, limit: number): Problem | undefined {
  if (value === null || value === undefined) return undefined;
  const last = field.slice(field.lastIndexOf('.') + 1);
  if (typeof value !== 'string' || !isEncryptedString(value)) {
    return { field, message: `${last} is not a valid encrypted string.` };
  }
  if (value.length <= limit) return undefined;
  return { field, message: `The field ${last} exceeds the maximum encrypted value length of ${limit} characters.` };
}

function* checkObject(
  prefix: string,
  object: JsonObject,
  names: readonly string[],
  limits: Readonly<Record<string, number>>,
): Generator<Problem> {
  for (const name of names) {
    if (name in LISTS) yield* checkList(`${prefix}${pascal(name)}`, object[name], name, URI_LIMITS);
    else if (!CLEAR.has(name)) {
      const problem = check(`${prefix}${pascal(name)}`, object[name], limits[name] ?? DEFAULT_LIMIT);
      if (problem) yield problem;
    }
  }
}

function* checkList(
  field: string,
  list: unknown,
  name: string,
  limits: Readonly<Record<string, number>>,
): Generator<Problem> {
  if (!Array.isArray(list)) return;
  for (const [at, entry] of list.entries()) {
    if (isObject(entry)) yield* checkObject(`${field}[${at}].`, entry, LISTS[name] ?? [], limits);
  }
}

function* checkHistory(list: unknown): Generator<Problem> {
  // server: src/Api/Vault/Models/CipherPasswordHistoryModel.cs:22-24
  for (const [at, entry] of (Array.isArray(list) ? list : []).entries()) {
    if (!isObject(entry)) continue;
    for (const name of ['password', 'lastUsedDate']) {
      if (text(entry[name]) !== null) continue;
      const field = `PasswordHistory[${String(at)}].${pascal(name)}`;
      yield { field, message: `The ${pascal(name)} field is required.` };
    }
  }
  yield* checkList('PasswordHistory', list, 'passwordHistory', { password: 5000 });
}

function* problems(request: JsonObject): Generator<Problem> {
  if (text(request.name) === null) yield { field: 'Name', message: 'The Name field is required.' };
  for (const [name, limit] of Object.entries(OWN_LIMITS)) {
    const problem = check(pascal(name), request[name], limit);
    if (problem) yield problem;
  }
  for (const { name, fields } of itemTypes) {
    const typed = request[name];
    if (isObject(typed)) yield* checkObject(`${pascal(name)}.`, typed, fields, TYPED_LIMITS);
  }
  yield* checkList('Fields', request.fields, 'fields', { name: 1000, value: 5000 });
  yield* checkHistory(request.passwordHistory);
  const { attachments, data, encryptedByKeyId } = request;
  if (Array.isArray(attachments)) {
    yield { field: '$.attachments', message: 'The JSON value could not be converted. Path: $.attachments' };
  }
  if (typeof data === 'string' && data.length > LONGEST_DATA) {
    yield { field: 'Data', message: `The field Data must be a string with a maximum length of ${LONGEST_DATA}.` };
  }
  // server: src/Core/Utilities/KeyIdAttribute.cs
  if (typeof encryptedByKeyId === 'string' && !/^[0-9a-f]{32}$/.test(encryptedByKeyId)) {
    yield { field: 'EncryptedByKeyId', message: 'EncryptedByKeyId is not a valid key ID.' };
  }
}

/** The first complaint of the official server's model validation about a cipher request. */
export function checkModel(request: JsonObject): Problem | undefined {
  for (const problem of problems(request)) return problem;
  return undefined;
}

/**
 * An object as the model of the server binds it: members that it does not know are dropped, and those that were not
 * sent are null.
 */
function bound(object: JsonObject, names: readonly string[]): JsonObject {
  const model: JsonObject = {};
  for (const name of names) model[name] = name in LISTS ? boundList(object[name], name) : (object[name] ?? null);
  return model;
}

export function boundList(list: unknown, name: string): JsonObject[] | null {
  if (!Array.isArray(list)) return null;
  return list.filter(isObject).map((entry) => bound(entry, LISTS[name] ?? []));
}

/** The bound object of an item type. Null for anything that is no object, and for unknown types. */
export function boundTyped(object: unknown, type: number): JsonObject | null {
  const known = itemType(type);
  if (!known || !isObject(object)) return null;
  const typed = bound(object, known.fields);
  return type === 1 ? withUri(typed, object) : typed;
}

/**
 * Binds `uri`: its setter appends to `uris`, and a list that comes later in the request replaces that
 * (CipherLoginModel.cs:36-53).
 */
function withUri(login: JsonObject, sent: JsonObject): JsonObject {
  const names = Object.keys(sent);
  const appended = names.indexOf('uri') > names.indexOf('uris') ? text(sent.uri) : null;
  const uris = Array.isArray(login.uris) ? (login.uris as JsonObject[]) : [];
  const all = appended === null ? uris : [...uris, { uri: appended, uriChecksum: null, match: null }];
  return { ...login, uri: all[0]?.uri ?? null, uris: all.length > 0 ? all : login.uris };
}
