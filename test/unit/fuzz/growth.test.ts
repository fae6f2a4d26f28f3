import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

describe('Each parser', () => {
  it('takes steps no more than in step with the length of its input', async function () {
    this.timeout(300_000);
    const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.js') && !name.startsWith('growth'));
    const counter = ['--require', join(__dirname, '../../support/stepCounter.js')];
    const args = [require.resolve('mocha/bin/mocha.js'), ...counter, ...files.map((name) => join(__dirname, name))];
    const env = { ...process.env, FUZZ_COUNTS_STEPS: 'true' };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [said, ended] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    assert.equal(ended[0], 0, said);
  });
});
