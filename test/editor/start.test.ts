import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './host/installed';
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * A `code` as on Linux: it starts the editor in a session of its own, hands on its arguments and waits. Here the editor
 * does nothing but live, and leaves its process id in the file that is returned.
 */
function fakeDesktop(folder: string): { path: string; pidFile: string } {
  const editor = join(folder, 'editor.js');
  const pidFile = join(folder, 'pid');
  writeFileSync(editor, 'setInterval(() => {}, 1000);');
  const code = `#!${process.execPath}
    if (process.argv.includes('--version')) return console.log('1.105.0');
    const args = [${JSON.stringify(editor)}, ...process.argv.slice(2)];
    const editor = require('node:child_process').spawn(process.execPath, args, { detached: true, stdio: 'ignore' });
    require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(editor.pid));`;
  writeFileSync(join(folder, 'code'), code, { mode: 0o755 });
  return { path: folder + delimiter + process.env.PATH!, pidFile };
}

describe('npm start', function () {
  this.timeout(240_000);
  let child: ChildProcess;
  let output = '';
  let folder = '';
  let temporary = '';

  beforeEach(() => {
    // Sockets go in there, whose paths must stay short.
    folder = mkdtempSync(join(tmpdir(), 's-'));
    temporary = join(folder, 't');
    mkdirSync(temporary);
    output = '';
  });

  afterEach(() => {
    if (!groupIsGone(child.pid!)) process.kill(-child.pid!, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function start(env: NodeJS.ProcessEnv): void {
    child = spawn('npm', ['start'], {
      // The compile cache is npm's own, and not ours to clean up.
      env: { ...process.env, TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }

  function whenReady(where: RegExp): Promise<string | undefined> {
    return until(
      'the address to be printed',
      () => {
        assert.equal(child.exitCode, null, output);
        return output.includes('Ctrl+C ends') ? where.exec(output)?.[1] : undefined;
      },
      200_000,
    );
  }

  async function interrupt(): Promise<void> {
    process.kill(-child.pid!, 'SIGINT');
    await until('npm start to end', () => child.exitCode !== null || child.signalCode !== null);
    await until('its processes to end', () => groupIsGone(child.pid!));
    assert.deepEqual(readdirSync(temporary), []);
  }

  it('opens the extension beside a demo server, says how to sign in, and leaves nothing after Ctrl+C', async () => {
    const mark = `VAULTSIDE_START_TEST=${process.pid}`;
    start({ VAULTSIDE_EDITOR: 'browser', VAULTSIDE_START_TEST: String(process.pid) });
    const address = await whenReady(/ready in: (http\S+)/);
    for (const word of ['client_id', 'client_secret', 'master password'])
      assert.match(output, new RegExp(`${word} +\\S`));

    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(address!);
      const workbench = await Workbench.ready(page);
      await workbench.openSideBar('Bitwarden');
    } finally {
      await browser.close();
    }

    await interrupt();
    if (process.platform === 'linux') assert.deepEqual(marked(mark), []);
  });

  it('ends a desktop VS Code that has left its process group', async () => {
    const { path, pidFile } = fakeDesktop(folder);
    start({ VAULTSIDE_EDITOR: '', DISPLAY: ':0', PATH: path });
    await whenReady(/ready in: (the VS Code window)/);
    await until('the editor to start', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
    const editor = Number(readFileSync(pidFile, 'utf8'));
    try {
      assert.ok(isAlive(editor));
      await interrupt();
      await until('the editor to be gone', () => !isAlive(editor), 5_000);
    } finally {
      if (isAlive(editor)) process.kill(editor, 'SIGKILL');
    }
  });
});

/** A checkout with nothing but the set-up, and with what that has fetched before, of which it does not know yet. */
function freshCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vaultside-checkout-'));
  const setup = join('test', 'support', 'setup');
  cpSync(join(projectRoot, setup), join(folder, setup), { recursive: true });
  const cache = join(projectRoot, '.vscode-test');
  mkdirSync(join(folder, '.vscode-test'));
  for (const name of readdirSync(cache).filter((each) => /^(code-server|node)-/.test(each))) {
    symlinkSync(join(cache, name), join(folder, '.vscode-test', name), 'junction');
  }
  writeFileSync(
    join(folder, 'start.mjs'),
    `import { prepareEditor } from './${setup.replaceAll('\\', '/')}/prepare.mjs';
    await prepareEditor({ versions: ['newest'], needsBrowser: false });`,
  );
  return folder;
}

describe('the set-up of npm start', () => {
  it('writes down the VS Code that it has, and keeps what npm test has written down', async () => {
    const folder = freshCheckout();
    try {
      const record = join(folder, '.vscode-test', 'installed.json');
      const start = async () => {
        await promisify(execFile)(process.execPath, ['start.mjs'], { cwd: folder });
        return JSON.parse(readFileSync(record, 'utf8')) as { servers: Record<string, { root: string }> };
      };
      const { servers } = await start();
      assert.deepEqual(Object.keys(servers), ['newest']);
      assert.ok(existsSync(join(servers.newest!.root, 'out', 'server-main.js')));

      const ofTests = { servers: { '1.105': { root: 'here', node: 'there' } }, browser: { executablePath: 'chrome' } };
      writeFileSync(record, JSON.stringify(ofTests));
      assert.deepEqual(await start(), { ...ofTests, servers: { ...ofTests.servers, ...servers } });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('npm test', () => {
  it('ends with the line of counts and an error when it cannot even begin', async () => {
    const failure: unknown = await promisify(execFile)(process.execPath, ['test/run.mjs', 'no-such-stage'], {
      cwd: projectRoot,
    }).catch((error: unknown) => error);
    const { code, stdout } = failure as { code?: number; stdout: string };
    assert.equal(code, 1);
    assert.match(stdout, /\n0 passed, 1 failed\n$/);
  });
});
