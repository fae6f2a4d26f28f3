import type { Clock } from './clock';
import type { Call } from './http';

/** How many requests of a kind a server lets through. */
export interface RateLimit {
  /** Any method unless given. */
  readonly method?: string;
  readonly path: RegExp;
  /**
   * `window`: so many within so many seconds of the first, counted for each verb and exact path apart. `bucket`: so many
   * at once, then one every so many seconds.
   */
  readonly kind: 'window' | 'bucket';
  readonly most: number;
  readonly seconds: number;
}

export interface Excess {
  readonly limit: RateLimit;
  /** Until the next request may go on. */
  readonly waitSeconds: number;
}

/** Counts what was let through. */
interface Counter {
  readonly limit: RateLimit;
  /** Milliseconds to wait, or 0 if there is room. */
  wait(now: number): number;
  count(): void;
}

class Window implements Counter {
  #start = -Infinity;
  #counted = 0;

  constructor(readonly limit: RateLimit) {}

  wait(now: number): number {
    const length = this.limit.seconds * 1000;
    if (now >= this.#start + length) {
      this.#start = now;
      this.#counted = 0;
    }
    return this.#counted < this.limit.most ? 0 : this.#start + length - now;
  }

  count(): void {
    this.#counted += 1;
  }
}

class Bucket implements Counter {
  #left: number;
  #refilledAt: number;

  constructor(
    readonly limit: RateLimit,
    now: number,
  ) {
    this.#left = limit.most;
    this.#refilledAt = now;
  }

  wait(now: number): number {
    const each = this.limit.seconds * 1000;
    const refills = Math.floor((now - this.#refilledAt) / each);
    this.#left = Math.min(this.limit.most, this.#left + refills);
    this.#refilledAt += refills * each;
    return this.#left > 0 ? 0 : this.#refilledAt + each - now;
  }

  count(): void {
    this.#left -= 1;
  }
}

/** The limits of a server on its one client; off unless asked for, so that tests need not count their requests. */
export class RateLimits {
  enabled = false;
  readonly #buckets: ReadonlyMap<RateLimit, Counter>;
  /** By verb and path. */
  readonly #windows = new Map<string, readonly Counter[]>();

  constructor(
    private readonly limits: readonly RateLimit[],
    private readonly clock: Clock,
  ) {
    this.#buckets = new Map(
      limits.filter(({ kind }) => kind === 'bucket').map((limit) => [limit, new Bucket(limit, clock.now())]),
    );
  }

  /** Undefined if the request may go on; it then counts, whatever comes of it. */
  admit({ method, path }: Call): Excess | undefined {
    if (!this.enabled) return undefined;
    const now = this.clock.now();
    const concerned = this.#counters(method, path);
    for (const counter of concerned) {
      const wait = counter.wait(now);
      if (wait > 0) return { limit: counter.limit, waitSeconds: Math.ceil(wait / 1000) };
    }
    for (const counter of concerned) counter.count();
    return undefined;
  }

  #counters(method: string, path: string): readonly Counter[] {
    const line = `${method} ${path.toLowerCase()}`;
    let counters = this.#windows.get(line);
    if (!counters) {
      counters = this.limits
        .filter((limit) => (limit.method ?? method) === method && limit.path.test(path))
        .map((limit) => this.#buckets.get(limit) ?? new Window(limit));
      this.#windows.set(line, counters);
    }
    return counters;
  }
}
