import { jsonSlices } from './jsonSlices';
import { textOf, tokensOf } from './jsonValue';
import type { WireObject } from './wireObject';

/**
 * The most that a piece of JSON may hold. A few hundred bytes unpack to a hundred megabytes of `[],[],…`, which keep
 * JSON.parse busy for a minute and take gigabytes of memory: so bytes are counted while they arrive, and tokens before
 * any of them is parsed.
 */
export interface JsonBounds {
  /** UTF-8, decompressed. */
  readonly bytes: number;
  /** Keys and values, nested ones too. */
  readonly tokens: number;
}

/** A folder, a collection, a policy, a member of the profile, one of its organisations. */
export const smallElement: JsonBounds = { bytes: 64 * 1024, tokens: 2_000 };

/** An item: its notes alone may be 10,000 characters, more on servers of one's own. */
export const itemElement: JsonBounds = { bytes: 4 * 1024 * 1024, tokens: 20_000 };

/**
 * Whether a piece of JSON is within bounds.
 *
 * @param bytes UTF-8, with or without a byte order mark.
 * @throws SyntaxError for what is no whole value, or nested deeper than 64.
 */
export function isWithin(bytes: Uint8Array, bounds: JsonBounds): boolean {
  // Each token takes a byte, so what is short need not be counted.
  return bytes.length <= bounds.bytes && (bytes.length <= bounds.tokens || tokensOf(bytes) <= bounds.tokens);
}

/**
 * As JSON.parse, within bounds; nesting may be 64 deep.
 *
 * @param bytes UTF-8, with or without a byte order mark.
 * @throws SyntaxError for what is out of bounds, nested deeper or no JSON; its message holds no input.
 */
export function parseBounded(bytes: Uint8Array, bounds: JsonBounds): unknown {
  if (bytes.length > bounds.bytes) throw new SyntaxError('too many bytes');
  if (tokensOf(bytes) > bounds.tokens) throw new SyntaxError('too many tokens');
  return parseText(bytes);
}

/**
 * As parseBounded, for what is sent back to a server: JSON.stringify writes each number as it was received, also one that
 * no double holds.
 *
 * @throws as parseBounded.
 */
export function parseExactly(bytes: Uint8Array, bounds: JsonBounds): unknown {
  if (!isWithin(bytes, bounds)) throw new SyntaxError('out of bounds');
  return parseText(bytes, keepNumber);
}

/** What reads and writes numbers as texts, for which the library of TypeScript has no types yet (ECMA-262, JSON.rawJSON). */
const json = JSON as unknown as { rawJSON(text: string): unknown };

function keepNumber(this: unknown, _key: string, value: unknown, ...rest: unknown[]): unknown {
  const [context] = rest as [{ readonly source?: string } | undefined];
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && String(value) !== source ? json.rawJSON(source) : value;
}

/**
 * Reads an object that is too large to be parsed in one go, member by member. Members, and elements of arrays that are
 * members, are left out where they exceed the bounds; elements also where the array has more of them than `most`.
 *
 * @param bytes UTF-8, with or without a byte order mark.
 * @param bounds of one member, or of one element.
 * @param most elements kept of one array.
 * @throws SyntaxError as jsonSlices, and for a part that is no JSON; the message holds no input.
 */
export function readMembers(bytes: Uint8Array, bounds: JsonBounds, most: number): WireObject {
  const members = new Map<string, unknown>();
  for (const { key, isElement, bytes: part } of jsonSlices(bytes)) {
    const fits = isWithin(part, bounds);
    if (!isElement) {
      if (fits) members.set(key, parseText(part));
      continue;
    }
    const list = members.get(key) ?? [];
    members.set(key, list);
    if (fits && Array.isArray(list) && list.length < most) list.push(parseText(part));
  }
  return Object.fromEntries(members);
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/**
 * As JSON.parse, without bounds.
 *
 * @param bytes UTF-8, with or without a byte order mark.
 * @throws SyntaxError, whose message holds no input: that of the parser quotes the text, which may be secret.
 */
export function parseText(bytes: Uint8Array, reviver?: Reviver): unknown {
  try {
    return JSON.parse(textOf(bytes), reviver);
  } catch {
    throw new SyntaxError('no JSON');
  }
}
