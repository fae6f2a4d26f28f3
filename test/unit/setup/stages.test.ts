import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Checkout } from '../../support/checkout';
import { until } from '../../support/until';

/** Two stages: the first one cannot go on before the second one has written its last line. */
const twoStages = (firstEnds: string) => `
  import { check, sideBySide } from './test/support/setup/stages.mjs';
  import { running } from './test/support/setup/shell.mjs';
  process.on('SIGTERM', () => process.exit(143));
  process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
  const node = process.execPath;
  const first = \`const fs = require('node:fs');
    const look = setInterval(() => {
      if (!fs.existsSync('written')) return;
      clearInterval(look);
      console.log('of the first');
      ${firstEnds}
    }, 10);\`;
  const second = "console.log('of the second'); require('node:fs').writeFileSync('written', '')";
  console.log(await sideBySide([check('first', node, '-e', first), check('second', node, '-e', second)]));`;

describe('stages side by side', () => {
  let checkout: Checkout;

  beforeEach(() => {
    checkout = new Checkout();
  });

  afterEach(() => {
    checkout.remove();
  });

  it('run at the same time, and print one after another', async () => {
    checkout.write('run.mjs', twoStages(''));
    const { stdout, stderr } = await checkout.node(['run.mjs']);
    assert.deepEqual(
      stdout.split('\n').filter((line) => line !== ''),
      [
        ...['== first', 'of the first', '[first] 1 passed, 0 failed'],
        ...['== second', 'of the second', '[second] 1 passed, 0 failed'],
        '{ passed: 2, failed: 0 }',
      ],
      stderr,
    );
  });

  it('show what they have printed also when the run is ended before they are', async () => {
    checkout.write('run.mjs', twoStages('setInterval(() => {}, 1000);'));
    const run = checkout.start(['run.mjs']);
    let output = '';
    run.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('its line', () => output.includes('of the first'));
    assert.doesNotMatch(output, /of the second/);
    run.kill('SIGTERM');
    await once(run, 'close');
    assert.match(output, /of the first\n[^]*of the second\n/);
  });
});
