import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../host/installed';
import { until } from '../host/until';

const source = process.env.EXTENSION_DIR ?? projectRoot;

/** Time that passes. `asleep`: as on a computer that sleeps, where timers stand still, here until the next order. */
export interface ClockOrder {
  readonly minutes: number;
  readonly asleep: boolean;
}

/** A copy of the built extension. A test can put its clock ahead and, if asked for, its windows share their secrets. */
export class ControlledExtension {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vaultside-control-'));
  readonly #orders: ClockOrder[] = [];

  constructor(private readonly options: { sharedSecrets?: 'telling' | 'silent' } = {}) {
    for (const name of ['dist', 'l10n', 'media', 'package.nls.json']) {
      cpSync(join(source, name), join(this.#folder, name), { recursive: true });
    }
    for (const name of ['entry.js', 'clock.js', 'secrets.js']) {
      cpSync(join(__dirname, name), join(this.#folder, 'dist', name));
    }
    const bundle = readFileSync(join(source, 'dist', 'extension.js'), 'utf8');
    const clock = `'use strict'; const { Date, setTimeout, clearTimeout } = require('./clock.js');`;
    writeFileSync(join(this.#folder, 'dist', 'extension.js'), clock + bundle);
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as object;
    writeFileSync(join(this.#folder, 'package.json'), JSON.stringify({ ...manifest, main: './dist/entry.js' }));
    this.#give();
  }

  /** Options for opening a VS Code with this copy, in which nobody has signed in yet. */
  setup() {
    rmSync(join(this.#folder, 'secrets.json'), { force: true });
    const env = {
      CONTROL_FOLDER: this.#folder,
      ...(this.options.sharedSecrets && { SHARED_SECRETS: this.options.sharedSecrets }),
    };
    return { extensionDir: this.#folder, env };
  }

  /** Lets time pass. Resolves when everything that was due in that time has begun, in every window. */
  async pass(minutes: number, { asleep = false } = {}): Promise<void> {
    this.#orders.push({ minutes, asleep });
    this.#give();
    await until('every window to follow the clock', () =>
      this.#windows().every((followed) => followed === this.#orders.length),
    );
  }

  /** The time of this clock, in milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#orders.reduce((ahead, { minutes }) => ahead + minutes * 60_000, 0);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #give(): void {
    const unfinished = join(this.#folder, 'orders.tmp');
    writeFileSync(unfinished, JSON.stringify(this.#orders));
    renameSync(unfinished, join(this.#folder, 'orders.json'));
  }

  /** How many orders each window has followed. */
  #windows(): number[] {
    const windows = readdirSync(this.#folder).filter((name) => name.startsWith('window-'));
    return windows
      .filter((name) => isAlive(Number(name.slice('window-'.length))))
      .map((name) => Number(readFileSync(join(this.#folder, name), 'utf8')));
  }
}

let shared: ControlledExtension | undefined;

/** The same copy for all suites of a run, so that they can share a VS Code. */
export function sharedControl(): ControlledExtension {
  if (shared !== undefined) return shared;
  const control = new ControlledExtension({ sharedSecrets: 'silent' });
  process.once('exit', () => control.remove());
  shared = control;
  return control;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
