import type { IncomingHttpHeaders } from 'node:http';
import type { Call } from './http';

/** A request as it came in. It contains the secrets of the test accounts, so that tests can look for them. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly bodyKind: 'none' | 'form' | 'json' | 'other';
  /** Names of the top-level fields of the body. */
  readonly fields: readonly string[];
  readonly body: string;
  /** Undefined until there is an answer, and for good if the connection was broken instead. */
  status: number | undefined;
}

function kindOf(call: Call): LoggedRequest['bodyKind'] {
  const type = call.headers['content-type'] ?? '';
  if (call.body === '') return 'none';
  if (type.includes('json')) return 'json';
  return type.includes('form-urlencoded') ? 'form' : 'other';
}

function fieldsOf(call: Call, kind: LoggedRequest['bodyKind']): string[] {
  if (kind === 'form') return [...new URLSearchParams(call.body).keys()];
  if (kind !== 'json') return [];
  try {
    return Object.keys(JSON.parse(call.body) as object);
  } catch {
    return [];
  }
}

const kept = 10_000;

export class RequestLog {
  readonly #entries: LoggedRequest[] = [];

  add(call: Call): LoggedRequest {
    const { method, path, headers, body } = call;
    const bodyKind = kindOf(call);
    const fields = fieldsOf(call, bodyKind);
    const entry = { method, path, query: call.query.toString(), headers, bodyKind, fields, body, status: undefined };
    this.#entries.push(entry);
    if (this.#entries.length > kept) this.#entries.shift();
    return entry;
  }

  /** All requests, or those to one route, as `/api/sync` or `GET /api/sync`. */
  to(route?: string): readonly LoggedRequest[] {
    return this.#entries.filter(
      ({ method, path }) => route === undefined || route === path || route === `${method} ${path}`,
    );
  }

  count(route?: string): number {
    return this.to(route).length;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
