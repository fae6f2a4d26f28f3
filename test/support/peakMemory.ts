import { readFileSync } from 'node:fs';

/** What this process has held at the most. Linux counts in maxRSS what the parent held when it forked. */
export function peakMiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}
