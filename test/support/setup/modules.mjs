import { readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { exists } from './cache.mjs';
import { npm, projectRoot, step } from './shell.mjs';

const modules = join(projectRoot, 'node_modules');
const developmentNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Installs the development dependencies, unless what is there is what the lock file asks for. */
export async function installModules() {
  if (!(await matchLockFile())) {
    await step('npm ci (development dependencies)', () => npm(['ci', '--include=dev', '--include=optional']));
  }
  if (!(await exists(developmentNode))) await npm(['rebuild', 'node', 'esbuild']);
}

/** npm leaves its own account of a finished install in node_modules. */
async function matchLockFile() {
  const wanted = await packagesOf(join(projectRoot, 'package-lock.json'));
  const found = await packagesOf(join(modules, '.package-lock.json')).catch(() => ({}));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || found[path]?.version === version || (optional && !found[path]),
  );
}

async function packagesOf(lockFile) {
  return JSON.parse(await readFile(lockFile, 'utf8')).packages;
}

/**
 * Goes on under the development Node: the current tools ask for more than the Node 20 that may be on PATH. Resolves
 * with false in the process that already runs under it, and otherwise with true once its successor has ended.
 */
export async function continuedElsewhere() {
  const wanted = JSON.parse(await readFile(join(modules, 'node', 'package.json'), 'utf8')).version;
  if (process.versions.node === wanted) return false;
  const child = spawn(developmentNode, process.argv.slice(1), { cwd: projectRoot, stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => child.kill(signal);
  // The terminal sends Ctrl+C to the whole group already; we only have to outlive the child.
  for (const signal of signals) process.on(signal, signal === 'SIGINT' && process.stdin.isTTY ? () => {} : forward);
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      signal ? reject(new Error(`${developmentNode} ended with ${signal}`)) : resolve(code),
    );
  });
  for (const signal of signals) process.removeAllListeners(signal);
  return true;
}
