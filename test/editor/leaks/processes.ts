import { descendants, read } from '../host/processes';
import type { Place } from './scan';

/** Arguments and environment of every process that descends from this one. Works on Linux alone. */
export function childProcesses(): Place[] {
  return descendants(process.pid).flatMap((pid) => [
    { name: `arguments of process ${pid}`, bytes: read(`/proc/${pid}/cmdline`) },
    { name: `environment of process ${pid}`, bytes: read(`/proc/${pid}/environ`) },
  ]);
}
