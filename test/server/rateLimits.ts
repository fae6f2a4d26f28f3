import type { Clock } from './clock';
import type { Call } from './http';

/** How many requests of a kind a server lets through. */
export interface RateLimit {
  /** Any method unless given. */
  readonly method?: string;
  readonly path: RegExp;
  /**
   * `window`: so many requests within so many seconds from the first one on, counted for each verb and exact path
   * separately. `bucket`: so many requests at once, then one every so many seconds.
   */
  readonly kind: 'window' | 'bucket';
  readonly most: number;
  readonly seconds: number;
}

export interface Excess {
  readonly limit: RateLimit;
  /** Seconds until the next request is let through. */
  readonly waitSeconds: number;
}

/** Counts the requests that were let through. */
interface Counter {
  readonly limit: RateLimit;
  /** Milliseconds until there is room for another one; 0 if there is. */
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

/** The limits of a server for its only client. Off by default, so that tests need not count their requests. */
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

  /** Undefined if the request is let through. It then counts, whatever its outcome. */
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
