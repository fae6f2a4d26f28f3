import type { Readable } from 'node:stream';

/**
 * The part of node-fetch's default export that HttpClient uses. It is passed in, so that node-fetch is loaded at the
 * first request and tests can stand between. Rejects when no answer, or a broken one, arrives.
 */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string | Readable;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<FetchAnswer>;

/** An answer whose head has arrived. */
export interface FetchAnswer {
  readonly status: number;
  /** @param name in any case. @returns null when the header is absent. */
  readonly headers: { get(name: string): string | null };
  /** Decompressed. */
  readonly body: AsyncIterable<Uint8Array | string> | null;
}
