import { IdleTime } from '../base/idleTime';
import type { IdleLimits } from '../base/keyKeeper';
import type { Clock, Disposable } from '../base/ports';
import type { Policy } from '../bitwarden/wire/model';

const MINUTE_MS = 60 * 1000;
/** In minutes: with a shorter time the vault would lock before anybody could use it. */
const SHORTEST = 1;
/**
 * Timers stand still while the machine sleeps: after it wakes, it takes at most so long until a lock that is due comes.
 */
const LOOK_MS = 1_000;
/** server: src/Core/AdminConsole/Enums/PolicyType.cs */
const MAXIMUM_VAULT_TIMEOUT = 9;

/** What the user has set. */
export interface LockSettings {
  /** Undefined: never by time. */
  readonly minutes: number | undefined;
  readonly lockOnSleep: boolean;
  /** Whether the keys go at once with the last window; else a minute later. */
  readonly endsWithWindow: boolean;
}

/** Calls back after minutes without use, and where that is set after a sleep of the machine. */
export class IdleTimer {
  #settings: LockSettings = { minutes: undefined, lockOnSleep: false, endsWithWindow: false };
  #ceiling: number | undefined;
  #endsWithWindow = false;
  #idle: IdleTime | undefined;
  #timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onIdle: () => void,
  ) {}

  /** What holds by settings and policies. */
  get limits(): IdleLimits {
    const { minutes = Infinity, lockOnSleep, endsWithWindow } = this.#settings;
    const shortest = Math.min(minutes >= SHORTEST ? minutes : SHORTEST, this.#ceiling ?? Infinity);
    return { idleMs: shortest * MINUTE_MS, lockOnSleep, endsWithWindow: endsWithWindow || this.#endsWithWindow };
  }

  /** Milliseconds until it calls back, if nothing is used; undefined where it does not by time, or does not run. */
  get leftMs(): number | undefined {
    const { idleMs } = this.limits;
    return this.#idle === undefined || idleMs === Infinity ? undefined : idleMs - this.#idle.idleMs;
  }

  set(settings: Partial<LockSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.check();
  }

  /**
   * Organisations may set the longest time allowed; with several, the shortest of these holds.
   *
   * @param policies that hold for the user.
   */
  setPolicies(policies: readonly Policy[]): void {
    const ofTimeout = policies.filter(({ type }) => type === MAXIMUM_VAULT_TIMEOUT);
    const ceilings = ofTimeout.flatMap(({ data }) => ceilingOf(data) ?? []);
    this.#ceiling = ceilings.length === 0 ? undefined : Math.min(...ceilings);
    this.#endsWithWindow = ofTimeout.some(({ data }) => data.type === 'onAppRestart');
    this.check();
  }

  /**
   * The vault was used: the time starts again, unless it was over already, which calls back instead.
   *
   * @param idleMs how long ago that was.
   */
  start(idleMs = 0): void {
    const wasRunning = this.#idle !== undefined;
    this.check();
    if (wasRunning && this.#idle === undefined) return;
    this.#idle ??= new IdleTime(this.clock);
    this.#idle.restart(idleMs);
    this.check();
  }

  stop(): void {
    this.#idle = undefined;
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  /** Calls back if the time is over, and checks again later if it is not. */
  check(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const { idleMs: longest, lockOnSleep } = this.limits;
    if (this.#idle === undefined) return;
    const { idleMs, slept } = this.#idle.look();
    if (idleMs >= longest || (slept && lockOnSleep)) {
      this.stop();
      this.onIdle();
    } else if (longest !== Infinity || lockOnSleep) {
      this.#timer = this.clock.setTimeout(() => this.check(), Math.min(longest - idleMs, LOOK_MS));
    }
  }
}

/**
 * Minutes that the policy allows at the most. `minutes` is there for every `type`, for clients that know nothing of
 * types (clients: libs/common/src/key-management/session-timeout). `onAppRestart` asks that keys go with the last
 * window: see `endsWithWindow`. VS Code does not tell when the screen is locked: the types that ask for a lock then
 * count by their minutes.
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
