import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from './shell.mjs';

const patienceMs = 5_000;

/**
 * Ends every process that was started with exactly this argument, which has to be one that only ours can carry: first
 * with SIGTERM, after five seconds with SIGKILL. Resolves once they are gone, or five seconds after that. POSIX only.
 */
export async function endProcessesWith(argument) {
  const asked = Date.now();
  for (let pids = await carriersOf(argument); pids.length > 0; pids = await carriersOf(argument)) {
    const waited = Date.now() - asked;
    if (waited > 2 * patienceMs) return;
    for (const pid of pids) signal(pid, waited > patienceMs ? 'SIGKILL' : 'SIGTERM');
    await pause(100);
  }
}

/** Chromium rewrites what its processes show as arguments and joins them by spaces, so that is how we compare. */
async function carriersOf(argument) {
  const processes = process.platform === 'linux' ? await fromProc() : await fromPs();
  return processes.filter(({ args }) => ` ${args} `.includes(` ${argument} `)).map(({ pid }) => pid);
}

async function fromProc() {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(
    pids.map(async (pid) => {
      const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid, args: args.replaceAll('\0', ' ') };
    }),
  );
}

async function fromPs() {
  const lines = await run('ps', ['-axww', '-o', 'pid=,args=']);
  return [...lines.matchAll(/^ *(\d+) (.*)$/gm)].map(([, pid, args]) => ({ pid: Number(pid), args }));
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
