import Module, * as moduleApi from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadReport } from './probe';

/**
 * Takes the place of the extension's entry in a copy of it, loads the real one, and writes down what that asks
 * for.
 */

type Loader = { _load(request: string, parent: { filename?: string } | undefined, isMain: boolean): unknown };
type Extension = { activate(context: unknown): unknown; deactivate(): unknown };
/** Not in the typings of the oldest Node that we support. */
type Hooks = {
  registerHooks?(hooks: {
    resolve(specifier: string, context: { parentURL?: string }, next: (...args: unknown[]) => unknown): unknown;
  }): unknown;
};

const bundle = join(__dirname, 'extension.js');
const report: LoadReport = { loaded: [], used: [], exports: [], api: 'nothing' };

function write(): void {
  const { PROBE_REPORT } = process.env;
  if (PROBE_REPORT) writeFileSync(PROBE_REPORT, JSON.stringify(report));
}

function note(list: string[], name: string): void {
  if (list.includes(name)) return;
  list.push(name);
  write();
}

function watchModules(): void {
  const loader = Module as unknown as Loader;
  const load = loader._load.bind(loader);
  loader._load = (request, parent, isMain) => {
    if (parent?.filename === bundle) note(report.loaded, request);
    return load(request, parent, isMain);
  };
  // An import() does not come by the loader above. In Node 22 this hook brings VS Code's own loading to a halt.
  if (process.versions.node.startsWith('22.')) return;
  (moduleApi as Hooks).registerHooks?.({
    resolve(specifier, context, next) {
      if (context.parentURL === pathToFileURL(bundle).href) note(report.loaded, specifier);
      return next(specifier, context);
    },
  });
}

/** What is there without being loaded: the network and the crypto of the Web. */
function watchGlobals(): void {
  for (const name of ['fetch', 'WebSocket', 'crypto', 'XMLHttpRequest']) {
    const found = Object.getOwnPropertyDescriptor(globalThis, name);
    if (found?.configurable !== true) continue;
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: found.enumerable ?? false,
      get: () => {
        if (new Error().stack?.includes(bundle)) note(report.used, name);
        return found.get ? (found.get.call(globalThis) as unknown) : (found.value as unknown);
      },
      set: (value: unknown) => void (found.value = value),
    });
  }
}

watchModules();
watchGlobals();

// eslint-disable-next-line @typescript-eslint/no-require-imports -- only now, under observation
const extension = require(bundle) as Extension;
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
