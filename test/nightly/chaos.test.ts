import assert from 'node:assert/strict';
import process from 'node:process';
import fc from 'fast-check';
import { cases } from '../support/cases';
import { type Act, Chaos, whatCanHappen } from '../support/chaos';
import { dialects } from '../support/window';

// Without the others most of it would happen to nobody, and change nothing.
const often = ['do what helps', 'sync', 'add an item elsewhere'] as const;
const what = fc.constantFrom(...whatCanHappen, ...often, ...often, ...Array<Act['what']>(10).fill('do what helps'));
const act = fc.record<Act>(
  { what, window: fc.nat(1), number: fc.nat(20), waits: fc.boolean() },
  { noNullPrototype: true },
);
const acts = fc.array(act, { minLength: 5, maxLength: 40, size: 'max' });

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

  it('keeps its promises whatever happens, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...dialects), fc.boolean(), acts, async (dialect, losesLastWrites, sequence) => {
        const chaos = await Chaos.begin(dialect, losesLastWrites);
        try {
          for (const each of sequence) await chaos.act(each);
          await chaos.allIsWell();
          await chaos.act({ what: 'sign out', window: 0, number: 0, waits: true });
        } finally {
          await chaos.scene.close();
        }
        assert.deepEqual(unhandled.splice(0), []);
      }),
      cases(50),
    );
  });
});
