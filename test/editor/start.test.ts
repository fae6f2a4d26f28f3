import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { demoItems } from '../server/demoItems';
import { Checkout } from '../support/checkout';
import { isAlive } from './control/controlledExtension';
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
    writeFileSync(${JSON.stringify(started)}, JSON.stringify({ pid, args, env: process.env }));`,
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
    const { pid, args, env } = JSON.parse(readFileSync(started, 'utf8')) as {
      pid: number;
      args: string[];
      env: Record<string, string>;
    };
    try {
      assert.ok(isAlive(pid));
      assert.deepEqual(
        ['server', 'client_id', 'client_secret'].map(
          (name) => new RegExp(`^ *${name} +(\\S+)$`, 'm').exec(output)?.[1],
        ),
        [env.BW_SERVER, env.BW_CLIENTID, env.BW_CLIENTSECRET],
      );
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

/** Does what the demo says to try, as somebody would who has never seen it, and prints how long that took. */
async function tryWhatItSays(workbench: Workbench, output: string): Promise<void> {
  const { quickInput, page } = workbench;
  const printed = (name: string) => new RegExp(`^ *${name} +(\\S+)$`, 'm').exec(output)?.[1] ?? assert.fail(output);
  const steps = /Try this[^\n]*:\n([^]*?)\n\n/.exec(output)?.[1] ?? assert.fail(output);
  const commands = [...steps.matchAll(/"Vaultside \(Bitwarden\): ([^"]+)"/g)].map(([, command]) => command);
  assert.deepEqual(commands, ['Search Vault', 'Rotate API Key']);

  const person = new Person(page);
  await person.clicks(page.locator('.activitybar').getByRole('tab', { name: 'Bitwarden' }));
  const tree = workbench.tree('Vault');
  await person.clicks(tree.welcome().getByRole('button', { name: 'Sign In with API Key' }));
  await quickInput.row('Self-hosted').waitFor();
  await person.types('');
  await quickInput.waitForMessage(`Connects to ${printed('server')}`);
  await person.types('');
  await quickInput.row('Use the key from the environment').waitFor();
  await person.types('');
  await quickInput.waitForMessage('Master password of');
  await person.types(printed('master password'));
  await tree.waitForRow('GitHub');
  await person.pointsAt(tree.row('GitHub').first());
  await person.clicks(tree.row('GitHub').first().getByRole('button', { name: 'Copy Password' }));
  await workbench.waitForStatus('vaultside.copied', /copied · \d+ s/);
  console.log(`      a first password copied after ${person.seconds} s and ${person.acts} acts`);
  assert.equal(await workbench.clipboard(), demoItems.find(({ name }) => name === 'GitHub')?.password);
  assert.ok(person.acts <= 8, `${person.acts} acts`);

  assert.ok((await quickInput.offeredCommands('Bitwarden: ')).includes('Rotate API Key'));
  await workbench.openSideBar('Explorer');
  await page.locator('.explorer-folders-view').getByText('README.md').dblclick();
  await page.locator('.editor-group-container.active .view-line', { hasText: 'opens the demo vault' }).waitFor();
}

/** Acts at the pace of a person who looks first, and types five keys a second. */
class Person {
  acts = 0;
  readonly #begun = performance.now();

  constructor(private readonly page: Page) {}

  get seconds(): number {
    return Math.round((performance.now() - this.#begun) / 1000);
  }

  async clicks(what: Locator): Promise<void> {
    await this.#looks();
    await what.click();
  }

  async pointsAt(what: Locator): Promise<void> {
    await this.#looks();
    await what.hover();
  }

  /** Types into what has the focus, and presses Enter. */
  async types(text: string): Promise<void> {
    await this.#looks();
    await this.page.keyboard.type(text, { delay: 200 });
    await this.page.keyboard.press('Enter');
  }

  async #looks(): Promise<void> {
    this.acts++;
    await this.page.waitForTimeout(500);
  }
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
