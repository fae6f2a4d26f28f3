import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Tests run from the folder of the project, whatever folder they were compiled to. */
const project = process.cwd();

/** A folder with our set-up and whatever a test adds to it. What the test does there leaves the real project alone. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'vaultside-checkout-'));

  constructor() {
    for (const path of ['test/run.mjs', 'test/support/setup']) {
      cpSync(join(project, path), join(this.folder, path), { recursive: true });
    }
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content, { mode: 0o755 });
  }

  /** Links a folder of the real project to the same place in here. */
  link(path: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    symlinkSync(join(project, path), join(this.folder, path), 'junction');
  }

  /** Runs Node in this folder until it ends. */
  node(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      const options = { cwd: this.folder, env: { ...process.env, ...env } };
      execFile(process.execPath, args, options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
      });
    });
  }

  start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'inherit'] });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
