import assert from 'node:assert/strict';
import { IdleTimer } from '../../../src/account/idleTimer';
import { ManualClock } from '../../support/manualClock';

const MINUTE_MS = 60_000;

function running(minutes: number | undefined, data: Readonly<Record<string, unknown>> = {}) {
  const clock = new ManualClock();
  let locks = 0;
  const timer = new IdleTimer(clock, () => locks++);
  timer.set({ minutes });
  timer.setPolicies([{ id: 'p', organizationId: 'o', type: 9, enabled: true, data }]);
  timer.start();
  return { clock, timer, locks: () => locks };
}

describe('The idle time', () => {
  for (const [what, minutes, longest] of [
    ['a ten-thousandth of a minute', 0.0001, 1],
    ['half a minute', 0.5, 1],
    ['the smallest number', Number.MIN_VALUE, 1],
    ['a minute', 1, 1],
    ['five', 5, 5],
    ['five as text', '5', 20],
    ['more than the setting', 1_000, 20],
    ['more than a clock holds', 1e308, 20],
    ['no end', Infinity, 20],
    ['no number', NaN, 20],
    ['less than nothing', -5, 20],
    ['nothing', 0, 20],
    ['words', 'five', 20],
    ['a number in disguise', '0x10', 20],
    ['a list', [5], 20],
    ['null', null, 20],
    ['not at all', undefined, 20],
  ] as const) {
    it(`is bounded by a policy of ${what}`, () => {
      const { clock, locks } = running(20, { minutes });
      assert.equal(locks(), 0, 'the vault can be used');
      clock.advance(longest * MINUTE_MS - 1);
      assert.equal(locks(), 0);
      clock.advance(1);
      assert.equal(locks(), 1);
    });
  }

  for (const minutes of [0, -1, NaN, 0.0001]) {
    it(`is a minute at least where ${minutes} is asked for`, () => {
      const { clock, locks } = running(minutes);
      clock.advance(MINUTE_MS - 1);
      assert.equal(locks(), 0);
      clock.advance(1);
      assert.equal(locks(), 1);
    });
  }

  it('is over within a second of waking up, when the machine has slept for longer', () => {
    const { clock, locks } = running(15);
    clock.advance(10 * MINUTE_MS);
    clock.sleep(60 * MINUTE_MS);
    clock.advance(1_000);
    assert.equal(locks(), 1);
  });

  it('goes on after a sleep that was shorter', () => {
    const { clock, locks } = running(15);
    clock.sleep(10 * MINUTE_MS);
    clock.advance(5 * MINUTE_MS - 1);
    assert.equal(locks(), 0);
    clock.advance(1);
    assert.equal(locks(), 1);
  });
});

describe('A sleep of the computer', () => {
  const sleeping = (minutes: number | undefined, lockOnSleep: boolean) => {
    const started = running(minutes);
    started.timer.set({ lockOnSleep });
    return started;
  };

  for (const minutes of [15, undefined]) {
    it(`locks, where that is set, ${minutes === undefined ? 'though nothing locks by time' : 'though the time is not over'}`, () => {
      const { clock, locks } = sleeping(minutes, true);
      clock.advance(MINUTE_MS);
      assert.equal(locks(), 0);
      clock.sleep(31_000);
      clock.advance(1_000);
      assert.equal(locks(), 1);
    });
  }

  it('is noticed at the first use, too', () => {
    const { clock, timer, locks } = sleeping(15, true);
    clock.sleep(31_000);
    timer.start();
    assert.equal(locks(), 1);
  });

  it('is none where a busy machine stood still for some seconds, and nothing where it is off', () => {
    const busy = sleeping(15, true);
    busy.clock.sleep(20_000);
    busy.clock.advance(1_000);
    const off = sleeping(15, false);
    off.clock.sleep(MINUTE_MS);
    off.clock.advance(1_000);
    assert.deepEqual([busy.locks(), off.locks()], [0, 0]);
  });

  it('is not what a question for the time that is left takes away', () => {
    const { clock, timer, locks } = sleeping(15, true);
    clock.sleep(31_000);
    assert.equal(timer.leftMs, 15 * MINUTE_MS - 31_000);
    clock.advance(1_000);
    assert.equal(locks(), 1);
  });
});

describe('The limits that other windows are told', () => {
  it('are those of settings and policies, the stricter of each', () => {
    const { timer } = running(20, { minutes: 5 });
    assert.deepEqual(timer.limits, { idleMs: 5 * MINUTE_MS, lockOnSleep: false, endsWithWindow: false });
    timer.set({ minutes: 1, lockOnSleep: true, endsWithWindow: true });
    assert.deepEqual(timer.limits, { idleMs: MINUTE_MS, lockOnSleep: true, endsWithWindow: true });
  });

  it('end the keeper with the last window where an organisation asks for a lock on restart', () => {
    const { timer } = running(undefined, { type: 'onAppRestart' });
    assert.deepEqual(timer.limits, { idleMs: Infinity, lockOnSleep: false, endsWithWindow: true });
  });
});

describe('The clock of the computer', () => {
  for (const [what, jumps] of [
    ['back', [14 * MINUTE_MS, -60 * MINUTE_MS]],
    ['forward and back', [MINUTE_MS, 5 * MINUTE_MS, -5 * MINUTE_MS]],
  ] as const) {
    it(`gives no more time when it is put ${what}`, () => {
      const { clock, locks } = running(15);
      const [first, ...others] = jumps;
      clock.advance(first);
      for (const jump of others) {
        clock.sleep(jump);
        clock.advance(1);
      }
      clock.advance(15 * MINUTE_MS - first);
      assert.equal(locks(), 1);
    });
  }
});
