import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers';
import { projectRoot, running } from './shell.mjs';

export const outDir = process.env.OUT_DIR ?? 'out';
const bin = (name) => join('node_modules', '.bin', name);
const node = process.execPath;
/** For a stage that hangs; the longest one takes some ten minutes, and several times that on a busy machine. */
const stageTimeoutMs = 60 * 60_000;
/** For the last words of a program that has ended. */
const pipePatienceMs = 5_000;

/** A check that passes or fails as a whole. */
export function check(name, ...command) {
  return async (output) => {
    begin(name, output);
    const code = await spawned(command, output);
    return count(name, code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }, output);
  };
}

/** A local tool, run under the Node that runs us and not by its own first line. */
export function tool(name, ...args) {
  return process.platform === 'win32' ? [`${bin(name)}.cmd`, ...args] : [node, bin(name), ...args];
}

/** A stage of Mocha tests on Node. */
export function mocha(name, glob, { timeoutMs = 20_000, env = {} } = {}) {
  const reporter = join('test', 'support', 'setup', 'reporter.cjs');
  const args = [`${outDir}/${glob}`, '--reporter', reporter, '--timeout', String(timeoutMs)];
  args.push('--forbid-only', '--forbid-pending');
  args.push('--require', join('test', 'support', 'setup', 'endOnSignal.cjs'));
  if (process.stdout.isTTY) args.push('--color');
  return counted(name, [node, join('node_modules', 'mocha', 'bin', 'mocha.js'), ...args], env);
}

/** A stage of our own that leaves its counts where SUITE_RESULTS says. */
export function counted(name, command, env = {}) {
  return async (output) => {
    begin(name, output);
    const results = join(projectRoot, outDir, `results-${name.replaceAll(/\W+/g, '-')}.json`);
    await rm(results, { force: true });
    const code = await spawned(command, output, { ...env, SUITE_RESULTS: results });
    const text = await readFile(results, 'utf8').catch(() => '{}');
    const { passed = 0, failed = 0 } = JSON.parse(text);
    // A stage that broke down, or that ran no test at all, must not look like success.
    const unaccounted = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
    return count(name, { passed, failed: failed + unaccounted }, output);
  };
}

/**
 * Runs stages at the same time. What they print comes one stage after another all the same: that of the first one as it
 * is written, that of another as soon as all before it have ended, or this process ends.
 */
export async function sideBySide(stages) {
  const outputs = stages.map(() => new HeldOutput());
  const show = () => outputs.forEach((output) => output.show());
  process.prependOnceListener('exit', show);
  const ends = stages.map((stage, index) => stage(outputs[index]));
  const total = { passed: 0, failed: 0 };
  for (const [index, end] of ends.entries()) {
    outputs[index].show();
    const { passed, failed } = await end;
    total.passed += passed;
    total.failed += failed;
  }
  process.off('exit', show);
  return total;
}

class HeldOutput {
  #held = [];
  #shows = false;

  write(chunk) {
    if (this.#shows) process.stdout.write(chunk);
    else this.#held.push(chunk);
  }

  show() {
    this.#shows = true;
    for (const chunk of this.#held.splice(0)) process.stdout.write(chunk);
  }
}

export function begin(name, output = process.stdout) {
  output.write(`\n== ${name}\n`);
}

export function count(name, result, output = process.stdout) {
  output.write(`[${name}] ${result.passed} passed, ${result.failed} failed\n`);
  return result;
}

/** Shows on the terminal what the program prints, unless there is another place for it. */
function spawned([program, ...args], output, env = {}) {
  return new Promise((resolve) => {
    const print = output ? 'pipe' : 'inherit';
    const options = { cwd: projectRoot, env: { ...process.env, ...env }, stdio: ['ignore', print, print] };
    const child = spawn(program, args, { ...options, timeout: stageTimeoutMs, shell: program.endsWith('.cmd') });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.write(chunk));
    child.on('error', (error) => console.error(String(error)));
    // A program that it has left behind keeps the pipes open.
    child.on('exit', () => setTimeout(closePipes, pipePatienceMs, child).unref());
    child.on('close', (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

function closePipes({ stdout, stderr }) {
  for (const stream of [stdout, stderr]) stream?.destroy();
}
