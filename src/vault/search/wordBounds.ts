/**
 * Where words begin and end in a name: a byte for each of its UTF-16 units, so that a search need not look at the letters
 * around each place where it finds something.
 */

/** A word may begin here: behind what is neither letter nor digit, or at a hump, as the H of "GitHub". */
const BEGINS = 1;
/** Neither a letter nor a digit. */
const PARTS = 2;

/** @param begins for the place, as wordBounds has it. */
export function beginsWord(bounds: number): boolean {
  return (bounds & BEGINS) !== 0;
}

/** Whether a word ends before this place. */
export function endsBefore(bounds: number): boolean {
  return bounds !== 0;
}

/**
 * @param cased the name without accents, in its own case: "gitHub", "s3Bucket" and "AWSConsole" have a word in the middle.
 * @param into where the bytes go, from `start` on.
 */
export function wordBounds(cased: string, into: Uint8Array, start: number): void {
  let before: Kind = OTHER;
  for (let at = 0; at < cased.length; at++) {
    const kind = kindAt(cased, at);
    const isHump =
      kind === UPPER && (before === LOWER || before === DIGIT || (before === UPPER && kindAt(cased, at + 1) === LOWER));
    into[start + at] = (before === OTHER || isHump ? BEGINS : 0) | (kind === OTHER ? PARTS : 0);
    before = kind;
  }
}

const [OTHER, LETTER, LOWER, UPPER, DIGIT, UNKNOWN] = [1, 2, 3, 4, 5, 0] as const;
type Kind = typeof OTHER | typeof LETTER | typeof LOWER | typeof UPPER | typeof DIGIT;

/** By UTF-16 unit; filled as names come. */
const kinds = new Uint8Array(0x10000);

function kindAt(text: string, at: number): Kind {
  if (at >= text.length) return OTHER;
  const unit = text.charCodeAt(at);
  const known = kinds[unit] as Kind | typeof UNKNOWN;
  if (known !== UNKNOWN) return known;
  if (unit >= 0xd800 && unit <= 0xdfff) return kindOfHalf(text, at);
  return (kinds[unit] = kindOf(String.fromCharCode(unit)));
}

/** Both halves of a letter that takes two units count as letters. */
function kindOfHalf(text: string, at: number): Kind {
  const [here, before] = [text.codePointAt(at) ?? 0, text.codePointAt(at - 1) ?? 0];
  const whole = here > 0xffff ? here : before;
  return whole > 0xffff && /[\p{L}\p{N}]/u.test(String.fromCodePoint(whole)) ? LETTER : OTHER;
}

function kindOf(character: string): Kind {
  if (/\p{Ll}/u.test(character)) return LOWER;
  if (/\p{Lu}/u.test(character)) return UPPER;
  if (/\p{L}/u.test(character)) return LETTER;
  return /\p{N}/u.test(character) ? DIGIT : OTHER;
}
