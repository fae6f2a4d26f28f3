import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import type { Cost, TimeReport } from './probe';

/**
 * The entry of a copy of the extension. Loads the real entry, and writes down how long that takes and, from then on,
 * for how long at a time the thread is busy, whoever keeps it busy.
 */

type Extension = { activate(context: unknown): unknown; deactivate(): unknown };

/** Short enough to tell 50 ms from 45, long enough to cost nothing noticeable. */
const TICK_MS = 2;
const WRITE_MS = 500;
const NOTICEABLE_MS = 8;

/**
 * Processor time in milliseconds. The older of the two versions of Node counts all threads of the process, so the
 * result may be too high, and never too low.
 */
function cpuMs(): number {
  const { user, system } = (process as { threadCpuUsage?(): NodeJS.CpuUsage }).threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

function stopwatch(): () => Cost {
  const [wall, cpu] = [performance.now(), cpuMs()];
  return () => {
    const wallMs = performance.now() - wall;
    return { wallMs, cpuMs: Math.min(cpuMs() - cpu, wallMs) };
  };
}

const read = stopwatch();
// eslint-disable-next-line @typescript-eslint/no-require-imports -- only now, with the clock running
const extension = require(join(__dirname, 'extension.js')) as Extension;
const nothing: Cost = { wallMs: 0, cpuMs: 0 };
const report: TimeReport = { load: read(), activate: nothing, tasks: [], garbage: [], until: 0 };

const epoch = (time: number) => performance.timeOrigin + time;

function watchThread(): void {
  let elapsed = stopwatch();
  setInterval(() => {
    const { wallMs, cpuMs } = elapsed();
    elapsed = stopwatch();
    if (wallMs - TICK_MS < NOTICEABLE_MS) return;
    report.tasks.push({ end: epoch(performance.now()), wallMs: wallMs - TICK_MS, cpuMs });
  }, TICK_MS).unref();
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      if (duration >= NOTICEABLE_MS) report.garbage.push({ end: epoch(startTime + duration), ms: duration });
  }).observe({ entryTypes: ['gc'] });
}

function write(): void {
  const { PROBE_REPORT } = process.env;
  if (!PROBE_REPORT) return;
  report.until = epoch(performance.now());
  writeFileSync(`${PROBE_REPORT}.part`, JSON.stringify(report));
  renameSync(`${PROBE_REPORT}.part`, PROBE_REPORT);
}

export function activate(context: unknown): unknown {
  const read = stopwatch();
  const api = extension.activate(context);
  report.activate = read();
  watchThread();
  write();
  setInterval(write, WRITE_MS).unref();
  return api;
}

export function deactivate(): unknown {
  return extension.deactivate();
}
