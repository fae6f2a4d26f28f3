import { appendFileSync } from 'node:fs';

export interface Figures {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Contestant {
  readonly name: string;
  readonly run: () => unknown;
}

/**
 * Runs the contestants in turn, A B A B …, so that a machine whose speed drifts drifts for both; one warm-up round
 * first. Milliseconds.
 */
export async function inTurn(contestants: readonly Contestant[], rounds: number): Promise<Map<string, Figures>> {
  const times = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, run } of contestants) {
      const start = performance.now();
      await run();
      const took = performance.now() - start;
      if (round >= 0) times.get(name)?.push(took);
    }
  }
  return new Map([...times].map(([name, took]) => [name, figures(took)]));
}

export function figures(times: readonly number[]): Figures {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? NaN;
  return { min: at(0), median: at(0.5), max: at(1) };
}

export function row(title: string, { min, median, max }: Figures): void {
  const text = [median, min, max].map((time) => time.toFixed(time < 10 ? 2 : 0).padStart(8));
  console.log(`  ${title.padEnd(34)} ${text[0] ?? ''} ms   (${text[1]?.trim() ?? ''} to ${text[2]?.trim() ?? ''})`);
}

/** Prints a row for each and how the first compares with the second. */
export function compare(title: string, aim: number, results: Map<string, Figures>): void {
  const [first, second] = rows(title, results);
  if (first && second) compareTwo(results, first, second, aim);
}

/** Prints a row for each. Gives the names. */
export function rows(title: string, results: Map<string, Figures>): string[] {
  console.log(`\n${title}`);
  for (const [name, result] of results) row(name, result);
  return [...results.keys()];
}

/**
 * Prints, by medians, how one compares with another.
 *
 * @param aim how many times as fast it should be.
 */
export function compareTwo(results: Map<string, Figures>, name: string, other: string, aim: number): void {
  const times = (results.get(other)?.median ?? NaN) / (results.get(name)?.median ?? NaN);
  const verdict = `aim: ${aim.toFixed(2)}, ${judged(times >= aim)}`;
  console.log(`  ${name} is ${times.toFixed(times < 10 ? 2 : 0)} times as fast as ${other} (${verdict})`);
}

/** The word for it, which `npm run bench` counts. */
export function judged(isMet: boolean): string {
  const word = isMet ? 'met' : 'MISSED';
  const { BENCH_VERDICTS } = process.env;
  if (BENCH_VERDICTS) appendFileSync(BENCH_VERDICTS, `${word}\n`);
  return word;
}

/** The longest stretch, in milliseconds, for which the work keeps this thread from doing anything else. */
export async function longestTask(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(look);
  };
  setImmediate(look);
  await work();
  running = false;
  await new Promise((resolve) => setImmediate(resolve));
  return longest;
}
