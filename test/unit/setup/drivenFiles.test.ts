import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout } from '../../support/checkout';

type Groups = Record<string, string[]>;

describe('the driven tests', () => {
  let groups: Groups;

  before(async () => {
    const checkout = new Checkout();
    checkout.write(
      'run.mjs',
      `import { groupsFor } from './test/support/setup/drivenFiles.mjs';
      const files = (...which) => groupsFor(...which).flatMap(({ files }) => files).sort();
      const everything = { everything: true };
      console.log(JSON.stringify({
        oldest: files('1.105'), newest: files('newest'),
        matrixOldest: files('1.105', everything), matrixNewest: files('newest', everything),
      }));`,
    );
    const { stdout } = await checkout.node(['run.mjs']);
    groups = JSON.parse(stdout) as Groups;
    checkout.remove();
  });

  const files = readdirSync(join(process.cwd(), 'test', 'editor', 'workbench'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -'.test.ts'.length))
    .sort();

  it('all run on the newest VS Code, each once, and on both in the matrix', () => {
    assert.deepEqual(groups.newest, files);
    assert.deepEqual(groups.matrixNewest, files);
    assert.deepEqual(groups.matrixOldest, files);
  });

  it('run on the oldest one where the two differ', () => {
    assert.deepEqual(groups.oldest, [
      ...['activation', 'codes', 'copy', 'leaks', 'rotate'],
      ...['search', 'shared', 'signIn', 'states', 'twoWindows', 'unlock'],
    ]);
  });
});
