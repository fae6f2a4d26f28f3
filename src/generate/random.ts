import { randomInt } from 'node:crypto';

/** A whole number of 0 and more that is smaller than `below`; each is as likely as any other. */
export type Random = (below: number) => number;

/**
 * From the generator of the operating system. `randomInt` throws away what would make some numbers likelier than others
 * (nodejs.org/api/crypto.html), which the remainder of a random number does not.
 */
export const secureRandom: Random = (below) => randomInt(below);

/** @throws TypeError for an empty list. */
export function pick<T>(from: readonly T[], random: Random): T {
  if (from.length === 0) throw new TypeError('nothing to pick from');
  return from[random(from.length)] as T;
}

/** The same things in another order; each order is as likely as any other (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const left = [...list];
  return list.map(() => left.splice(random(left.length), 1)[0] as T);
}
