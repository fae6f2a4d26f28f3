import assert from 'node:assert/strict';
import { explainLockingTime, type LockingTime } from '../../../src/ui/status/lockingTime';

const usual: LockingTime = {
  limits: { idleMs: 900_000, lockOnSleep: false, endsWithWindow: false },
  at: 1_790_000_900_000,
  countsAll: true,
  allWindows: true,
  alone: undefined,
};

describe('When the vault locks, in words', () => {
  const never = { ...usual, limits: { ...usual.limits, idleMs: Infinity }, at: undefined };
  for (const [what, time, expected] of [
    ['any activity', usual, ['Locks after 15 minutes without activity']],
    [
      'one minute',
      { ...usual, limits: { ...usual.limits, idleMs: 60_000 } },
      ['Locks after 1 minute without activity'],
    ],
    ['an hour', { ...usual, limits: { ...usual.limits, idleMs: 3_600_000 } }, ['Locks after 1 hour without activity']],
    ['hours', { ...usual, limits: { ...usual.limits, idleMs: 14_400_000 } }, ['Locks after 4 hours without activity']],
    ['use of the vault', { ...usual, countsAll: false }, ['Locks at 12:34 unless the vault is used before']],
    ['never', never, ['Locks a minute after the last window is closed']],
    [
      'with the last window',
      { ...never, limits: { ...never.limits, endsWithWindow: true } },
      ['Locks when the last window is closed or reloaded'],
    ],
    ['this window', { ...never, allWindows: false }, ['Locks when this window is closed or reloaded']],
    [
      'sleep',
      { ...usual, limits: { ...usual.limits, lockOnSleep: true } },
      ['Locks after 15 minutes without activity', 'Locks when the computer sleeps'],
    ],
    [
      'a window that is alone',
      { ...never, alone: 'notStarted' as const },
      [
        'Locks when this window is closed or reloaded',
        'Other windows are unlocked on their own: no process could be started to hold the key.',
      ],
    ],
    [
      'a page of a browser that cannot see the secret of the keeper',
      { ...usual, alone: 'outdated' as const },
      [
        'Locks after 15 minutes without activity',
        'Other windows are unlocked on their own until this one is reloaded.',
      ],
    ],
    [
      'a window that is alone by choice',
      { ...usual, allWindows: false, alone: 'ended' as const },
      ['Locks after 15 minutes without activity'],
    ],
  ] as const) {
    it(`counts ${what}`, () => {
      assert.deepEqual(
        explainLockingTime(time, () => '12:34'),
        [...expected],
      );
    });
  }
});
