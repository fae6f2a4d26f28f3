import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Checkout } from '../../support/checkout';
import { until } from '../../support/until';

/** Three jobs: the longest prints once the second one has, and the short one ends once the longest has. */
const threeJobs = (longestEnds: string) => `
  import { check } from './test/support/setup/job.mjs';
  import { runAll } from './test/support/setup/queue.mjs';
  import { running } from './test/support/setup/shell.mjs';
  process.on('SIGTERM', () => process.exit(143));
  process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
  const node = process.execPath;
  const longest = \`const fs = require('node:fs');
    const look = setInterval(() => {
      if (!fs.existsSync('written')) return;
      clearInterval(look);
      console.log('of the longest');
      fs.writeFileSync('printed', '');
      ${longestEnds}
    }, 10);\`;
  const second = "console.log('of the second'); require('node:fs').writeFileSync('written', '')";
  const short = \`setInterval(() => { if (require('node:fs').existsSync('printed')) process.exit(3); }, 10)\`;
  const outcomes = await runAll([
    { name: 'short', expectedSeconds: 1, run: check([node, '-e', short]) },
    { name: 'second', expectedSeconds: 2, run: check([node, '-e', second]) },
    { name: 'longest', expectedSeconds: 3, run: check([node, '-e', longest]) },
  ]);
  const counts = outcomes.map(({ name, passed, failed }) => [name, passed, failed].join(' ')).sort().join();
  console.log('\\n== outcomes ' + counts);`;

describe('the queue of npm test', () => {
  let checkout: Checkout;

  beforeEach(() => {
    checkout = new Checkout();
  });

  afterEach(() => {
    checkout.remove();
  });

  it('runs jobs at the same time, and prints each as a whole', async () => {
    checkout.write('run.mjs', threeJobs(''));
    const { stdout, stderr } = await checkout.node(['run.mjs']);
    const blocks = stdout
      .replaceAll(/, [\d.]+ s\n/g, '\n')
      .split(/\n(?=== )/)
      .map((block) => block.trim());
    assert.ok(blocks.includes('== longest\nof the longest\n[longest] 1 passed, 0 failed'), stdout + stderr);
    assert.ok(blocks.includes('== second\nof the second\n[second] 1 passed, 0 failed'), stdout);
    assert.ok(
      blocks.some((block) => block.startsWith('== short\n[short] 0 passed, 1 failed')),
      stdout,
    );
    assert.ok(blocks.includes('== outcomes longest 1 0,second 1 0,short 0 1'), stdout);
  });

  it('shows what jobs have printed also when the run is ended before they are', async () => {
    checkout.write('run.mjs', threeJobs('setInterval(() => {}, 1000);'));
    const run = checkout.start(['run.mjs']);
    let output = '';
    run.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('the end of the others', () => output.includes('== short'));
    assert.doesNotMatch(output, /of the longest/);
    run.kill('SIGTERM');
    await once(run, 'close');
    assert.match(output, /of the second\n[^]*of the longest\n/);
  });
});
