import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout } from '../../support/checkout';
import { until } from '../../support/until';

const works = "it('works', () => {});";

describe('npm test', function () {
  this.timeout(60_000);
  let checkout: Checkout;

  beforeEach(() => {
    checkout = new Checkout();
    checkout.link('node_modules');
    checkout.write('package-lock.json', '{ "packages": {} }');
    checkout.write('.gitignore', 'node_modules\nout\n');
  });

  afterEach(() => {
    checkout.remove();
  });

  /** What `npm test -- unit` ends with in a project whose only test file this is. */
  async function outcomeOf(
    testFile: string,
    patience?: string,
  ): Promise<{ code: number; lastLine: string; output: string }> {
    checkout.write(
      'esbuild.mjs',
      `import { mkdirSync, writeFileSync } from 'node:fs';
      mkdirSync('out/test/unit', { recursive: true });
      writeFileSync('out/test/unit/one.test.js', ${JSON.stringify(testFile)});`,
    );
    const { code, stdout } = await checkout.node(['test/run.mjs', 'unit'], {
      OUT_DIR: undefined,
      REPORTER_PATIENCE: patience,
    });
    return { code, lastLine: stdout.trimEnd().split('\n').at(-1)!, output: stdout };
  }

  it('ends with the line of counts and an error when it cannot even begin', async () => {
    const { code, stdout } = await checkout.node(['test/run.mjs', 'no-such-stage']);
    assert.equal(code, 1);
    assert.match(stdout, /\n0 passed, 1 failed\n$/);
  });

  it('counts its tests and checks, two builds and the look for leftovers among them', async () => {
    const { code, lastLine } = await outcomeOf(works);
    assert.deepEqual([code, lastLine], [0, '4 passed, 0 failed']);
  });

  it('counts a test that fails, and every one that leaves itself out', async () => {
    const { code, lastLine, output } = await outcomeOf(
      `${works}
      it('fails', () => { throw new Error('as it should'); });
      it('leaves itself out', function () { this.skip(); });
      describe('leaves itself out', () => { before(function () { this.skip(); }); it('too', () => {}); });`,
    );
    assert.deepEqual([code, lastLine], [1, '4 passed, 3 failed'], output);
  });

  for (const [what, testFile] of [
    ['a test that is left out', `${works} it.skip('is left out', () => {});`],
    ['a suite that is left out', `${works} describe.skip('is left out', () => { it('is', () => {}); });`],
    ['a test that shuts out the others', `${works} it.only('is alone', () => {});`],
    ['a test file that cannot be loaded', "throw new Error('as it should');"],
    ['a stage without any test', ''],
    ['a stage that ends before its tests do', `${works} it('ends all', () => process.exit(0));`],
    ['a stage that breaks down after its tests', `${works} process.on('exit', () => process.exit(3));`],
  ] as const) {
    it(`counts ${what} as a failure`, async () => {
      const { code, lastLine, output } = await outcomeOf(testFile);
      assert.match(lastLine, /^\d passed, 1 failed$/, output);
      assert.equal(code, 1);
    });
  }

  it('ends a stage that goes on after its tests, and counts that as a failure', async () => {
    const { code, lastLine, output } = await outcomeOf(`${works} setInterval(() => {}, 1000);`, '100');
    assert.match(output, /^still at work after the last test: .*Timeout/m);
    assert.match(lastLine, /^\d passed, 1 failed$/, output);
    assert.equal(code, 1);
  });

  it('says what ended a stage that broke down', async () => {
    const { output } = await outcomeOf(`it('is killed', () => process.kill(process.pid, 'SIGKILL'));`);
    assert.match(output, /^ended with SIGKILL$/m);
  });

  it('names files left behind in the temporary folder and in the checkout, and counts them as a failure', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: checkout.folder });
    const { code, lastLine, output } = await outcomeOf(
      `for (const folder of [require('node:os').tmpdir(), '.'])
        require('node:fs').writeFileSync(folder + '/left.txt', '');
      ${works}`,
    );
    const named = [...output.matchAll(/^left behind: file: (.*)$/gm)].map(([, file]) => file!);
    assert.deepEqual([named.length, named[1]], [2, join(checkout.folder, 'left.txt')], output);
    assert.match(named[0]!, /left\.txt$/);
    assert.deepEqual([code, lastLine], [1, '3 passed, 1 failed']);
  });

  // There is no way to tell elsewhere, which npm test says then.
  if (process.platform === 'linux') {
    it('names a process left behind, ends it, and removes what it wrote', async () => {
      checkout.write(
        'leave.mjs',
        `import { spawn } from 'node:child_process';
        import { Leftovers } from './test/support/setup/leftovers.mjs';
        const leftovers = new Leftovers();
        const args = ['-e', 'setInterval(() => {}, 1000)', 'left by a test'];
        const { pid } = spawn(process.execPath, args, { stdio: 'ignore', detached: true });
        const found = await leftovers.find(0);
        leftovers.clear();
        console.log(JSON.stringify({ pid, found, folder: process.env.TMPDIR }));`,
      );
      const { stdout } = await checkout.node(['leave.mjs']);
      const { pid, found, folder } = JSON.parse(stdout) as { pid: number; found: string[]; folder: string };
      assert.equal(found.length, 1);
      assert.match(found[0]!, new RegExp(`^process ${pid}: .*left by a test$`));
      await until('its end', () => !isAlive(pid));
      assert.equal(existsSync(folder), false);
    });
  }
});

/** What has ended and waits to be asked for its exit code shows no arguments any more. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}
