import type { Clock } from './ports';

/** Nobody has looked for so long: the machine was asleep, or the clock was changed. */
const SLEPT_MS = 30_000;

interface Look {
  /** Milliseconds since the last use. */
  readonly idleMs: number;
  /** Since the last look, the machine was probably asleep. */
  readonly slept: boolean;
}

/**
 * Measures the time without use, in steps from look to look, by whichever of two clocks says more: that of the wall, which
 * goes on while the machine sleeps but can be put back, and the one that nobody can set. So no clock gives more time.
 */
export class IdleTime {
  #idleMs = 0;
  #wall: number;
  #uptime: number;

  constructor(private readonly clock: Clock) {
    this.#wall = clock.now();
    this.#uptime = clock.uptime();
  }

  /** Milliseconds since the last use. */
  get idleMs(): number {
    return this.#idleMs + this.#passed();
  }

  look(): Look {
    const passed = this.#passed();
    [this.#wall, this.#uptime] = [this.clock.now(), this.clock.uptime()];
    this.#idleMs += passed;
    return { idleMs: this.#idleMs, slept: passed > SLEPT_MS };
  }

  /** @param idleMs how long ago the last use was. */
  restart(idleMs = 0): void {
    this.look();
    this.#idleMs = idleMs;
  }

  /** Since the last look. */
  #passed(): number {
    return Math.max(this.clock.now() - this.#wall, this.clock.uptime() - this.#uptime, 0);
  }
}
