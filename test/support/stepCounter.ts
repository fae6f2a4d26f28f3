import { type Profiler, Session } from 'node:inspector';

/**
 * Counts how often each block of code below `src` runs, which is the same on every machine. Native code, such as that of
 * JSON.parse and regular expressions, is not in it. It counts in what is loaded after this alone.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Steps since the last time. */
export function stepsTaken(): number {
  let steps = 0;
  const count = ({ url, functions }: Profiler.ScriptCoverage) => {
    if (!url.includes('/src/')) return;
    for (const { ranges } of functions) for (const range of ranges) steps += range.count;
  };
  session.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error !== null) throw error;
    for (const each of taken.result) count(each);
  });
  return steps;
}
