import process from 'node:process';

/** How many generated cases fast-check tries, by default as many as it would; the nightly run asks for more. */
export function cases(numRuns = 100): { readonly numRuns: number } {
  return { numRuns: numRuns * Number(process.env.MORE_CASES ?? 1) };
}
