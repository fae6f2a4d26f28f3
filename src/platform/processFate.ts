import { readFile, readlink } from 'node:fs/promises';
import { hasCode } from './fileErrors';

/** Identifies a process among all that ever ran, on any machine. */
export interface ProcessId {
  /**
   * The machine, its latest start and the namespace of pids: the same pid elsewhere is another process. Undefined: it
   * cannot be determined.
   */
  readonly machine: string | undefined;
  readonly pid: number;
  /** When the process began: a later process may be given the same pid. Undefined: it cannot be determined. */
  readonly started: string | undefined;
}

/**
 * - `gone`: it has certainly ended.
 * - `alive`: it certainly runs.
 * - `likely`: a process with that pid runs on this machine, but it may be another process.
 * - `unknown`: it cannot be seen from here: it is on another machine, in another container, or ran before this machine
 *   was started.
 */
export type Fate = 'gone' | 'alive' | 'likely' | 'unknown';

let ours: Promise<ProcessId> | undefined;

export function thisProcess(): Promise<ProcessId> {
  ours ??= identify();
  return ours;
}

/**
 * What has become of a process. Never rejects. Answers `gone` only when that is proved: a wrong `gone` would take a
 * lock from a process that is still at work.
 */
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

/** A pid of 0 or less would stand for a group of processes. */
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

/**
 * Identifies the machine since its latest start, and the namespace of pids: two containers on one machine may have the
 * same pids.
 */
async function linuxMachine(): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const { hostname } = await import('node:os');
    return await shortHash([boot.trim(), await readlink('/proc/self/ns/pid'), hostname()]);
  } catch {
    return undefined;
  }
}

/** Identifies the machine by its name and hardware addresses: two machines of one network may have the same name. */
async function otherMachine(): Promise<string | undefined> {
  const { hostname, networkInterfaces } = await import('node:os');
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, mac }) => !internal && !/^[0:]+$/.test(mac))
    .map(({ mac }) => mac);
  return addresses.length === 0 ? undefined : shortHash([hostname(), ...[...new Set(addresses)].sort()]);
}

/**
 * A digest that is short enough for a file of a lock. Crypto is loaded with the first lock, so that starting up does
 * not wait for it.
 */
async function shortHash(parts: readonly string[]): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Signal 0 is not delivered; it only asks whether the process exists. */
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
