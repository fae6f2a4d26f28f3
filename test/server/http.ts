import type { IncomingHttpHeaders } from 'node:http';

export type JsonObject = Record<string, unknown>;

/** One request, with the path already relative to the base path of the server. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Buffer;
  /** The parts of the path at the `:name` places of the route. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as application/json; `undefined` sends no body unless `text` is there. */
  readonly json?: unknown;
  readonly text?: string;
  /** A file. */
  readonly bytes?: Buffer;
  /** Of `text`, text/plain unless given, or `bytes`. */
  readonly contentType?: string;
}

/** Thrown by a handler to answer at once. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(readonly reply: Reply) {
    super(`refused with ${reply.status}`);
  }
}

export const ok = (json?: unknown): Reply => ({ status: 200, json });

export const html = (status: number, text: string): Reply => ({
  status,
  text: `<!DOCTYPE html>\n<html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>\n`,
  contentType: 'text/html; charset=utf-8',
});

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The body as an object. All names in it get a lower-case first letter, since both servers accept either case.
 *
 * @param malformed answers a body that is no JSON object.
 */
export function jsonBody(call: Call, malformed: () => Reply): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(call.body);
  } catch {
    parsed = undefined;
  }
  if (!isObject(parsed)) throw new Refusal(malformed());
  return recase(parsed, (name) => name.charAt(0).toLowerCase() + name.slice(1)) as JsonObject;
}

/** Field names of OAuth, which have underscores. The fields about the device are Bitwarden's. */
const oauthFields = new Set(['grant_type', 'client_id', 'client_secret']);

/** Form fields by their names in lower case, without underscores if the server accepts names with and without them. */
export function formBody(call: Call, snakeCase: boolean): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [given, value] of new URLSearchParams(call.body)) {
    const name = given.toLowerCase();
    fields.set(snakeCase || oauthFields.has(name) ? name.replaceAll('_', '') : name, value);
  }
  return fields;
}

export function recase(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((entry) => recase(entry, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [rename(name), recase(entry, rename)]));
}

export function pascalCased(value: unknown): unknown {
  return recase(value, (name) => name.charAt(0).toUpperCase() + name.slice(1));
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
