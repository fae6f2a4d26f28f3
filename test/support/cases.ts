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
