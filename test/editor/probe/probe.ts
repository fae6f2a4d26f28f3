import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../host/installed';

const source = process.env.EXTENSION_DIR ?? projectRoot;

/** What a JavaScript file did from the moment it was loaded. */
export interface Seen {
  /** Modules that it loaded, in that order, each once. */
  readonly loaded: string[];
  /** Globals of the Web that it touched. */
  readonly used: string[];
}

/** What the extension did on its own. */
export interface LoadReport extends Seen {
  /** The same for a file that does on purpose everything that is watched for. */
  readonly control: Seen;
  /** The names that the bundle exports to VS Code. */
  exports: string[];
  /** Type of what activate() returned, which other extensions would get. */
  api: string;
}

/** Milliseconds: by the clock, and of them those that a processor worked for us. The rest is the machine's. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** A period in which the thread of the extension host did nothing else. */
export interface Task extends Cost {
  /** Milliseconds since the epoch. */
  readonly end: number;
}

/** The tasks of the thread of the extension host, our own and those of others. */
export interface TimeReport {
  load: Cost;
  activate: Cost;
  /** The tasks that a user could notice, in the order in which they ended. */
  readonly tasks: Task[];
  /** Pauses for garbage collection; they are part of the tasks. */
  readonly garbage: { readonly end: number; readonly ms: number }[];
  /** All tasks and pauses until then are in the report. Milliseconds since the epoch. */
  until: number;
}

interface Reports {
  readonly load: LoadReport;
  readonly time: TimeReport;
}

const control = `
  require('node:zlib');
  import('node:dns');
  void [globalThis.fetch, globalThis.WebSocket, globalThis.crypto];
`;

/**
 * A copy of the extension that reports on itself. One entry counts modules and another one measures time, since each
 * would disturb the other.
 */
export class ExtensionProbe<Kind extends keyof Reports> {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vaultside-probe-'));
  readonly #reportFile = join(this.#folder, 'report.json');

  constructor(kind: Kind) {
    for (const name of ['dist', 'l10n', 'media', 'package.nls.json']) {
      cpSync(join(source, name), join(this.#folder, name), { recursive: true });
    }
    cpSync(join(__dirname, `${kind}Entry.js`), join(this.#folder, 'dist', 'entry.js'));
    if (kind === 'load') this.#reportImports();
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as object;
    writeFileSync(join(this.#folder, 'package.json'), JSON.stringify({ ...manifest, main: './dist/entry.js' }));
  }

  /** Has the code itself report each import(): not all versions of Node can tell otherwise. */
  #reportImports(): void {
    const dist = join(this.#folder, 'dist');
    const files = { 'control.js': control, 'extension.js': readFileSync(join(dist, 'extension.js'), 'utf8') };
    for (const [name, code] of Object.entries(files)) {
      writeFileSync(join(dist, name), code.replaceAll(/\bimport\(/g, 'reportedImport(__filename,'));
    }
  }

  /** Options for opening VS Code with this copy. */
  get setup() {
    return { extensionDir: this.#folder, env: { PROBE_REPORT: this.#reportFile } };
  }

  /** The report on the latest start. */
  get report(): Reports[Kind] {
    return JSON.parse(readFileSync(this.#reportFile, 'utf8')) as Reports[Kind];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
