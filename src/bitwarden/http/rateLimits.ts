import { RateLimitedError } from '../errors';

const MINUTE = 60_000;
/** In milliseconds: longer than this no server, hostile or mistaken, keeps the user out. */
const LONGEST = 60 * MINUTE;

/**
 * Whether the time until which nothing may be sent is still ahead. One that is further ahead than it was set means that the
 * clock was put back, and does not count.
 *
 * @param until milliseconds since the epoch, like `now`.
 * @param rest in milliseconds, for how long it was set; by default the longest that it ever is.
 */
export function mustRest(until: number, now: number, rest = LONGEST): boolean {
  return now < until && until - now <= rest;
}

/**
 * Remembers which hosts answered 429, and until when nothing may be sent to them. Kept apart per host and port; a host
 * that gives no Retry-After (Vaultwarden) gets a minute at least, twice as long each time in a row.
 */
export class RateLimits {
  readonly #hosts = new Map<string, { readonly until: number; readonly rest: number; readonly inARow: number }>();

  /**
   * @param now milliseconds since the epoch.
   * @param random from 0 up to, not including, 1.
   */
  constructor(
    private readonly now: () => number,
    private readonly random: () => number,
  ) {}

  /** @throws RateLimitedError while an earlier 429 holds. */
  check(host: string): void {
    const limit = this.#hosts.get(host);
    if (!limit) return;
    if (mustRest(limit.until, this.now(), limit.rest)) throw new RateLimitedError(host, limit.until);
  }

  /**
   * Remembers a 429.
   *
   * @param retryAfter the header as received: seconds or an HTTP date (RFC 9110, section 10.2.3).
   * @returns the error to throw.
   */
  refused(host: string, retryAfter: string | null): RateLimitedError {
    const inARow = (this.#hosts.get(host)?.inARow ?? 0) + 1;
    const asked = this.#asked(retryAfter);
    const backOff = MINUTE * 2 ** Math.min(inARow - 1, 10) * (1 + this.random() / 4);
    const rest = Math.min(asked ?? backOff, LONGEST);
    const until = this.now() + rest;
    this.#hosts.set(host, { until, rest, inARow });
    return new RateLimitedError(host, until);
  }

  /**
   * To be called after any other answer. Ends the row of refusals, unless another request to the host was refused while
   * this one was under way.
   */
  answered(host: string): void {
    if ((this.#hosts.get(host)?.until ?? 0) <= this.now()) this.#hosts.delete(host);
  }

  #asked(retryAfter: string | null): number | undefined {
    if (retryAfter === null) return undefined;
    const value = retryAfter.trim();
    const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - this.now();
    return Number.isNaN(milliseconds) ? undefined : Math.max(milliseconds, 1000);
  }
}
