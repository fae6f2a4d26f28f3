import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from './shell.mjs';

/**
 * Gives everything that this process starts from now on a temporary folder and a mark in the environment. By these,
 * what a run leaves behind is told from the files and processes of others, and of another run at the same time.
 */
export class Leftovers {
  #folder = mkdtempSync(join(shortTemporaryFolder(), 'vt-'));
  #mark = `VAULTSIDE_RUN_${randomBytes(8).toString('hex')}`;
  #untracked = untrackedFiles();

  constructor() {
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = this.#folder;
    process.env[this.#mark] = '1';
    // npm and the TypeScript compiler would leave their compile cache in the temporary folder.
    process.env.NODE_DISABLE_COMPILE_CACHE = '1';
  }

  /** The kinds of leftovers that cannot be looked for on this machine, in words. */
  blindSpots() {
    return [
      ...(process.platform === 'linux'
        ? []
        : [`processes that go on (there is no way to tell on ${process.platform})`]),
      ...(this.#untracked ? [] : ['files in this folder (it is no git checkout, or there is no git)']),
    ];
  }

  /** Names what is left, after a while in which processes that were told to end can do so. Empty if nothing is left. */
  async find(patienceMs = 15_000) {
    const deadline = Date.now() + patienceMs;
    while (this.#processes().length > 0 && Date.now() < deadline) await pause(100);
    const before = new Set(this.#untracked);
    return [
      ...this.#processes().map(({ pid, args }) => `process ${pid}: ${args}`),
      ...readdirSync(this.#folder).map((name) => `file: ${join(this.#folder, name)}`),
      ...(untrackedFiles() ?? []).filter((name) => !before.has(name)).map((name) => `file: ${join(projectRoot, name)}`),
    ];
  }

  /** Ends the processes and removes the temporary folder. Does not wait, so that it can be the last thing to happen. */
  clear() {
    for (const { pid } of this.#processes()) kill(pid);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /**
   * The processes that carry the mark, or have the folder among their arguments: Chromium overwrites the environment
   * that Linux shows of it.
   */
  #processes() {
    if (process.platform !== 'linux') return [];
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return all.flatMap((pid) => {
      const args = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      // A process that has ended, and whose exit code nobody has asked for yet, has no arguments.
      const ours = args !== '' && (read(`/proc/${pid}/environ`).includes(this.#mark) || args.includes(this.#folder));
      return ours ? [{ pid: Number(pid), args: args.slice(0, 200) }] : [];
    });
  }
}

/**
 * A temporary folder with a short path. Sockets are made below it, and their paths are limited; macOS's own temporary
 * folder is too deep.
 */
function shortTemporaryFolder() {
  return process.platform === 'win32' || tmpdir().length < 10 ? tmpdir() : '/tmp';
}

function untrackedFiles() {
  try {
    const args = ['ls-files', '--others', '--exclude-standard', '-z'];
    const options = { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', args, options).split('\0').filter(Boolean);
  } catch {
    return undefined;
  }
}

/** The content of a file of /proc. Empty for a process that has ended meanwhile or belongs to another user. */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
