import type { Clock, Disposable } from '../../src/base/ports';

/** A clock that moves only when the test says so. */
export class ManualClock implements Clock {
  #now = Date.now();
  #uptime = 1_000;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  /** No timer is set. */
  get isIdle(): boolean {
    return this.#timers.size === 0;
  }

  now(): number {
    return this.#now;
  }

  uptime(): number {
    return this.#uptime;
  }

  setTimeout(callback: () => void, milliseconds: number): Disposable {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return { dispose: () => this.#timers.delete(timer) };
  }

  /** Time passes, and each timer fires at its moment. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.#moveTo(Math.max(this.#now, next.at));
      next.callback();
    }
    this.#moveTo(end);
  }

  #moveTo(now: number): void {
    this.#uptime += now - this.#now;
    this.#now = now;
  }

  /** The user sets the clock back. The timers are not affected. */
  putBack(milliseconds: number): void {
    this.sleep(-milliseconds);
  }

  /** The computer sleeps: time passes, and no timer moves. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
    const waiting = [...this.#timers];
    this.#timers.clear();
    for (const { at, callback } of waiting) this.#timers.add({ at: at + milliseconds, callback });
  }
}
