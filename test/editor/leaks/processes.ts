import { readdirSync, readFileSync } from 'node:fs';
import type { Place } from './scan';

/**
 * Arguments and environment of every process that descends from this one. Works on Linux alone.
 *
 * @param others processes to look at besides, as those that have outlived the one that had started them.
 */
export function childProcesses(others: readonly number[] = []): Place[] {
  if (process.platform !== 'linux') return [];
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const status = read(`/proc/${entry}/status`).toString();
    parents.set(Number(entry), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]));
  }
  const descends = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || descends(parent));
  };
  return [...new Set([...parents.keys()].filter(descends).concat(others))].flatMap((pid) => [
    { name: `arguments of process ${pid}`, bytes: read(`/proc/${pid}/cmdline`) },
    { name: `environment of process ${pid}`, bytes: read(`/proc/${pid}/environ`) },
  ]);
}

/** The content of a file of /proc. Empty for a process that has ended meanwhile. */
function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
