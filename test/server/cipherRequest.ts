import { isObject, strings, text, type JsonObject } from './http';
import type { StoredCipher } from './model';
import type { ServerState } from './state';

type Replaceable = Omit<
  StoredCipher,
  'id' | 'creationDate' | 'collectionIds' | 'edit' | 'viewPassword' | 'manage' | 'attachments'
>;

/**
 * What a cipher request makes of an item. A full replacement: whatever the request leaves out is gone, the per-cipher
 * key included, save the few things where the dialects differ.
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

/** Gives the files of an item the names and keys that a request brings for them: under another key they need others. */
export function renameAttachments(request: JsonObject, cipher: StoredCipher): void {
  const named = isObject(request.attachments2) ? request.attachments2 : {};
  for (const attachment of cipher.attachments) {
    const change = named[attachment.id];
    if (!isObject(change)) continue;
    attachment.fileName = text(change.fileName);
    attachment.key = text(change.key);
  }
}

/** `{cipher, collectionIds}` as well as the bare cipher. */
export function unpack(body: JsonObject): { request: JsonObject; collectionIds: string[] } {
  const { cipher } = body;
  return { request: isObject(cipher) ? cipher : body, collectionIds: strings(body.collectionIds) };
}
