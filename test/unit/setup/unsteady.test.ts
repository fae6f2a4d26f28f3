import assert from 'node:assert/strict';
import { Checkout } from '../../support/checkout';

/** A test that fails the first time and passes the second, one that always fails, and one that never does. */
const testFile = `
  const fs = require('node:fs');
  it('is unsteady', () => {
    if (fs.existsSync('tried')) return;
    fs.writeFileSync('tried', '');
    throw new Error('as it should');
  });
  it('is broken', () => { throw new Error('as it should'); });
  it('is well', () => {});`;
const otherFile = `it('is in another file', () => { require('node:fs').appendFileSync('others', '.'); });`;

const script = (twice: boolean) => `
  import { readFileSync } from 'node:fs';
  import { mocha } from './test/support/setup/job.mjs';
  const run = mocha('driven', ['one.test.js', 'other.test.js'], { twice: ${twice} });
  const { passed, failed, failures, unsteady } = await run({ write() {} });
  console.log(JSON.stringify({ passed, failed, failures, unsteady, others: readFileSync('others', 'utf8').length }));`;

describe('a driven test that fails', () => {
  let checkout: Checkout;

  beforeEach(() => {
    checkout = new Checkout();
    checkout.link('node_modules');
    checkout.write('out/one.test.js', testFile);
    checkout.write('out/other.test.js', otherFile);
  });

  afterEach(() => {
    checkout.remove();
  });

  async function outcome(twice: boolean): Promise<unknown> {
    checkout.write('run.mjs', script(twice));
    const { stdout, stderr } = await checkout.node(['run.mjs'], { OUT_DIR: undefined });
    assert.equal(stderr, '');
    return JSON.parse(stdout);
  }

  it('is tried once more where that is wanted, with its file alone, and named when it passes then', async () => {
    assert.deepEqual(await outcome(true), {
      passed: 3,
      failed: 1,
      failures: ['is broken'],
      unsteady: ['is unsteady'],
      others: 1,
    });
  });

  it('is not tried again elsewhere', async () => {
    assert.deepEqual(await outcome(false), {
      passed: 2,
      failed: 2,
      failures: ['is unsteady', 'is broken'],
      unsteady: [],
      others: 1,
    });
  });
});

describe('the line above the counts', () => {
  it('tells where the time went, the slowest tests and the unsteady ones, of which three are too many', async () => {
    const checkout = new Checkout();
    try {
      checkout.write(
        'run.mjs',
        `import { summary } from './test/support/setup/summary.mjs';
        const times = Array.from({ length: 12 }, (_, index) => ({ title: 'test ' + index, ms: index * 1000 }));
        const stage = { name: 'windows', seconds: 66.04, times, unsteady: ['a', 'b', 'c'],
          failed: 1, failures: ['d'] };
        const check = { name: 'format', seconds: 1, times: [], unsteady: [], failed: 1 };
        console.log(summary([stage, check], { setUpSeconds: 30, totalSeconds: 125 }));`,
      );
      const { stdout } = await checkout.node(['run.mjs']);
      assert.match(stdout, /^ +66\.0 s {2}windows$/m);
      assert.match(stdout, /^ +11\.0 s {2}windows: test 11$/m);
      assert.doesNotMatch(stdout, /: test 1$/m);
      assert.match(stdout, /^1 min 35 s after the set-up, 2 min 5 s with it$/m);
      assert.match(stdout, /^failed: windows: d\nfailed: format: format$/m);
      assert.match(stdout, /^unsteady: windows: a\nunsteady: windows: b\nunsteady: windows: c\n3 unsteady tests fail/m);
    } finally {
      checkout.remove();
    }
  });
});
