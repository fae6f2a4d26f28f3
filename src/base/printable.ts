/** In code points, with the `…` that stands for what is left out. */
const LONGEST = 200;

/**
 * So many UTF-16 units are read for each code point of the limit: a name may have millions of them, and is shown often.
 */
const LOOK_AHEAD = 16;

/** Line ends, and all other control characters. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * Overrides, embeddings and isolates: they show letters in another order than they are in, so that
 * `invoice\u202ecod.exe` seems to end in `doc`.
 */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;

/** A text of nothing but characters without ink: spaces, ignorable ones, empty Braille and some others. */
const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\u{1d159}\u{13441}\u{13442}]*$/u;

/**
 * Makes text from outside fit for one line of the screen. What would break the line becomes a space; what would show
 * the letters in another order is removed; what is too long is cut off. All else stays: joiners, flags, variation
 * selectors and marks of direction belong to names. Takes the same short time for a text of any length.
 */
export function printable(text: string, limit = LONGEST): string {
  const start = text.slice(0, LOOK_AHEAD * limit).toWellFormed();
  const line = start.replace(REORDERING, '').replace(BREAKS, ' ').replace(/ {2,}/g, ' ').trim();
  if (BLANK.test(line)) return '';
  return line.length <= limit ? line : shortened(line, limit);
}

/**
 * Cuts the line between two characters as people see them: no accent is cut off its letter, and no joined emoji in two.
 */
function shortened(line: string, limit: number): string {
  const characters = Array.from(line);
  if (characters.length <= limit) return line;
  const cut = characters.slice(0, limit - 1).join('').length;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const whole = segmenter.segment(line).containing(cut)?.index ?? cut;
  // A single character may be longer than the limit; it is cut all the same.
  return `${line.slice(0, whole > 0 ? whole : cut)}…`;
}

let segmenter: Intl.Segmenter | undefined;
