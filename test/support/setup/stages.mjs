import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, running } from './shell.mjs';

export const outDir = process.env.OUT_DIR ?? 'out';
const bin = (name) => join('node_modules', '.bin', name);
const node = process.execPath;
/** For a stage that hangs; the longest one takes some ten minutes, and several times that on a busy machine. */
const stageTimeoutMs = 60 * 60_000;

/** A check that passes or fails as a whole. */
export function check(name, ...command) {
  return async () => count(name, (await spawned(command)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}

/** A local tool, run under the Node that runs us and not by its own first line. */
export function tool(name, ...args) {
  return process.platform === 'win32' ? [`${bin(name)}.cmd`, ...args] : [node, bin(name), ...args];
}

/** A stage of Mocha tests on Node. */
export function mocha(name, glob, { timeoutMs = 20_000, env = {} } = {}) {
  const reporter = join('test', 'support', 'setup', 'reporter.cjs');
  const args = [`${outDir}/${glob}`, '--reporter', reporter, '--timeout', String(timeoutMs), '--forbid-only'];
  args.push('--require', join('test', 'support', 'setup', 'endOnSignal.cjs'));
  return counted(name, [node, join('node_modules', 'mocha', 'bin', 'mocha.js'), ...args], env);
}

/** A stage of our own that leaves its counts where SUITE_RESULTS says. */
export function counted(name, command, env = {}) {
  return async () => {
    const results = join(projectRoot, outDir, `results-${name.replaceAll(/\W+/g, '-')}.json`);
    await rm(results, { force: true });
    const code = await spawned(command, { ...env, SUITE_RESULTS: results });
    const text = await readFile(results, 'utf8').catch(() => '{}');
    const { passed = 0, failed = 0, skipped = 0 } = JSON.parse(text);
    // A stage that broke down, or that ran no test at all, must not look like success.
    const unaccounted = failed === 0 && skipped === 0 && (code !== 0 || passed === 0) ? 1 : 0;
    return count(name, { passed, failed: failed + skipped + unaccounted });
  };
}

export function count(name, result) {
  console.log(`[${name}] ${result.passed} passed, ${result.failed} failed`);
  return result;
}

function spawned([program, ...args], env = {}) {
  return new Promise((resolve) => {
    const options = { cwd: projectRoot, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] };
    const child = spawn(program, args, { ...options, timeout: stageTimeoutMs, shell: program.endsWith('.cmd') });
    running.add(child);
    child.on('error', (error) => console.error(String(error)));
    child.on('close', (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}
