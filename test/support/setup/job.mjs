import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers';
import { projectRoot, running } from './shell.mjs';
import { judged } from './unsteady.mjs';

export const outDir = process.env.OUT_DIR ?? 'out';
const bin = (name) => join('node_modules', '.bin', name);
const node = process.execPath;
/**
 * A program that takes longer than this is taken to hang. The longest one takes some minutes, and several times that on
 * a busy machine.
 */
const timeoutMs = 60 * 60_000;
/** How long to wait for the last output of a program that has ended. */
const pipePatienceMs = 5_000;

/**
 * A job is a function that takes where to print, and resolves with what came of it: `passed` and `failed` are numbers of
 * tests, `times` the milliseconds of each by its title, `failures` and `unsteady` the titles of those that failed, and of those that
 * passed at the second try.
 */

/** A check that passes or fails as a whole. */
export function check(command, env = {}) {
  return async (output) => {
    const code = await spawned(command, output, env);
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  };
}

/** A local tool, run under the Node that runs us and not by its own first line. */
export function tool(name, ...args) {
  return process.platform === 'win32' ? [`${bin(name)}.cmd`, ...args] : [node, bin(name), ...args];
}

/** Mocha tests on Node. `files` are names or patterns below the folder of what was compiled. */
export function mocha(name, files, { timeoutMs: ofTest = 20_000, env = {}, twice = false } = {}) {
  const command = (chosen) => {
    const args = [
      ...chosen,
      '--reporter',
      join('test', 'support', 'setup', 'reporter.cjs'),
      '--timeout',
      String(ofTest),
    ];
    args.push('--forbid-only', '--forbid-pending');
    args.push('--require', join('test', 'support', 'setup', 'endOnSignal.cjs'));
    if (process.stdout.isTTY) args.push('--color');
    return [node, join('node_modules', 'mocha', 'bin', 'mocha.js'), ...args];
  };
  const all = files.map((file) => join(outDir, file));
  return counted(name, command(all), { env, again: twice ? command : undefined });
}

/**
 * A program that leaves its results where SUITE_RESULTS says, as our reporter does. `again` gives the command for a second
 * try, of the files that hold what has failed; without it nothing is tried twice.
 */
export function counted(name, command, { env = {}, again } = {}) {
  return async (output) => {
    const first = await attempt(name, command, output, env);
    if (again === undefined || first.failed === 0) return judged(first);
    const files = [...new Set(first.failures.map(({ file }) => file))].filter((file) => file !== '');
    output.write(`\n[${name}] once more, in a fresh VS Code: ${files.join(', ') || 'all of it'}\n`);
    return judged(first, await attempt(name, files.length > 0 ? again(files) : command, output, env));
  };
}

async function attempt(name, command, output, env) {
  const file = join(projectRoot, outDir, `results-${name.replaceAll(/\W+/g, '-')}.json`);
  await rm(file, { force: true });
  const code = await spawned(command, output, { ...env, SUITE_RESULTS: file });
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const { passes = [], failures = [], times = [] } = JSON.parse(text);
  // A program that broke down, or that ran no test at all, must not look like success.
  const brokeDown = failures.length === 0 && (code !== 0 || passes.length === 0);
  if (brokeDown) {
    output.write(`\nended with ${code}\n`);
    failures.push({ title: `${name} as a whole`, file: '' });
  }
  return { passes, failures, times, failed: failures.length };
}

/** Resolves with the exit code, or the name of the signal that ended it. */
function spawned([program, ...args], output, env = {}) {
  return new Promise((resolve) => {
    const options = { cwd: projectRoot, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(program, args, { ...options, timeout: timeoutMs, shell: program.endsWith('.cmd') });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.write(chunk));
    child.on('error', (error) => output.write(`${String(error)}\n`));
    // Another program that it has started and left behind would keep the pipes open.
    child.on('exit', () => setTimeout(closePipes, pipePatienceMs, child).unref());
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal ?? 1);
    });
  });
}

function closePipes({ stdout, stderr }) {
  for (const stream of [stdout, stderr]) stream.destroy();
}
