import type { Call, JsonObject, Reply } from './http';

/**
 * A way for a request to go wrong. "before": the server does not carry out the request. "after": it does, and the
 * client is not told.
 */
export type Fault =
  /** Nothing more happens until release(). */
  | { readonly kind: 'hold'; readonly when: 'before' | 'after' }
  /** The connection breaks without an answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /**
   * The request is carried out. The head of the answer promises the whole body, and the connection breaks within the head,
   * behind it, after half of the body, or before its last byte.
   */
  | { readonly kind: 'cut'; readonly at: 'inHead' | 'afterHead' | 'middle' | 'end' }
  /** The request is carried out once, and its answer comes twice. */
  | { readonly kind: 'twice' }
  /** The answer is compressed and chunked, as from a proxy, and the mark of its end comes in two packets. */
  | { readonly kind: 'lateEnd' }
  /** This answer instead of the server's. The request is not carried out. */
  | { readonly kind: 'answer'; readonly reply: Reply }
  /** The request is carried out, and the body of the answer replaced or damaged. */
  | { readonly kind: 'text'; readonly change: (body: string) => string; readonly contentType?: string }
  /** The request is carried out, and the file of the answer damaged. */
  | { readonly kind: 'file'; readonly change: (file: Buffer) => Uint8Array }
  /** The answer comes in so many pieces, with a pause behind each. */
  | { readonly kind: 'trickle'; readonly pieces: number; readonly everyMs: number }
  /** The request is carried out, and the JSON of the answer changed, in place or by what is returned. */
  | { readonly kind: 'json'; readonly change: (answer: JsonObject) => JsonObject };

export class ArmedFault {
  /** Number of requests that met this fault. */
  hits = 0;
  readonly #waiting = new Set<() => void>();
  readonly #arrivals: (() => void)[] = [];
  #released = false;

  constructor(
    readonly fault: Fault,
    readonly route: string | RegExp,
    public times: number,
  ) {}

  /** Resolves when a request has met this fault; at once if one already has. */
  arrived(): Promise<void> {
    return new Promise((resolve) => (this.hits > 0 ? resolve() : this.#arrivals.push(resolve)));
  }

  /** Lets the held requests go on, and those that come later. */
  release(): void {
    this.#released = true;
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  /** Disarms the fault, and lets the held requests go on. */
  remove(): void {
    this.times = 0;
    this.release();
  }

  fits(call: Call): boolean {
    if (this.times <= 0) return false;
    const line = `${call.method} ${call.path}`;
    return typeof this.route === 'string' ? this.route === line || this.route === call.path : this.route.test(line);
  }

  strike(): void {
    this.times -= 1;
    this.hits += 1;
    for (const tell of this.#arrivals.splice(0)) tell();
  }

  async untilReleased(): Promise<void> {
    if (!this.#released) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }
}

/**
 * The faults that are armed. Each is armed for a route and a number of requests; the one that was armed first comes
 * first.
 */
export class Faults {
  readonly #armed: ArmedFault[] = [];

  /**
   * @param route `/api/sync`, `POST /identity/connect/token`, or a pattern over "METHOD /path" (below the base path).
   * @param times How many requests are hit; all of them unless given.
   */
  arm(route: string | RegExp, fault: Fault, times = Infinity): ArmedFault {
    const armed = new ArmedFault(fault, route, times);
    this.#armed.push(armed);
    return armed;
  }

  /** The fault that this call meets. It counts as met. */
  take(call: Call): ArmedFault | undefined {
    const armed = this.#armed.find((candidate) => candidate.fits(call));
    armed?.strike();
    return armed;
  }

  clear(): void {
    for (const armed of this.#armed.splice(0)) armed.remove();
  }
}
