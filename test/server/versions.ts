/** Whether a parsed client version is this one or newer. A missing number counts as less than 0. */
export function atLeast(version: readonly number[] | undefined, floor: readonly number[]): boolean {
  if (!version) return false;
  for (const [at, wanted] of floor.entries()) {
    const given = version[at] ?? -1;
    if (given !== wanted) return given > wanted;
  }
  return true;
}
