import { isObject, strings, text, type JsonObject } from './http';
import { typedName, type StoredCipher } from './model';
import type { ServerState } from './state';

function list(value: unknown): Record<string, unknown>[] | null {
  const entries: unknown[] = Array.isArray(value) ? value : [];
  return entries.length > 0 ? entries.filter(isObject) : null;
}

/** Blob items alone: on the official server their content replaces every structured field. */
function blobOf(state: ServerState, request: JsonObject): string | null {
  return state.dialect.storesData ? text(request.data) : null;
}

type Replaceable = Omit<
  StoredCipher,
  'id' | 'creationDate' | 'collectionIds' | 'edit' | 'viewPassword' | 'attachments'
>;

/**
 * What a cipher request makes of an item. A full replacement: whatever the request leaves out is gone, the per-cipher
 * key included, save the few things where the dialects differ.
 */
export function replacement(state: ServerState, request: JsonObject, before: StoredCipher | undefined): Replaceable {
  const type = Number(request.type);
  const typed = request[typedName(type) ?? ''];
  const keep = before !== undefined && !state.dialect.absentResets;
  const favorite = typeof request.favorite === 'boolean' ? request.favorite : keep && before.favorite;
  const archivedDate = text(request.archivedDate) ?? (keep ? before.archivedDate : null);
  const blob = blobOf(state, request);
  return {
    type,
    organizationId: text(request.organizationId),
    folderId: text(request.folderId),
    favorite,
    archivedDate,
    key: text(request.key),
    reprompt: request.reprompt === 1 ? 1 : 0,
    name: blob === null ? text(request.name) : null,
    notes: blob === null ? text(request.notes) : null,
    typed: blob === null && isObject(typed) ? typed : null,
    fields: blob === null ? list(request.fields) : null,
    passwordHistory: blob === null ? list(request.passwordHistory) : null,
    blob,
    deletedDate: before?.deletedDate ?? null,
    revisionDate: state.clock.iso(),
  };
}

/** `{cipher, collectionIds}` as well as the bare cipher. */
export function unpack(body: JsonObject): { request: JsonObject; collectionIds: string[] } {
  const { cipher } = body;
  return { request: isObject(cipher) ? cipher : body, collectionIds: strings(body.collectionIds) };
}
