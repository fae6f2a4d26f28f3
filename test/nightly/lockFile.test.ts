import assert from 'node:assert/strict';
import { modelTests } from '../support/lockRounds';
import { stressLock } from '../support/lockStress';

/** What `test/unit/platform` tries in seconds, tried at length. */
describe('A lock file, at length', () => {
  modelTests({ moreInterruptions: 1, randomRuns: 200_000 });

  it('has one holder at a time among six processes that die at any step, two thousand times', async () => {
    const rounds = 2_000;
    const { doubleRounds, deaths, taken } = await stressLock(rounds);
    assert.equal(doubleRounds, 0);
    assert.ok(deaths > rounds / 4 && taken > 3 * rounds, `${deaths} deaths, taken ${taken} times`);
  });
});
