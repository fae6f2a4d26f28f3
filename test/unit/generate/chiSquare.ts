/** Once in a million times chance alone goes beyond this many standard deviations. */
const Z = 4.75;

/**
 * Whether such counts come about where each of them is as likely as the others: the chi-squared test, with the quantile as
 * Wilson and Hilferty approximate it.
 */
export function looksEven(counts: readonly number[]): boolean {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return chiSquare < freedom * (1 - 2 / (9 * freedom) + Z * Math.sqrt(2 / (9 * freedom))) ** 3;
}

/** How often each of the outcomes comes. */
export function countsOf(outcomes: readonly string[], times: number, next: () => Iterable<string>): readonly number[] {
  const counts = new Map(outcomes.map((outcome) => [outcome, 0]));
  for (let time = 0; time < times; time++) {
    for (const outcome of next()) counts.set(outcome, counts.get(outcome)! + 1);
  }
  return [...counts.values()];
}
