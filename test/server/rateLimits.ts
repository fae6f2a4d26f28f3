import type { Clock } from './clock';

/** Limits on connect/token; off unless asked for, so that tests need not count their sign-ins. */
export class RateLimits {
  enabled = false;
  readonly #admitted: number[] = [];
  #tokens = 10;
  #refilledAt: number;

  constructor(private readonly clock: Clock) {
    this.#refilledAt = clock.now();
  }

  /** Seconds to wait, or undefined if this sign-in may go on. Counts it, whether it then succeeds or not. */
  admit(dialect: 'official' | 'vaultwarden'): number | undefined {
    if (!this.enabled) return undefined;
    return dialect === 'official' ? this.#tenAMinute() : this.#burstOfTen();
  }

  #tenAMinute(): number | undefined {
    const now = this.clock.now();
    while (this.#admitted[0] !== undefined && this.#admitted[0] <= now - 60_000) this.#admitted.shift();
    const oldest = this.#admitted[0];
    if (this.#admitted.length >= 10 && oldest !== undefined) return Math.ceil((oldest + 60_000 - now) / 1000);
    this.#admitted.push(now);
    return undefined;
  }

  /** A bucket of ten that refills by one a minute. */
  #burstOfTen(): number | undefined {
    const minutes = Math.floor((this.clock.now() - this.#refilledAt) / 60_000);
    this.#tokens = Math.min(10, this.#tokens + minutes);
    this.#refilledAt += minutes * 60_000;
    if (this.#tokens === 0) return 60;
    this.#tokens -= 1;
    return undefined;
  }
}
