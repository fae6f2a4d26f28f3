import type { Policy } from '../bitwarden/api/model';
import type { Clock, Disposable } from './ports';

const MINUTE_MS = 60 * 1000;
/** server: src/Core/AdminConsole/Enums/PolicyType.cs */
const MAXIMUM_VAULT_TIMEOUT = 9;

/** Calls back after minutes without use. The clock's time decides, so a machine that slept locks when it wakes. */
export class IdleTimer {
  #minutes: number | undefined;
  #ceiling: number | undefined;
  #lastUse: number | undefined;
  #timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onIdle: () => void,
  ) {}

  /** @param minutes undefined: never by time. */
  setMinutes(minutes: number | undefined): void {
    this.#minutes = minutes;
    this.check();
  }

  /** Organisations may set the longest time allowed; the shortest of them holds. */
  setPolicies(policies: readonly Policy[]): void {
    const ceilings = policies
      .filter(({ type, enabled }) => type === MAXIMUM_VAULT_TIMEOUT && enabled)
      .flatMap(({ data }) => (typeof data.minutes === 'number' && data.minutes > 0 ? data.minutes : []));
    this.#ceiling = ceilings.length === 0 ? undefined : Math.min(...ceilings);
    this.check();
  }

  /** The vault was used; the time starts again, unless it was over already and nobody had noticed. */
  start(): void {
    const wasRunning = this.#lastUse !== undefined;
    this.check();
    if (wasRunning && this.#lastUse === undefined) return;
    this.#lastUse = this.clock.now();
    this.check();
  }

  stop(): void {
    this.#lastUse = undefined;
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  /** Calls back if the time is over, and looks again later if it is not. */
  check(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const minutes = Math.min(this.#minutes ?? Infinity, this.#ceiling ?? Infinity);
    if (this.#lastUse === undefined || minutes === Infinity) return;
    const left = this.#lastUse + minutes * MINUTE_MS - this.clock.now();
    if (left <= 0) {
      this.stop();
      this.onIdle();
    } else {
      // Long timers overflow, and a sleeping machine stops them: look again every minute at the latest.
      this.#timer = this.clock.setTimeout(() => this.check(), Math.min(left, MINUTE_MS));
    }
  }
}
