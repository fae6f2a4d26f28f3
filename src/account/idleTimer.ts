import type { Policy } from '../bitwarden/wire/model';
import type { Clock, Disposable } from '../base/ports';

const MINUTE_MS = 60 * 1000;
/** In minutes: with a shorter time the vault would lock before anybody could use it. */
const SHORTEST = 1;
/**
 * Timers stand still while the machine sleeps: after it wakes, it takes at most so long until a lock that is due comes.
 */
const LOOK_MS = 1_000;
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
    this.#minutes = minutes === undefined || minutes >= SHORTEST ? minutes : SHORTEST;
    this.check();
  }

  /** Organisations may set the longest time allowed; with several, the shortest of these holds. */
  setPolicies(policies: readonly Policy[]): void {
    const ceilings = policies
      .filter(({ type, enabled }) => type === MAXIMUM_VAULT_TIMEOUT && enabled)
      .flatMap(({ data }) => ceilingOf(data) ?? []);
    this.#ceiling = ceilings.length === 0 ? undefined : Math.min(...ceilings);
    this.check();
  }

  /** The vault was used: the time starts again, unless it was over already, which calls back instead. */
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

  /** Calls back if the time is over, and checks again later if it is not. */
  check(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const minutes = Math.min(this.#minutes ?? Infinity, this.#ceiling ?? Infinity);
    if (this.#lastUse === undefined || minutes === Infinity) return;
    // A clock that was put back must not give more time.
    this.#lastUse = Math.min(this.#lastUse, this.clock.now());
    const left = this.#lastUse + minutes * MINUTE_MS - this.clock.now();
    if (left <= 0) {
      this.stop();
      this.onIdle();
    } else {
      this.#timer = this.clock.setTimeout(() => this.check(), Math.min(left, LOOK_MS));
    }
  }
}

/**
 * Minutes that the policy allows at the most. `minutes` is there for every `type`, for clients that know nothing of
 * types (clients: libs/common/src/key-management/session-timeout). Keys are gone with
 * their window, which is all that `onAppRestart` asks for. VS Code does not tell when the screen is locked: the types
 * that ask for a lock then count by their minutes.
 */
function ceilingOf({ type, minutes }: Policy['data']): number | undefined {
  switch (type) {
    case 'immediately':
      return SHORTEST;
    case 'never':
    case 'onAppRestart':
      return undefined;
    default:
      return typeof minutes === 'number' && minutes > 0 ? Math.max(minutes, SHORTEST) : undefined;
  }
}
