const sliceMilliseconds = 8;

/**
 * Cuts long work on the calling thread into slices: await `next()` between two small steps, and the thread is free
 * for others about every 8 ms. Node's extension host answers keystrokes on the same thread.
 */
export class TimeSlices {
  #end = performance.now() + sliceMilliseconds;

  async next(): Promise<void> {
    if (performance.now() < this.#end) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#end = performance.now() + sliceMilliseconds;
  }
}
