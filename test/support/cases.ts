import { randomInt } from 'node:crypto';
import process from 'node:process';

export const isNightly = process.env.MORE_CASES !== undefined;

/**
 * How many generated cases are tried, by default as many as fast-check would try.
 *
 * @param nightly in the nightly run, by default twenty times as many.
 */
export function cases(numRuns = 100, nightly = 20 * numRuns): { readonly numRuns: number } {
  return { numRuns: isNightly ? nightly : numRuns };
}

/** In the nightly run another one each time; else always the same, so that a change is judged by what it changes. */
export const seed = Number(process.env.SEED ?? (isNightly ? randomInt(2 ** 31) : 9));
