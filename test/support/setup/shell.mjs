import { clearInterval, setInterval } from 'node:timers';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** The programs that run right now, for whoever has to end before they do. */
export const running = new Set();

export function say(message) {
  console.log(`[set-up] ${message}`);
}

/** Runs a program to its end; its output is shown only when it fails. Resolves with what it wrote to stdout. */
export function run(command, args, { cwd = projectRoot, env = process.env, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(stdout);
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}\n${stdout}${stderr}`));
    });
  });
}

/** npm as the one that runs us, or else the one on PATH (a script on Windows, so it needs the shell there). */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...args], options);
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Says what is being done, and every half minute that it is still going on. */
export async function step(message, work) {
  say(message);
  const started = Date.now();
  const ticker = setInterval(() => say(`  still at it after ${seconds(started)} s: ${message}`), 30_000);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

function seconds(since) {
  return Math.round((Date.now() - since) / 1000);
}
