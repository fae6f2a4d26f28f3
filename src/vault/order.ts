import type { TimeSlices } from '../base/timeSlices';

/** Made when first needed: that takes milliseconds, and starting up has none to spare. */
let collator: Intl.Collator | undefined;

interface MaybeNamed {
  /** Undefined: it could not be decrypted. */
  readonly name: string | undefined;
}

/** Alphabetical, numbers by value; what has no name comes last. */
export function byName(a: MaybeNamed, b: MaybeNamed): number {
  if (a.name === undefined || b.name === undefined) return Number(a.name === undefined) - Number(b.name === undefined);
  collator ??= new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  return collator.compare(a.name, b.name);
}

/** How many of a list in order of {@link byName} come before this one; equals do. */
export function placeByName(list: readonly MaybeNamed[], one: MaybeNamed): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byName(list[middle] ?? one, one) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Few enough to be sorted in one go. */
const FEW = 500;

/** A copy in order of {@link byName}, equals as they came. Sorting 10,000 names in one go takes up to 50 ms. */
export async function sortedByName<T extends MaybeNamed>(list: readonly T[], slices: TimeSlices): Promise<T[]> {
  await slices.next();
  if (list.length <= FEW) return list.toSorted(byName);
  const middle = Math.ceil(list.length / 2);
  const halves = [await sortedByName(list.slice(0, middle), slices), await sortedByName(list.slice(middle), slices)];
  await slices.next();
  // The engine (TimSort) finds the two sorted runs and merges them in one pass.
  return halves.flat().sort(byName);
}
