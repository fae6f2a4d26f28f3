import { availableParallelism } from 'node:os';

/** As many jobs at once: one more than there are cores, since whoever drives an editor waits for a good part of the time. */
export const slots = Math.max(2, availableParallelism()) + 1;

/**
 * Runs jobs at the same time, as many as there are slots, the longest first, so that none is left to run alone at the end.
 * What a job prints comes as a whole once it has ended, or this process ends. Resolves with the outcomes, each with the
 * job's `name` and its `seconds`; `onEnd` gets each at once, for who does not wait until all have ended.
 */
export async function runAll(jobs, { stopped = () => false, onEnd = () => {} } = {}) {
  const waiting = [...jobs].sort((a, b) => b.expectedSeconds - a.expectedSeconds);
  const outcomes = [];
  const open = new Set();
  const showAll = () => open.forEach((output) => output.show());
  process.prependOnceListener('exit', showAll);
  const slot = async () => {
    for (let job = waiting.shift(); job !== undefined && !stopped(); job = waiting.shift()) {
      const output = new HeldOutput();
      open.add(output);
      const outcome = await timed(job, output);
      open.delete(output);
      output.show();
      outcomes.push(outcome);
      onEnd(outcome);
    }
  };
  await Promise.all(Array.from({ length: slots }, slot));
  process.off('exit', showAll);
  return outcomes;
}

/** Runs one job at once, and prints as it goes. */
export function runNow(job) {
  return timed(job, process.stdout);
}

async function timed({ name, run }, output) {
  output.write(`\n== ${name}\n`);
  const started = performance.now();
  const result = await run(output);
  const seconds = (performance.now() - started) / 1000;
  output.write(`[${name}] ${result.passed} passed, ${result.failed} failed, ${seconds.toFixed(1)} s\n`);
  return { name, seconds, unsteady: [], times: [], ...result };
}

class HeldOutput {
  #held = [];
  #shows = false;

  write(chunk) {
    if (this.#shows) process.stdout.write(chunk);
    else this.#held.push(chunk);
  }

  show() {
    this.#shows = true;
    for (const chunk of this.#held.splice(0)) process.stdout.write(chunk);
  }
}
