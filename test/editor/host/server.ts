import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keepersIn } from '../../support/keepers';
import { installed, type VSCodeVersion } from './installed';
import { descendants, read } from './processes';
import { until } from './until';

export type ServerOptions = {
  version: VSCodeVersion;
  /** User settings, over the quiet ones below. */
  settings?: Record<string, unknown>;
  /** Keyboard shortcuts of the user, by the command that they run. */
  shortcuts?: Record<string, string>;
  /** False opens folders in Restricted Mode until the user trusts them. */
  trusted?: boolean;
  env?: Record<string, string>;
  /** A folder with a package.json and a built extension, which VS Code is to take for installed. */
  extensionDir?: string;
  /** A package to install first, with VS Code's own `--install-extension`. */
  vsix?: string;
  /** For suites inside the extension host. It also hides notifications, so it is not for the others. */
  acceptsTestSuite?: boolean;
  /** With all extensions that VS Code brings along, about ninety. Starting takes twice as long then. */
  allBuiltIns?: boolean;
};

/** Built-in extensions that our windows need: colours, and JSON for the file of settings. */
const neededBuiltIns = ['theme-defaults', 'json', 'configuration-editing'];

/** Settings without chat, recommendations and news, so that the screen shows only what the tests are about. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'window.commandCenter': false,
  'workbench.editor.useModal': 'off',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  // The editor must not add to what a test types.
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoSurround': 'never',
  'editor.autoIndent': 'none',
  'security.workspace.trust.startupPrompt': 'never',
};

/** The parts of the extension's folder that are in the package. */
const shipped = /^(package(\.nls.*)?\.json|dist|l10n|media)$/;

/** VS Code's own server with its own data folders. After stop() nothing of it is left. */
export class VSCodeServer {
  readonly home: string;
  readonly dataDir: string;
  #process: ChildProcess | undefined;
  #port = 0;
  #output = '';

