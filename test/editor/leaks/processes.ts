import { descendants, read } from '../host/processes';
import type { Place } from './scan';

/**
 * Arguments and environment of every process that descends from this one. Works on Linux alone.
 *
 * @param others processes to look at besides, as those that have outlived the one that had started them.
 */
export function childProcesses(others: readonly number[] = []): Place[] {
  return [...new Set([...descendants(process.pid), ...others])].flatMap((pid) => [
    { name: `arguments of process ${pid}`, bytes: read(`/proc/${pid}/cmdline`) },
    { name: `environment of process ${pid}`, bytes: read(`/proc/${pid}/environ`) },
  ]);
}
