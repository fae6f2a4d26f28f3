import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { demoItems } from '../server/demoItems';
import { Checkout } from '../support/checkout';
import { isAlive } from './control/controlledExtension';
import { projectRoot } from './host/installed';
import { launchBrowser } from './host/openVSCode';
import { until } from './host/until';
import { Workbench } from './host/workbench';
import { typeInKey } from './workbench/typeInKey';

function groupIsGone(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** The processes with this mark in their environment, which all descendants inherit. */
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

/**
 * Writes a program into a folder of PATH. `body` is the body of a function, whose parameters are the program's
 * arguments and the modules it may need.
 */
function program(folder: string, name: string, body: string): void {
  const head = `#!${process.execPath}
    const [args, { writeFileSync }, { spawn }] = [process.argv.slice(2), require('node:fs'), require('node:child_process')];`;
  writeFileSync(join(folder, name), `${head}\n${body}`, { mode: 0o755 });
}

/**
 * Writes a `code` command as on Linux: it starts the editor in a session of its own, passes on its arguments and waits.
 * The editor here does nothing; a file has its process id and arguments.
 */
function codeThatOpens(folder: string): string {
  const [editor, started] = [join(folder, 'editor.js'), join(folder, 'started')];
  writeFileSync(editor, 'setInterval(() => {}, 1000);');
  program(
    folder,
    'code',
    `if (args.includes('--version')) return console.log('1.105.0');
    const { pid } = spawn(process.execPath, [${JSON.stringify(editor)}, ...args], { detached: true, stdio: 'ignore' });
    writeFileSync(${JSON.stringify(started)}, JSON.stringify({ pid, args }));`,
  );
  return started;
}

describe('npm start', function () {
  this.timeout(240_000);
  let child: ChildProcess;
  let output = '';
  let folder = '';
  let temporary = '';

  beforeEach(() => {
    // Sockets are made in there, and their paths are limited.
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
      // npm's compile cache would be left there, and is not ours to remove.
      env: { ...process.env, TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }

  function whenReady(where: RegExp): Promise<string> {
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

  it('opens the extension and a workspace beside a demo server, with a key that opens its vault, until Ctrl+C', async () => {
    const mark = `VAULTSIDE_START_TEST=${process.pid}`;
    start({ VAULTSIDE_EDITOR: 'browser', VAULTSIDE_START_TEST: String(process.pid) });
    const address = await whenReady(/ready in: (http\S+)/);

    const browser = await launchBrowser();
    try {
      const context = await browser.newContext({ locale: 'en-US' });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(address).origin });
      const page = await context.newPage();
      await page.goto(address);
      await tryWhatItSays(await Workbench.ready(page), output);
    } finally {
      await browser.close();
    }

    await interrupt();
    if (process.platform === 'linux') assert.deepEqual(marked(mark), []);
  });

  it('ends a desktop VS Code that has left its process group', async () => {
    const started = codeThatOpens(folder);
    start({ VAULTSIDE_EDITOR: '', DISPLAY: ':0', PATH: folder + delimiter + process.env.PATH! });
    await whenReady(/ready in: (the VS Code window)/);
    await until('the editor to start', () => existsSync(started) && readFileSync(started, 'utf8') !== '');
    const { pid, args } = JSON.parse(readFileSync(started, 'utf8')) as { pid: number; args: string[] };
    try {
      assert.ok(isAlive(pid));
      const isRootOnLinux = process.platform === 'linux' && process.getuid!() === 0;
      assert.equal(args.includes('--no-sandbox'), isRootOnLinux, 'which VS Code asks of root, and of nobody else');
      await interrupt();
      await until('the editor to be gone', () => !isAlive(pid), 5_000);
    } finally {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
  });

  it('says why a desktop VS Code does not start, and opens the browser instead', async () => {
    const opened = join(folder, 'opened');
    program(
      folder,
      'code',
      `if (args.includes('--version')) return console.log('1.105.0');
      console.error('There is no display.');
      process.exit(1);`,
    );
    program(folder, 'xdg-open', `writeFileSync(${JSON.stringify(opened)}, args.join());`);
    start({ VAULTSIDE_EDITOR: '', DISPLAY: ':0', PATH: folder + delimiter + process.env.PATH! });
    const address = await whenReady(/ready in: (http\S+)/);
    assert.match(output, /before it had a window: There is no display\./);
    await until('the browser to open', () => existsSync(opened) && readFileSync(opened, 'utf8') === address);
    assert.equal((await fetch(address)).status, 200);
    await interrupt();
  });
});

/** Uses the values that the demo prints for trying it, as a user would who has nothing else. */
async function tryWhatItSays(workbench: Workbench, output: string): Promise<void> {
  const { quickInput, page } = workbench;
  const printed = (name: string) => new RegExp(`^ *${name} +(\\S+)$`, 'm').exec(output)?.[1] ?? assert.fail(output);
  const steps = /Try this:\n([^]*?)\n\n/.exec(output)?.[1] ?? assert.fail(output);
  const commands = [...steps.matchAll(/"(Bitwarden: [^"]+)"/g)].map(([, command]) => command);
  assert.deepEqual(commands, ['Bitwarden: Sign In with API Key', 'Bitwarden: Rotate API Key']);

  await workbench.openSideBar('Explorer');
  await page.locator('.explorer-folders-view').getByText('README.md').dblclick();
  await page.locator('.editor-group-container.active .view-line', { hasText: 'opens the demo vault' }).waitFor();

  await typeInKey(workbench, {
    server: printed('server'),
    clientId: printed('client_id'),
    clientSecret: printed('client_secret'),
  });
  await workbench.quickInput.waitFor('Unlock Vault');
  await quickInput.submit(printed('master password'));
  await quickInput.waitUntilGone();

  await workbench.openSideBar('Bitwarden');
  const tree = workbench.tree('Vault');
  await tree.expand('Favorites');
  await tree.pressInline('GitHub', 'Copy Password');
  await workbench.waitForStatus('vaultside.copied', /copied · \d+ s/);
  assert.equal(await workbench.clipboard(), demoItems.find(({ name }) => name === 'GitHub')?.password);
  assert.ok((await quickInput.offeredCommands('Bitwarden: ')).includes('Rotate API Key'));
}

/** A checkout with the set-up alone, and with what it has fetched before but does not know of yet. */
function freshCheckout(): Checkout {
  const checkout = new Checkout();
  const fetched = readdirSync(join(projectRoot, '.vscode-test')).filter((name) => /^(code-server|node)-/.test(name));
  for (const name of fetched) checkout.link(`.vscode-test/${name}`);
  checkout.write(
    'start.mjs',
    `import { prepareEditor } from './test/support/setup/prepare.mjs';
    await prepareEditor({ versions: ['newest'], needsBrowser: false });`,
  );
  return checkout;
}

describe('the set-up of npm start', () => {
  it('writes down the VS Code that it has, and keeps what npm test has written down', async () => {
    const checkout = freshCheckout();
    try {
      const record = join('.vscode-test', 'installed.json');
      const start = async () => {
        const { code, stderr } = await checkout.node(['start.mjs']);
        assert.equal(code, 0, stderr);
        const written = readFileSync(join(checkout.folder, record), 'utf8');
        return JSON.parse(written) as { servers: Record<string, { root: string }> };
      };
      const { servers } = await start();
      assert.deepEqual(Object.keys(servers), ['newest']);
      assert.ok(existsSync(join(servers.newest!.root, 'out', 'server-main.js')));

      const ofTests = { servers: { '1.105': { root: 'here', node: 'there' } }, browser: { executablePath: 'chrome' } };
      checkout.write(record, JSON.stringify(ofTests));
      assert.deepEqual(await start(), { ...ofTests, servers: { ...ofTests.servers, ...servers } });
    } finally {
      checkout.remove();
    }
  });
});
