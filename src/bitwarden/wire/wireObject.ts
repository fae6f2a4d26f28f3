import { MalformedAnswerError } from '../errors';

/**
 * Reading wire objects. Servers have sent `someName`, `SomeName` and, here and there, `somename` or `SOMENAME` for the
 * same field (clients: libs/common/src/models/response/base.response.ts), and null for absent. A value of the wrong
 * type counts as absent, so one odd field never spoils the rest.
 */
export type WireObject = Readonly<Record<string, unknown>>;

/** The value as an object. Undefined for anything else; arrays are none. */
export function asObject(value: unknown): WireObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WireObject) : undefined;
}

type Spellings = readonly [pascal: string, lower: string, upper: string];
const otherSpellings = new Map<string, Spellings>();

function spellings(name: string): Spellings {
  let found = otherSpellings.get(name);
  if (!found) {
    found = [name.charAt(0).toUpperCase() + name.slice(1), name.toLowerCase(), name.toUpperCase()];
    otherSpellings.set(name, found);
  }
  return found;
}

/**
 * The value of a field, in any spelling.
 *
 * @param name as today's servers spell it, first letter lower-case; so in all functions below.
 * @returns undefined when it is absent or null.
 */
export function field(from: WireObject, name: string): unknown {
  const [pascal, lower, upper] = spellings(name);
  return from[name] ?? from[pascal] ?? from[lower] ?? from[upper] ?? undefined;
}

/** A copy with another value of a field, which takes the place of all its spellings. */
export function withField(object: WireObject, name: string, value: unknown): WireObject {
  const others = Object.entries(object).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return { ...Object.fromEntries(others), [name]: value };
}

/** A field that is a text. Undefined for any other value, and for an empty text. */
export function nonEmptyText(from: WireObject, name: string): string | undefined {
  const value = field(from, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Both servers give UUIDs. Without a slash and a dot an id stays one segment of a path. */
const ID = /^[\w-]{1,64}$/;

/** A field that is a text and may be used as an id: up to 64 letters, digits, `_` and `-`. Undefined for any other. */
export function identifier(from: WireObject, name: string): string | undefined {
  const value = nonEmptyText(from, name);
  return value !== undefined && ID.test(value) ? value : undefined;
}

/** A field that is a whole number. Undefined for any other value, and beyond 2^53. */
export function integer(from: WireObject, name: string): number | undefined {
  const value = field(from, name);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** A field that is true or false. Undefined for any other value. */
export function flag(from: WireObject, name: string): boolean | undefined {
  const value = field(from, name);
  return typeof value === 'boolean' ? value : undefined;
}

/** A field that is an object. Undefined for any other value; arrays are none. */
export function object(from: WireObject, name: string): WireObject | undefined {
  return asObject(field(from, name));
}

/** Whether there is nothing in it, but for nulls and the name of its type: it says no more than if it were absent. */
export function isEmpty(from: WireObject): boolean {
  return Object.entries(from).every(([name, value]) => value === null || name.toLowerCase() === 'object');
}

/** A field that is an array, its elements unchecked. Empty for any other value. */
export function list(from: WireObject, name: string): readonly unknown[] {
  const value = field(from, name);
  return Array.isArray(value) ? value : [];
}

/** As {@link list}, the elements that are objects; others are left out. */
export function objects(from: WireObject, name: string): readonly WireObject[] {
  return list(from, name)
    .map(asObject)
    .filter((element) => element !== undefined);
}

/** The value, if it is there. @throws MalformedAnswerError with the host and the name of what is missing. */
export function required<T>(value: T | undefined, host: string, name: string): T {
  if (value === undefined) throw new MalformedAnswerError(host, name);
  return value;
}
