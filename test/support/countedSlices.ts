import { TimeSlices } from '../../src/base/timeSlices';

/** Slices by a clock that goes on by a millisecond with each look at it: there is one pause for every eight steps. */
export class CountedSlices extends TimeSlices {
  pauses = 0;

  constructor() {
    let now = 0;
    super(
      async () => {
        this.pauses++;
        await Promise.resolve();
      },
      () => now++,
    );
  }

  /** Pauses that work of so many steps has at the least. */
  static pausesOf(steps: number): number {
    return Math.floor(steps / 8);
  }
}
