import { setImmediate } from 'node:timers/promises';

/** Well under the 50 ms that a person or an editor would notice. */
const SLICE_MS = 8;

/** Tiny steps between two looks at the clock. */
const STEPS_AT_ONCE = 100;

/**
 * Cuts long work on the calling thread into slices: await `next()` between two small steps, and the thread is free
 * for others about every 8 ms. Node's extension host answers keystrokes on the same thread. The first `next()` pauses in
 * any case: nobody knows for how long the thread has been at work by then.
 */
export class TimeSlices {
  #end = 0;

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
