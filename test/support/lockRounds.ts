import assert from 'node:assert/strict';
import { play, playAll, seeded, type Outcome, type Scene } from './lockModel';

/** How many interleavings are tried. */
export interface Extent {
  /** Interruptions in addition to those of each scene. */
  readonly moreInterruptions: number;
  readonly randomRuns: number;
}

/** Each with the number of interruptions that are tried, first without the death of a contender and then with it. */
const SCENES: readonly [scene: Scene, interruptions: number, besideDeath: number][] = [
  [{ contenders: 3, deadBefore: 0, knowsLinks: true }, 2, 1],
  [{ contenders: 2, deadBefore: 1, knowsLinks: true }, 4, 2],
  [{ contenders: 3, deadBefore: 1, knowsLinks: true }, 2, 1],
  [{ contenders: 2, deadBefore: 2, knowsLinks: true }, 3, 1],
  [{ contenders: 2, deadBefore: 1, knowsLinks: false }, 3, 1],
];

function told({ contenders, deadBefore, knowsLinks }: Scene): string {
  return `${contenders} contenders, ${deadBefore} dead before them${knowsLinks ? '' : ', no hard links'}`;
}

/**
 * Asserts that there was one holder at a time, that all who wanted the lock got it, and that no file is left where
 * nobody died.
 */
function check(scene: Scene, outcome: Outcome): void {
  const words = JSON.stringify({ scene, outcome });
  assert.equal(outcome.most, 1, words);
  assert.ok(outcome.allServed, words);
  assert.ok(outcome.crashed || outcome.left.length === 0, words);
}

/** Declares the tests of the model: for `npm test` a few seconds of them, for the nightly run some minutes. */
export function modelTests({ moreInterruptions, randomRuns }: Extent): void {
  for (const [scene, few, besideDeath] of SCENES) {
    const interruptions = few + moreInterruptions;
    it(`has one holder at a time: ${told(scene)}, ${interruptions} interruptions anywhere`, async () => {
      const played = await playAll(scene, interruptions, (outcome) => check(scene, outcome));
      assert.ok(played > 50, `${played} interleavings`);
    });

    it(`has one holder at a time where one dies at any step: ${told(scene)}`, async () => {
      let dies = true;
      for (let crashBefore = 0; dies; crashBefore++) {
        const crashing = { ...scene, crashBefore };
        dies = false;
        await playAll(crashing, besideDeath + moreInterruptions, (outcome) => {
          dies ||= outcome.crashed;
          check(crashing, outcome);
        });
      }
    });
  }

  it(`has one holder at a time in ${randomRuns} interleavings by chance, one of them dying`, async () => {
    for (let seed = 1; seed <= randomRuns; seed++) {
      const random = seeded(seed);
      const upTo = (count: number) => Math.floor(random() * count);
      const scene = { contenders: 2 + upTo(3), deadBefore: upTo(4), knowsLinks: upTo(4) > 0, crashBefore: upTo(30) };
      check(
        scene,
        await play(scene, (ready, current) => (current !== undefined && random() < 0.6 ? current : upTo(ready))),
      );
    }
  });
}
