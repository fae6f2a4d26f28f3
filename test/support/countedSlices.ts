import { TimeSlices } from '../../src/base/timeSlices';

/**
 * Slices with a clock that advances by a millisecond each time it is read, so that there is one pause for every eight
 * steps.
 */
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

  /** The least number of pauses that work of so many steps must have. */
  static pausesOf(steps: number): number {
    return Math.floor(steps / 8);
  }
}
