import type { Clock } from '../../base/ports';

/** In milliseconds: pushes come within seconds of the change that they tell of. */
const EXPECTED_MS = 60_000;

/**
 * What this window has changed on the server and stored itself, so that the push which tells of it brings nothing new. The
 * server names the device that acted, which is the same for all windows: only a window itself knows what was its own.
 * Whoever writes adds the key of each element once it is stored. A push that comes earlier, or in another window, is
 * followed: that takes a request, and finds nothing changed.
 */
export class OwnChanges {
  readonly #until = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** @param key of the element, as the vault has it. */
  add(key: string): void {
    const now = this.clock.uptime();
    for (const [each, until] of this.#until) if (until <= now) this.#until.delete(each);
    this.#until.set(key, now + EXPECTED_MS);
  }

  /** Whether a push about the element tells of a change of this window. Once: the next one tells of another change. */
  take(key: string): boolean {
    const until = this.#until.get(key) ?? 0;
    this.#until.delete(key);
    return until > this.clock.uptime();
  }
}
