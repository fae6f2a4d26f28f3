import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BwServe } from './bwServe';

export interface BwResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BwRun {
  /** Variables that are added to the environment. Secrets reach the CLI in no other way. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The variables that the CLI gets from us: what Node needs, and the mark by which a run of tests recognises its own
 * processes.
 */
const passedOn = /^(PATH|SystemRoot|VAULTSIDE_RUN_\w+)$/i;

function cliPath(): string {
  const manifest = createRequire(join(process.cwd(), 'package.json')).resolve('@bitwarden/cli/package.json');
  return join(dirname(manifest), 'build', 'bw.js');
}

/** The official CLI with a profile of its own that trusts one certificate authority. */
export class Bw {
  #session: string | undefined;
  #serve: BwServe | undefined;
  #serves = 0;

  private constructor(private readonly folder: string) {}

  /** @param ca PEM of the authority to trust. */
  static async create(ca: string): Promise<Bw> {
    const folder = await mkdtemp(join(tmpdir(), 'vaultside-bw-'));
    await writeFile(join(folder, 'ca.pem'), ca);
    return new Bw(folder);
  }

  /** Runs `bw ...args` to its end, whatever the outcome. */
  run(args: readonly string[], options: BwRun = {}): Promise<BwResult> {
    const env = { ...this.#environment, ...options.env };
    return new Promise((resolve) => {
      const limits = { env, timeout: 60_000, maxBuffer: 256 * 1024 * 1024 };
      const child = execFile(process.execPath, [cliPath(), ...args], limits, (error, stdout, stderr) => {
        resolve({ code: error ? (child.exitCode ?? 1) : 0, stdout, stderr });
      });
      child.stdin?.end();
    });
  }

  /** As run, for calls that must succeed; gives what was printed, without the line's end. */
  async ok(args: readonly string[], options: BwRun = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) throw new Error(`bw ${args.join(' ')} ended with ${code}: ${stderr.trim() || stdout.trim()}`);
    return stdout.trimEnd();
  }

  async json<T = unknown>(args: readonly string[], options: BwRun = {}): Promise<T> {
    return JSON.parse(await this.ok(args, options)) as T;
  }

  async login(url: string, clientId: string, clientSecret: string): Promise<string> {
    await this.ok(['config', 'server', url]);
    return this.ok(['login', '--apikey'], { env: { BW_CLIENTID: clientId, BW_CLIENTSECRET: clientSecret } });
  }

  /** Unlocks, and keeps the session for the calls that follow. */
  async unlock(password: string): Promise<void> {
    const env = { BW_MASTER_PASSWORD: password };
    this.#session = await this.ok(['unlock', '--raw', '--passwordenv', 'BW_MASTER_PASSWORD'], { env });
  }

  /** While it runs, no other command may: it keeps what it has read. */
  async serve(): Promise<BwServe> {
    const socket = join(this.folder, `serve-${this.#serves++}`);
    const args = [cliPath(), 'serve', '--hostname', `unix://${socket}`];
    const child = spawn(process.execPath, args, { env: this.#environment, stdio: 'ignore' });
    return (this.#serve = await BwServe.listening(child, socket));
  }

  get #environment(): NodeJS.ProcessEnv {
    return {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name))),
      HOME: this.folder,
      TMPDIR: this.folder,
      NODE_EXTRA_CA_CERTS: join(this.folder, 'ca.pem'),
      BITWARDENCLI_APPDATA_DIR: join(this.folder, 'profile'),
      BW_NOINTERACTION: 'true',
      ...(this.#session === undefined ? {} : { BW_SESSION: this.#session }),
    };
  }

  /** Removes the profile and all that is in it. */
  async dispose(): Promise<void> {
    await this.#serve?.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
