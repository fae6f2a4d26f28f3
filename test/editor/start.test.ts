import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from './host/openVSCode';
import { until } from './host/until';
import { Workbench } from './host/workbench';

function groupIsGone(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** Processes that carry the mark in their environment, which every descendant inherits. */
function marked(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(mark);
      } catch {
        return false;
      }
    });
}

describe('npm start', function () {
  this.timeout(240_000);
  let child: ChildProcess | undefined;
  let output = '';
  let temporary = '';

  afterEach(() => {
    if (child?.pid && !groupIsGone(child.pid)) process.kill(-child.pid, 'SIGKILL');
    rmSync(temporary, { recursive: true, force: true });
  });

  it('opens the extension beside a demo server, says how to sign in, and leaves nothing after Ctrl+C', async () => {
    temporary = mkdtempSync(join(tmpdir(), 'start-'));
    const mark = `VAULTSIDE_START_TEST=${process.pid}`;
    child = spawn('npm', ['start'], {
      env: {
        ...process.env,
        VAULTSIDE_EDITOR: 'browser',
        VAULTSIDE_START_TEST: String(process.pid),
        TMPDIR: temporary,
        // npm's own cache, and not ours to clean up.
        NODE_DISABLE_COMPILE_CACHE: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const address = await until(
      'the address to be printed',
      () => {
        assert.equal(child?.exitCode, null, output);
        return output.includes('Ctrl+C ends') && /ready in: (http\S+)/.exec(output)?.[1];
      },
      200_000,
    );
    for (const word of ['client_id', 'client_secret', 'master password'])
      assert.match(output, new RegExp(`${word} +\\S`));

    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(address as string);
      const workbench = await Workbench.ready(page);
      await workbench.openSideBar('Bitwarden');
    } finally {
      await browser.close();
    }

    process.kill(-child.pid!, 'SIGINT');
    await until('npm start to end', () => child?.exitCode !== null || child.signalCode !== null);
    await until('its processes to end', () => groupIsGone(child!.pid!));
    if (process.platform === 'linux') assert.deepEqual(marked(mark), []);
    assert.deepEqual(readdirSync(temporary), []);
  });
});
