import { isObject, strings, text, type JsonObject } from './http';
import type { StoredCipher } from './model';
import type { ServerState } from './state';

type Replaceable = Omit<
  StoredCipher,
  'id' | 'creationDate' | 'collectionIds' | 'edit' | 'viewPassword' | 'manage' | 'attachments'
>;

/**
 * The item that a cipher request describes. It replaces the stored one as a whole: what the request leaves out is gone,
 * also the key of the item. A few things stay, in which the dialects differ.
 */
export function replacement(state: ServerState, request: JsonObject, stored: StoredCipher | undefined): Replaceable {
  return {
    ...state.dialect.ciphers.content(request, stored),
    organizationId: text(request.organizationId),
    folderId: text(request.folderId),
    reprompt: request.reprompt === 1 ? 1 : 0,
    deletedDate: stored?.deletedDate ?? null,
    revisionDate: state.clock.iso(),
  };
}

/**
 * Gives the files of an item the names and keys that the request has for them. When the item gets another key, these
 * have to be encrypted again.
 */
export function renameAttachments(request: JsonObject, cipher: StoredCipher): void {
  const named = isObject(request.attachments2) ? request.attachments2 : {};
  for (const attachment of cipher.attachments) {
    const change = named[attachment.id];
    if (!isObject(change)) continue;
    attachment.fileName = text(change.fileName);
    attachment.key = text(change.key);
  }
}

/** Takes `{cipher, collectionIds}`, or the cipher alone. */
export function unpack(body: JsonObject): { request: JsonObject; collectionIds: string[] } {
  const { cipher } = body;
  return { request: isObject(cipher) ? cipher : body, collectionIds: strings(body.collectionIds) };
}
