import { readFile, readlink } from 'node:fs/promises';
import { hasCode } from './fileErrors';

/** What tells a process from all others. */
export interface ProcessId {
  /** Where the pid counts: one start of one machine, and one namespace of pids in it. Undefined: there is no telling. */
  readonly machine: string | undefined;
  readonly pid: number;
  /** When the process began; tells it from a later one that was given the same pid. Undefined: there is no telling. */
  readonly started: string | undefined;
}

/**
 * - `gone`: it runs no more, for certain.
 * - `alive`: it runs, for certain.
 * - `likely`: a process of that pid runs on this machine, which may be another one.
 * - `unknown`: it runs, or ran, where nobody can look from here: on another machine, in another container, before the
 *   machine was started again.
 */
export type Fate = 'gone' | 'alive' | 'likely' | 'unknown';

let ours: Promise<ProcessId> | undefined;

export function thisProcess(): Promise<ProcessId> {
  ours ??= identify();
  return ours;
}

/** Never rejects. A wrong `gone` would be worse than any other answer, and is given on proof alone. */
export async function fateOf({ machine, pid, started }: ProcessId): Promise<Fate> {
  const here = await thisProcess();
  if (machine === undefined || machine !== here.machine) return 'unknown';
  if (!isRunning(pid)) return 'gone';
  if (started === undefined || here.started === undefined) return 'likely';
  try {
    const now = await startOf(pid);
    return now === started ? 'alive' : 'gone';
  } catch (error) {
    return hasCode(error, 'ENOENT', 'ESRCH') ? 'gone' : 'likely';
  }
}

/** No pid of 0 or less: those would stand for groups of processes. */
export function isPid(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 32;
}

async function identify(): Promise<ProcessId> {
  const [machine, started] = await Promise.all([
    process.platform === 'linux' ? linuxMachine() : otherMachine(),
    startOf(process.pid).catch(() => undefined),
  ]);
  return { machine, pid: process.pid, started };
}

/** Two containers on one machine have pids of their own, which only the namespace tells apart. */
async function linuxMachine(): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const { hostname } = await import('node:os');
    return await shortHash([boot.trim(), await readlink('/proc/self/ns/pid'), hostname()]);
  } catch {
    return undefined;
  }
}

/** Machines of one network may have been given one name; no two have the same hardware addresses. */
async function otherMachine(): Promise<string | undefined> {
  const { hostname, networkInterfaces } = await import('node:os');
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, mac }) => !internal && !/^[0:]+$/.test(mac))
    .map(({ mac }) => mac);
  return addresses.length === 0 ? undefined : shortHash([hostname(), ...[...new Set(addresses)].sort()]);
}

/** Loaded with the first lock, so that starting up costs nothing of it. */
async function shortHash(parts: readonly string[]): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Signal 0 is sent to nobody; asking is all that it does. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

/**
 * In ticks of the clock since the machine began: field 22 of /proc/<pid>/stat, on Linux alone (man 5 proc_pid_stat). The
 * name of the program, field 2, is in parentheses, and may hold anything.
 *
 * @returns undefined for a process that has ended and only waits to be asked for its exit code.
 */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /^[ZX]$/i.test(fields[0] ?? '') ? undefined : fields[22 - 3];
}
