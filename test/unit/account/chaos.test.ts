import assert from 'node:assert/strict';
import process from 'node:process';
import fc from 'fast-check';
import { cases, isNightly, seed } from '../../support/cases';
import { type Act, Chaos, whatCanHappen } from '../../support/chaos';
import { dialects } from '../../support/window';

// Without the others most of it would happen to nobody, and change nothing.
const often = ['do what helps', 'sync', 'add an item elsewhere'] as const;
const writing = ['change an item', 'change content', 'change a folder', 'disturb a change', 'do what helps'] as const;
const what = fc.oneof(
  fc.constantFrom(...whatCanHappen, ...often, ...often, ...Array<Act['what']>(8).fill('do what helps')),
  fc.constantFrom(...writing),
);
const act = fc.record<Act>(
  { what, window: fc.nat(1), number: fc.nat(20), waits: fc.constantFrom(true, true, false) },
  { noNullPrototype: true },
);
const acts = fc.array(act, { minLength: 4, maxLength: isNightly ? 40 : 12, size: 'max' });
const flags = fc.record({ losesLastWrites: fc.boolean(), isLive: fc.boolean() }, { noNullPrototype: true });

const acted = (what: Act['what'], window: number, number: number, waits: boolean): Act => ({
  what,
  window,
  number,
  waits,
});

/** What has gone wrong before. */
const found: [(typeof dialects)[number], { losesLastWrites: boolean; isLive: boolean }, Act[]][] = [
  // The sync of the user was one that the hub had asked for, and that was answered before.
  [
    'official',
    { losesLastWrites: true, isLive: true },
    [
      acted('change a folder', 1, 18, true),
      acted('change a folder', 1, 5, false),
      acted('do what helps', 0, 16, true),
      acted('disturb a change', 0, 3, false),
      acted('do what helps', 1, 19, true),
      acted('tell it twice, the last first', 1, 13, true),
      acted('change an item', 0, 18, false),
      acted('change an item', 1, 4, true),
    ],
  ],
  // The clock was put back while a rest that the server had asked for was not over.
  [
    'official',
    { losesLastWrites: false, isLive: false },
    [
      acted('disturb a change', 0, 20, true),
      acted('change an item', 0, 0, true),
      acted('sign in', 0, 0, true),
      acted('change an item', 0, 0, true),
      acted('put the clock back', 0, 1, true),
    ],
  ],
];

describe('An account in two windows', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  const others = process.listeners('unhandledRejection');

  before(() => {
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  });

  after(() => {
    process.off('unhandledRejection', note);
    for (const each of others) process.on('unhandledRejection', each);
  });

  it('keeps its promises whatever happens, in any order', async function () {
    this.timeout(isNightly ? 0 : 300_000);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...dialects), flags, acts, async (dialect, options, sequence) => {
        const chaos = await Chaos.begin(dialect, options);
        try {
          for (const each of sequence) await chaos.act(each);
          await chaos.allIsWell();
          await chaos.act({ what: 'sign out', window: 0, number: 0, waits: true });
        } finally {
          await chaos.scene.close();
        }
        assert.deepEqual(unhandled.splice(0), []);
      }),
      { ...cases(100, 1_000), seed, examples: found },
    );
  });
});
