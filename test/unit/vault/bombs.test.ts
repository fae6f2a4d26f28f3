import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Outcome } from './bombVictim';

describe('a vault with items that would unpack to more than memory should hold', () => {
  it('opens within 300 MiB of memory, and all else of it can be read', async function () {
    this.timeout(60_000);
    const victim = fork(join(__dirname, 'bombVictim.js'));
    const [[{ peakMiB, listed, other }]] = (await Promise.all([once(victim, 'message'), once(victim, 'exit')])) as [
      [Outcome],
      unknown,
    ];
    assert.deepEqual(other, { name: 'readable', password: 'not-a-real-password' });
    assert.deepEqual(listed, {});
    assert.ok(peakMiB < 300, `${peakMiB} MiB`);
  });
});
