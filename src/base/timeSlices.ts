import { setImmediate } from 'node:timers/promises';

/** Less than the 50 ms after which a person notices a delay, or VS Code a slow extension. */
const SLICE_MS = 8;

/** So many tiny steps are made between two looks at the clock. */
const STEPS_AT_ONCE = 100;

/**
 * Divides long work into slices. Between two small steps of it, await `next()`: about every 8 ms that lets other work
 * of the thread go on. The extension host answers keystrokes on this thread. The first `next()` always pauses, since
 * the thread may have been busy before.
 */
export class TimeSlices {
  #end = 0;
  #turns: Promise<unknown> = Promise.resolve();

  /**
   * @param pause lets other work of this thread go on.
   * @param now milliseconds of a clock that is never put back.
   */
  constructor(
    private readonly pause: () => Promise<void> = setImmediate,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async next(): Promise<void> {
    if (this.now() < this.#end) return;
    await this.pause();
    this.#end = this.now() + SLICE_MS;
  }

  /** For steps that are begun at the same time: each is done when those before it have ended. */
  turn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turns.then(async () => {
      await this.next();
      return step();
    });
    this.#turns = done.catch(() => undefined);
    return done;
  }

  /** Does many steps of less than some ten microseconds each, and looks at the clock now and then. */
  async each<T>(list: Iterable<T>, step: (one: T) => void): Promise<void> {
    let untilLook = 0;
    for (const one of list) {
      if (untilLook-- === 0) {
        await this.next();
        untilLook = STEPS_AT_ONCE;
      }
      step(one);
    }
  }
}
