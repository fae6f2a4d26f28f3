/**
 * What counts of one try, or of two. A test that failed and then passed is unsteady: it counts as passed and is named.
 * `passes` and `failures` are what our reporter leaves behind, the second ones of those files that had a failure.
 */
export function judged(first, second) {
  const failed = second?.failures ?? first.failures;
  const failedTitles = new Set(failed.map(({ title }) => title));
  const passed = new Set([...first.passes, ...(second?.passes ?? [])].filter((title) => !failedTitles.has(title)));
  const unsteady = second ? first.failures.map(({ title }) => title).filter((title) => !failedTitles.has(title)) : [];
  return {
    passed: passed.size,
    failed: failed.length,
    failures: [...failedTitles],
    unsteady,
    times: [...first.times, ...(second?.times ?? [])],
  };
}

/** From this number on they fail the run. */
export const tooManyUnsteady = 3;
