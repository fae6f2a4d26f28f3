import { MalformedAnswerError } from '../errors';
import { itemElement, type JsonBounds, parseExactly } from './boundedJson';
import { asObject, field, identifier, nonEmptyText, type WireObject } from './wireObject';

/**
 * An element as a server answers it after a change, or when it is asked for one.
 *
 * @param bytes UTF-8, JSON.
 * @param id that it has to have; undefined: any, since the server has just made it.
 * @param host for error messages.
 * @throws MalformedAnswerError for what is no such element.
 */
export function readElement(
  bytes: Uint8Array,
  { id, bounds = itemElement, host }: { id?: string | undefined; bounds?: JsonBounds; host: string },
): WireObject & { readonly id: string } {
  const element = objectIn(bytes, bounds);
  const found = element && identifier(element, 'id');
  if (found === undefined || (id !== undefined && found !== id)) throw new MalformedAnswerError(host, 'id');
  return { ...element, id: found };
}

/**
 * An item with the collections that the same item had in another answer: after a change the official server leaves them
 * out (server: CipherResponseModel.cs, CipherDetailsResponseModel).
 */
export function withCollections(item: WireObject, other: WireObject): WireObject {
  if (field(item, 'collectionIds') !== undefined) return item;
  return { ...item, collectionIds: field(other, 'collectionIds') ?? [] };
}

/** The folder that an item is in. Null: none. */
export function folderIdOf(item: WireObject): string | null {
  return nonEmptyText(item, 'folderId') ?? null;
}

function objectIn(bytes: Uint8Array, bounds: JsonBounds): WireObject | undefined {
  try {
    return asObject(parseExactly(bytes, bounds));
  } catch {
    return undefined;
  }
}