  constructor(private readonly options: ServerOptions) {
    // Sockets are made in here, and their paths are limited. macOS's own temporary folder is too deep.
    this.home = mkdtempSync(join(shortTemporaryFolder(), 'vaultside-'));
    this.dataDir = join(this.home, 'd');
    mkdirSync(this.#runtime);
    mkdirSync(this.userDir, { recursive: true });
    if (options.extensionDir) this.copyExtension(options.extensionDir);
    if (!options.allBuiltIns) this.linkBuiltIns();
    this.writeSettings(this.settingsWith(options.settings));
    if (options.shortcuts) this.writeShortcuts(options.shortcuts);
    // When a test run ends because of an exception or Ctrl+C, nothing can be waited for any more.
    process.once('exit', this.#abandon);
  }

  readonly #abandon = (): void => {
    if (this.#process?.pid && process.platform !== 'win32') signalGroup(this.#process.pid, 'SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  };

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get authority(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get userDir(): string {
    return join(this.dataDir, 'data', 'User');
  }

  get logsDir(): string {
    return join(this.dataDir, 'data', 'logs');
  }

  /** All settings that VS Code is started with, those of the user among them. */
  settingsWith(settings: Record<string, unknown> = {}): Record<string, unknown> {
    return { ...quietSettings, ...settings };
  }

  private writeSettings(settings: Record<string, unknown>): void {
    writeFileSync(join(this.userDir, 'settings.json'), JSON.stringify(settings, null, 2));
  }

  private writeShortcuts(shortcuts: Record<string, string>): void {
    const bindings = Object.entries(shortcuts).map(([command, key]) => ({ command, key }));
    writeFileSync(join(this.userDir, 'keybindings.json'), JSON.stringify(bindings));
  }

  private get builtInsDir(): string {
    return join(this.home, 'built-ins');
  }

  private linkBuiltIns(): void {
    const { root } = installed().servers[this.options.version];
    mkdirSync(this.builtInsDir);
    for (const name of neededBuiltIns) {
      symlinkSync(join(root, 'extensions', name), join(this.builtInsDir, name), 'junction');
    }
  }

  /** Copies the extension into the extensions folder: what is there at the first start VS Code takes for installed. */
  private copyExtension(folder: string): void {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
    const { publisher, name, version } = manifest;
    const target = join(this.dataDir, 'extensions', `${publisher}.${name}-${version}`);
    for (const entry of readdirSync(folder)) {
      if (shipped.test(entry)) cpSync(join(folder, entry), join(target, entry), { recursive: true });
    }
  }

  private async installPackage(): Promise<void> {
    if (!this.options.vsix || this.#port) return;
    const { program, args, env } = this.command(['--install-extension', this.options.vsix]);
    await promisify(execFile)(program, args, { env });
  }

  /** The command for a task of VS Code's server on the data folders of this one. */
  command(args: readonly string[]): { program: string; args: string[]; env: NodeJS.ProcessEnv } {
    const { root, node } = installed().servers[this.options.version];
    const fixed = ['--accept-server-license-terms', '--server-data-dir', this.dataDir, '--disable-telemetry'];
    const builtIns = this.options.allBuiltIns ? [] : ['--builtin-extensions-dir', this.builtInsDir];
    const all = [join(root, 'out', 'server-main.js'), ...fixed, ...builtIns, ...args];
    return { program: node, args: all, env: this.#environment() };
  }

  /**
   * Starts the server, the next times on the same port, so that the browser finds the data it has stored for this
   * origin.
   */
  async start(): Promise<void> {
    const trust = this.options.trusted === false ? [] : ['--disable-workspace-trust'];
    const { program, args, env } = this.command([
      ...['--host', '127.0.0.1', '--port', String(this.#port), '--without-connection-token'],
      ...trust,
      ...(this.options.acceptsTestSuite ? ['--enable-smoke-test-driver'] : []),
    ]);
    this.#output = '';
    await this.installPackage();
    const child = spawn(program, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    this.#process = child;
    child.stdout.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    await until('VS Code server to listen', () => {
      if (child.exitCode !== null) throw new Error(`VS Code server ended with ${child.exitCode}\n${this.#output}`);
      const port = /Extension host agent listening on (\d+)/.exec(this.#output)?.[1];
      if (port) this.#port = Number(port);
      return port;
    });
  }

  /** Kills the extension host, as a crash would; VS Code starts another one. Works on Linux alone. */
  killExtensionHost(): void {
    const hosts = descendants(this.#process?.pid ?? 0).filter((pid) =>
      read(`/proc/${pid}/cmdline`).includes('--type=extensionHost'),
    );
    if (hosts.length === 0) throw new Error('no extension host runs');
    for (const pid of hosts) process.kill(pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.pid) await endGroup(child);
    await this.#endKeepers();
  }

  /** The processes that hold user keys for our windows outlive these, and so VS Code, by a minute. */
  keepers(): number[] {
    return process.platform === 'win32' ? [] : keepersIn(this.#runtime);
  }

  async #endKeepers(): Promise<void> {
    for (const pid of this.keepers()) process.kill(pid, 'SIGTERM');
    await until('the keeper to end', () => this.keepers().length === 0);
  }

  get #runtime(): string {
    return join(this.home, 'tmp');
  }

  async stopAndRemove(): Promise<void> {
    await this.stop();
    process.off('exit', this.#abandon);
    await rm(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(npm_|VSCODE_|BW_)/.test(name)),
    );
    const ownHome = { HOME: this.home, USERPROFILE: this.home, XDG_RUNTIME_DIR: this.#runtime };
    const suite = this.options.acceptsTestSuite && { SUITE_LOGS: this.logsDir };
    return {
      ...inherited,
      ...ownHome,
      TMPDIR: this.#runtime,
      SHELL: '/bin/sh',
      ...this.options.env,
      ...suite,
    };
  }
}

function shortTemporaryFolder(): string {
  return process.platform !== 'win32' && tmpdir().length > 30 ? '/tmp' : tmpdir();
}

/** Ends the whole process group: extension hosts go on when only the server is told to end. */
async function endGroup(child: ChildProcess): Promise<void> {
  const pid = child.pid!;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F']);
    await until('VS Code server to end', () => child.exitCode !== null || child.signalCode !== null);
    return;
  }
  signalGroup(pid, 'SIGTERM');
  const gone = await until('VS Code server to end', () => !signalGroup(pid, 0), 5_000).catch(() => false);
  if (gone) return;
  signalGroup(pid, 'SIGKILL');
  await until('VS Code server to be killed', () => !signalGroup(pid, 0));
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
