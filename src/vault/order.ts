import type { TimeSlices } from '../base/timeSlices';
import { fold } from './fold';

/** Made when it is needed, because making it takes milliseconds, which would delay the start. */
let collator: Intl.Collator | undefined;

interface MaybeNamed {
  /** Undefined: it could not be decrypted. */
  readonly name: string | undefined;
}

/** Alphabetical, numbers by value; what has no name comes last. The beginnings of the names are compared. */
export function byName(a: MaybeNamed, b: MaybeNamed): number {
  if (a.name === undefined || b.name === undefined) return Number(a.name === undefined) - Number(b.name === undefined);
  collator ??= new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  return collator.compare(a.name.slice(0, COMPARED), b.name.slice(0, COMPARED));
}

/**
 * Of a name, in UTF-16 units: no more of it is ever shown. Comparing marks without letters takes time that grows with the
 * square of their number: of a few hundred thousand, which a name may have, a minute for each pair of names.
 */
const COMPARED = 200;

/** Number of elements of a list sorted by {@link byName} that come before this one or are equal to it. */
export function placeByName(list: readonly MaybeNamed[], one: MaybeNamed): number {
  return placeIn(list, (other) => byName(other, one) <= 0);
}

/** Number of elements for which `isBefore` is true. All of these must be at the start of the list. */
function placeIn<T>(list: readonly T[], isBefore: (one: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A copy sorted by {@link byName}, with equals in the order in which they came. Works in slices of a few milliseconds.
 *
 * The exact comparison takes ten times as long as one by code units. So the list is first sorted by code units, which
 * brings nearly everything to its place, and then exactly.
 */
export async function sortedByName<T extends MaybeNamed>(list: readonly T[], slices: TimeSlices): Promise<T[]> {
  const rows: Row<T>[] = [];
  await slices.each(list, (one) => rows.push({ one, at: rows.length, key: roughKey(one.name) }));
  const nearly = await sorted(rows, (a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)), slices);
  const exactly = await sorted(nearly, (a, b) => byName(a.one, b.one) || a.at - b.at, slices);
  return exactly.map(({ one }) => one);
}

interface Row<T> {
  readonly one: T;
  readonly at: number;
  readonly key: string;
}

/**
 * A text whose code units sort nearly as the name does: without case and accents, numbers of up to nine digits by
 * value.
 */
function roughKey(name: string | undefined): string {
  if (name === undefined) return '\uffff';
  return fold(name).replace(/\d+/g, (digits) => digits.padStart(9, '0'));
}

type Compare<T> = (a: T, b: T) => number;

/** A list of up to so many is sorted without a pause. */
const FEW = 500;

/** A merge sort. The sort of the engine cannot be interrupted. */
async function sorted<T>(list: readonly T[], compare: Compare<T>, slices: TimeSlices): Promise<T[]> {
  await slices.next();
  if (list.length <= FEW) return list.toSorted(compare);
  const middle = list.length >>> 1;
  const left = await sorted(list.slice(0, middle), compare, slices);
  return merged(left, await sorted(list.slice(middle), compare, slices), compare, slices);
}

async function merged<T>(left: T[], right: T[], compare: Compare<T>, slices: TimeSlices): Promise<T[]> {
  const [first] = right;
  // Most of what was nearly sorted is in its place already.
  let l = first === undefined ? left.length : placeIn(left, (one) => compare(one, first) <= 0);
  let r = 0;
  const result = left.slice(0, l);
  while (l < left.length && r < right.length) {
    if (result.length % FEW === 0) await slices.next();
    const [a, b] = [left[l] as T, right[r] as T];
    if (compare(a, b) <= 0) {
      result.push(a);
      l++;
    } else {
      result.push(b);
      r++;
    }
  }
  return result.concat(left.slice(l), right.slice(r));
}
