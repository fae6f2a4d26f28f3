import { TimeSlices } from '../../base/timeSlices';
import { MalformedAnswerError } from '../errors';
import { isWithin, itemElement, parseText, readMembers, smallElement } from './boundedJson';
import { JsonSlicer } from './jsonSlices';
import type { Collection, Folder, Policy } from './model';
import { asObject, field, flag, identifier, integer, nonEmptyText, type WireObject } from './wireObject';

/** A piece of the answer of `sync` as the server sent it: one element of a list, or a member that is no list. */
export interface SyncPiece {
  /** Of the list or the member, first letter in lower case: `ciphers`, `profile`. */
  readonly name: string;
  /** Otherwise it is a member, such as the profile, or an empty list. */
  readonly isElement: boolean;
  /** UTF-8. It should be JSON, which has not been checked yet. */
  readonly bytes: Uint8Array;
}

/** Items, folders and so on together: fifty times a large vault, and less than the editor's memory holds. */
const MOST_ELEMENTS = 500_000;

/** Several times as large as any item that a server takes. What is longer is left out. */
const LONGEST_PIECE = 16 * 1024 * 1024;

/** Far longer than any name of a member that a server has sent. Names become keys of lines: see VaultLine. */
const NAME = /^[\w.$-]{1,64}$/;

/**
 * Reads the answer of `sync` piece by piece as it arrives, a few milliseconds at a time, and holds one piece of it
 * (server: src/Api/Vault/Models/Response/SyncResponseModel.cs).
 *
 * @param chunks UTF-8, cut anywhere.
 * @param host for error messages.
 * @throws MalformedAnswerError for cut-off or malformed JSON outside of the pieces and for more than 500,000 of them, and
 * what reading the chunks throws.
 */
export async function* readSyncAnswer(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  host: string,
  slices: TimeSlices = new TimeSlices(),
): AsyncGenerator<SyncPiece, void> {
  const slicer = new JsonSlicer(LONGEST_PIECE);
  let elements = 0;
  try {
    for await (const chunk of chunks) {
      for (const { key, isElement, bytes } of slicer.push(chunk)) {
        await slices.next();
        if (++elements > MOST_ELEMENTS) throw new MalformedAnswerError(host, `at most ${MOST_ELEMENTS} elements`);
        if (bytes !== undefined && NAME.test(key)) yield { name: withSmallInitial(key), isElement, bytes };
      }
    }
    slicer.end();
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedAnswerError(host, 'JSON');
    throw error;
  }
}

function withSmallInitial(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}

/**
 * The id of an element.
 *
 * @param bytes UTF-8, JSON.
 * @returns undefined where it has none, or none that may be used as one, and for what is too large to look for it.
 * @throws SyntaxError for one of ordinary size that is no JSON; the message holds no input.
 */
export function idOfElement(bytes: Uint8Array): string | undefined {
  if (isWithin(bytes, itemElement)) return identifier(asObject(parseText(bytes)) ?? {}, 'id');
  try {
    return identifier(readMembers(bytes, smallElement, 0), 'id');
  } catch {
    return undefined;
  }
}

/**
 * A member or a small element as an object.
 *
 * @param bytes UTF-8, JSON.
 * @returns undefined for what is no object, or larger than any folder, collection or policy.
 * @throws SyntaxError for what is no JSON; the message holds no input.
 */
export function readSmall(bytes: Uint8Array): WireObject | undefined {
  return isWithin(bytes, smallElement) ? asObject(parseText(bytes)) : undefined;
}

/**
 * Reads a folder (server: src/Api/Vault/Models/Response/FolderResponseModel.cs).
 *
 * @param bytes UTF-8, JSON.
 * @returns undefined for what is no folder.
 * @throws as readSmall.
 */
export function readFolder(bytes: Uint8Array): Folder | undefined {
  const from = readSmall(bytes) ?? {};
  const id = identifier(from, 'id');
  const name = nonEmptyText(from, 'name');
  return id === undefined || name === undefined ? undefined : { id, name };
}

/**
 * Reads a collection (server: src/Api/AdminConsole/Models/Response/CollectionResponseModel.cs).
 *
 * @param bytes UTF-8, JSON.
 * @returns undefined for what is no collection.
 * @throws as readSmall.
 */
export function readCollection(bytes: Uint8Array): Collection | undefined {
  const from = readSmall(bytes) ?? {};
  const id = identifier(from, 'id');
  const organizationId = identifier(from, 'organizationId');
  const name = nonEmptyText(from, 'name');
  return id === undefined || organizationId === undefined || name === undefined
    ? undefined
    : { id, organizationId, name };
}

/**
 * Reads a policy of an organisation (server: src/Api/AdminConsole/Models/Response/Organizations/PolicyResponseModel.cs).
 *
 * @param bytes UTF-8, JSON.
 * @returns undefined for what is no policy.
 * @throws as readSmall.
 */
export function readPolicy(bytes: Uint8Array): Policy | undefined {
  const from = readSmall(bytes) ?? {};
  const id = identifier(from, 'id');
  const organizationId = identifier(from, 'organizationId');
  const type = integer(from, 'type');
  if (id === undefined || organizationId === undefined || type === undefined) return undefined;
  const data = field(from, 'data');
  return {
    ...{ id, organizationId, type, enabled: flag(from, 'enabled') === true, data: asObject(data) ?? {} },
    ...(Array.isArray(data) && { numbers: data.filter((each): each is number => Number.isSafeInteger(each)) }),
  };
}
