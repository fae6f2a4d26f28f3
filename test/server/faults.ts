import type { Call, JsonObject, Reply } from './http';

/**
 * One way for a request to go wrong. "before": the server never acts on the request; "after": it acts, and the client
 * does not get to know.
 */
export type Fault =
  /** Nothing more happens until release(). */
  | { readonly kind: 'hold'; readonly when: 'before' | 'after' }
  /** The connection breaks without an answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** The action is carried out, the answer's head promises all of it, and the connection breaks half-way. */
  | { readonly kind: 'cut' }
  /** The answer comes compressed and in chunks, as from a proxy, and the mark of its end in two packets. */
  | { readonly kind: 'lateEnd' }
  /** This answer instead of the server's; nothing is carried out. */
  | { readonly kind: 'answer'; readonly reply: Reply }
  /** The action is carried out and the body of the answer replaced or damaged. */
  | { readonly kind: 'text'; readonly change: (body: string) => string; readonly contentType?: string }
  /** The action is carried out and the JSON of the answer tampered with, in place or by return. */
  | { readonly kind: 'json'; readonly change: (answer: JsonObject) => JsonObject };

export class ArmedFault {
  /** Requests that ran into it. */
  hits = 0;
  readonly #waiting = new Set<() => void>();
  readonly #arrivals: (() => void)[] = [];
  #released = false;

  constructor(
    readonly fault: Fault,
    readonly route: string | RegExp,
    public times: number,
  ) {}

  /** Settles once a request has run into this fault; at once if one already has. */
  arrived(): Promise<void> {
    return new Promise((resolve) => (this.hits > 0 ? resolve() : this.#arrivals.push(resolve)));
  }

  /** Lets held requests go on, those to come as well. */
  release(): void {
    this.#released = true;
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  /** Strikes no more, and lets go what it holds. */
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

/** The switch board: faults are armed for a route and a number of requests, and struck in the order of arming. */
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

  /** The fault that this call runs into, counted as struck. */
  take(call: Call): ArmedFault | undefined {
    const armed = this.#armed.find((candidate) => candidate.fits(call));
    armed?.strike();
    return armed;
  }

  clear(): void {
    for (const armed of this.#armed.splice(0)) armed.remove();
  }
}
