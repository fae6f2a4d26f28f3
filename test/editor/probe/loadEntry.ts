import Module from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadReport, Seen } from './probe';

/** The entry of a copy of the extension. Loads the real entry, and writes down which modules and globals it uses. */

type Loader = { _load(request: string, parent: { filename?: string } | undefined, isMain: boolean): unknown };
type Extension = { activate(context: unknown): unknown; deactivate(): unknown };

const bundle = join(__dirname, 'extension.js');
const control = join(__dirname, 'control.js');
const report: LoadReport = {
  loaded: [],
  used: [],
  control: { loaded: [], used: [] },
  exports: [],
  api: 'nothing',
};
const watched: Readonly<Record<string, Seen>> = { [bundle]: report, [control]: report.control };

function write(): void {
  const { PROBE_REPORT } = process.env;
  if (PROBE_REPORT) writeFileSync(PROBE_REPORT, JSON.stringify(report));
}

function note(list: string[] | undefined, name: string): void {
  if (list === undefined || list.includes(name)) return;
  list.push(name);
  write();
}

function watchModules(): void {
  const loader = Module as unknown as Loader;
  const load = loader._load.bind(loader);
  loader._load = (request, parent, isMain) => {
    note(watched[parent?.filename ?? '']?.loaded, request);
    return load(request, parent, isMain);
  };
  const reportedImport = (file: string, specifier: string): Promise<unknown> => {
    note(watched[file]?.loaded, specifier);
    return import(specifier);
  };
  Object.assign(globalThis, { reportedImport });
}

/** Watches the globals that need no loading: network and crypto of the Web. */
function watchGlobals(): void {
  for (const name of ['fetch', 'WebSocket', 'crypto', 'XMLHttpRequest']) {
    const found = Object.getOwnPropertyDescriptor(globalThis, name);
    if (found?.configurable !== true) continue;
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: found.enumerable ?? false,
      get: () => {
        const stack = new Error().stack ?? '';
        for (const [file, { used }] of Object.entries(watched)) if (stack.includes(file)) note(used, name);
        return found.get ? (found.get.call(globalThis) as unknown) : (found.value as unknown);
      },
      set: (value: unknown) => void (found.value = value),
    });
  }
}

watchModules();
watchGlobals();

// eslint-disable-next-line @typescript-eslint/no-require-imports -- only now, under observation
const load = (file: string) => require(file) as Extension;
load(control);
const extension = load(bundle);
report.exports = Object.keys(extension).sort();

export function activate(context: unknown): unknown {
  const api = extension.activate(context);
  report.api = api === undefined ? 'nothing' : typeof api;
  write();
  return api;
}

export function deactivate(): unknown {
  return extension.deactivate();
}
