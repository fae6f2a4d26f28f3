import { nameOfType } from './itemTypes';
import {
  asObject,
  field,
  flag,
  identifier,
  integer,
  nonEmptyText,
  object,
  objects,
  type WireObject,
  withField,
} from './wireObject';

/**
 * Members of an answer that do not belong into a request, in lower case: what the server alone sets, and two that mean
 * something else there. A `data` that is sent is stored in the place of all others, and `attachments` is a map
 * (server: src/Api/Vault/Models/Request/CipherRequestModel.cs).
 */
const NOT_SENT = new Set([
  ...['id', 'object', 'data', 'partialdata', 'attachments', 'attachments2', 'collectionids', 'edit', 'viewpassword'],
  ...['permissions', 'organizationusetotp', 'creationdate', 'revisiondate', 'deleteddate', 'encryptedfor'],
  ...['lastknownrevisiondate', 'encryptedbykeyid'],
]);

/** What is written besides the members of the element. */
export interface CipherRequestOptions {
  /** Members that are other than in the element, by their names in a request. */
  readonly changes: WireObject;
  /** The id of the user whose keys have encrypted it. */
  readonly encryptedFor: string;
}

/**
 * The body of a request that writes an item as it was received, with some changes. A server replaces everything by what is
 * sent, so what we do not know is sent as it was received, too; members that are null are left out, which says the same.
 *
 * The object of the type is always there, and never has a `uri`, which the official server would add to the `uris` once more
 * (server: src/Api/Vault/Models/CipherLoginModel.cs; clients: libs/common/src/vault/models/request/cipher.request.ts).
 *
 * @param element an item, from a server.
 * @returns plain JSON.
 */
export function cipherRequest(element: WireObject, { changes, encryptedFor }: CipherRequestOptions): WireObject {
  let body: WireObject = Object.fromEntries(
    Object.entries(element).filter(([name, value]) => value !== null && !NOT_SENT.has(name.toLowerCase())),
  );
  const set = (name: string, value: unknown) => (body = withField(body, name, value));
  for (const name of ['type', 'organizationId', 'folderId', 'reprompt', 'key', 'archivedDate']) {
    const value = field(element, name);
    if (value !== undefined) set(name, value);
  }
  set('name', field(element, 'name') ?? null);
  set('notes', field(element, 'notes') ?? null);
  set('favorite', flag(element, 'favorite') === true);
  set('fields', objects(element, 'fields'));
  set('passwordHistory', sentHistory(element));
  const typed = nameOfType(integer(element, 'type') ?? 0);
  if (typed !== undefined) set(typed, typedObject(element, typed));
  const lastKnownRevisionDate = field(element, 'revisionDate');
  const attachments2 = attachmentsOf(element, lastKnownRevisionDate);
  if (attachments2 !== undefined) set('attachments2', attachments2);
  for (const [name, value] of Object.entries(changes)) set(name, value);
  return { ...body, encryptedFor, ...(lastKnownRevisionDate === undefined ? {} : { lastKnownRevisionDate }) };
}

/**
 * The object that holds the content of an item, as a request has it.
 *
 * @param typed its name: see itemTypes.
 */
export function typedObject(element: WireObject, typed: string): WireObject {
  const content = object(element, typed) ?? {};
  if (typed === 'secureNote') return field(content, 'type') === undefined ? withField(content, 'type', 0) : content;
  if (typed !== 'login') return content;
  const others = Object.entries(content).filter(([name]) => name.toLowerCase() !== 'uri');
  const uris = loginUris(content);
  return withField(Object.fromEntries(others), 'uris', uris.length === 0 ? null : uris);
}

/** The addresses of a login. Servers of the first years had one. */
export function loginUris(login: WireObject): readonly WireObject[] {
  const uris = objects(login, 'uris');
  const uri = nonEmptyText(login, 'uri');
  return uris.length === 0 && uri !== undefined ? [{ uri, uriChecksum: null, match: null }] : uris;
}

/** Entries without a password say nothing, and the official server refuses them (CipherPasswordHistoryModel.cs). */
export function sentHistory(element: WireObject): readonly WireObject[] {
  return objects(element, 'passwordHistory').filter((entry) => nonEmptyText(entry, 'password') !== undefined);
}

/**
 * Names and keys of the files, by their ids: a file that is not named keeps its own. One without a key, of the first years, is
 * left out, since Vaultwarden takes no null there (vaultwarden: src/api/core/ciphers.rs Attachments2Data). Undefined: none.
 */
function attachmentsOf(element: WireObject, lastKnownRevisionDate: unknown): WireObject | undefined {
  const entries = objects(element, 'attachments').flatMap((each): [string, WireObject][] => {
    const [id, fileName, key] = [identifier(each, 'id'), nonEmptyText(each, 'fileName'), nonEmptyText(each, 'key')];
    const isWhole = id !== undefined && fileName !== undefined && key !== undefined;
    return isWhole ? [[id, { fileName, key, lastKnownRevisionDate }]] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Whether every file of an item is named in the request for it. */
export function hasAllFiles(element: WireObject, { attachments2 }: WireObject): boolean {
  return objects(element, 'attachments').length === Object.keys(asObject(attachments2) ?? {}).length;
}
