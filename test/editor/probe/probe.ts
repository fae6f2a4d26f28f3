import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../host/installed';

const source = process.env.EXTENSION_DIR ?? projectRoot;

/** What the extension did on its own from the moment it was loaded. */
export interface ActivationReport {
  /** Modules it asked for, in that order, each once. */
  readonly loaded: string[];
  /** Globals of the Web that it touched. */
  readonly used: string[];
  requireMs: number;
  activateMs: number;
  /** Names that the bundle exports to VS Code. */
  exports: string[];
  /** Type of what activate() returned, which other extensions would get. */
  api: string;
}

/** A copy of the extension that reports on itself. */
export class ActivationProbe {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vaultside-probe-'));
  readonly #reportFile = join(this.#folder, 'report.json');

  constructor() {
    for (const name of ['dist', 'l10n', 'media', 'package.nls.json']) {
      cpSync(join(source, name), join(this.#folder, name), { recursive: true });
    }
    cpSync(join(__dirname, 'entry.js'), join(this.#folder, 'dist', 'entry.js'));
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as object;
    writeFileSync(join(this.#folder, 'package.json'), JSON.stringify({ ...manifest, main: './dist/entry.js' }));
  }

  /** What to open VS Code with. */
  get setup() {
    return { extensionDir: this.#folder, env: { ACTIVATION_REPORT: this.#reportFile } };
  }

  /** The report on the latest start. */
  get report(): ActivationReport {
    return JSON.parse(readFileSync(this.#reportFile, 'utf8')) as ActivationReport;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
