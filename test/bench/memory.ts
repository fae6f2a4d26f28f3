/** What this process holds, in bytes. Needs `--expose-gc`. */
export class Memory {
  private constructor(
    readonly heap: number,
    /** Buffers; they lie outside of the heap. */
    readonly offHeap: number,
  ) {}

  /** After garbage was collected, so that what is held alone counts. */
  static now(): Memory {
    if (globalThis.gc === undefined) throw new Error('start this with --expose-gc');
    // The first one lets buffers go, the second one what they held.
    for (let each = 0; each < 2; each++) globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    return new Memory(heapUsed, external);
  }

  since(before: Memory): Memory {
    return new Memory(this.heap - before.heap, this.offHeap - before.offHeap);
  }
}
