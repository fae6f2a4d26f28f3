import assert from 'node:assert/strict';
import { TimeSlices } from '../../../src/base/timeSlices';
import { turnsDuring } from '../../support/turns';

describe('Work cut into slices', () => {
  it('pauses before it begins, and from then on whenever it has gone on for 8 ms', async () => {
    let now = 1_000;
    const paused: number[] = [];
    const slices = new TimeSlices(
      () => {
        paused.push(now);
        // Others take their time, which is not of the slice.
        now += 100;
        return Promise.resolve();
      },
      () => now,
    );
    for (const milliseconds of [0, 0, 5, 2.75, 0.25, 7.75, 0, 20, 0]) {
      now += milliseconds;
      await slices.next();
    }
    assert.deepEqual(paused, [1_000, 1_108, 1_235.75]);
  });

  it('gives everything else on the thread a turn', async () => {
    const slices = new TimeSlices(undefined, () => 0);
    assert.ok((await turnsDuring(() => slices.next())) > 0);
  });

  it('does steps that are begun at the same time one by one, with a pause for every 8 ms of them', async () => {
    let now = 1_000;
    let pauses = 0;
    const slices = new TimeSlices(
      () => {
        pauses++;
        return Promise.resolve();
      },
      () => now,
    );
    const order: number[] = [];
    const step = async (number: number) => {
      now += 1;
      await Promise.resolve();
      now += 1;
      order.push(number);
      if (number === 5) throw new Error('the fifth');
      return number;
    };
    const numbers = Array.from({ length: 200 }, (_, at) => at);
    const done = await Promise.allSettled(numbers.map((number) => slices.turn(() => step(number))));
    assert.deepEqual(order, numbers);
    assert.deepEqual(
      done.map((each) => (each.status === 'fulfilled' ? each.value : 5)),
      numbers,
    );
    assert.equal(pauses, 200 / 4);
  });
});
