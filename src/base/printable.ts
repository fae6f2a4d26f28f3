/** Code points, the mark of what is left out among them. */
const LONGEST = 200;

/** UTF-16 units that are looked at for each code point that shows: a name may be millions long, and is shown often. */
const LOOK_AHEAD = 16;

/** What ends a line, and all other control characters. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** Overrides, embeddings and isolates show letters in another order than they are in: `invoice\u202ecod.exe`. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Blank for the eye, alone or together. Beside spaces and ignorables: empty Braille and other letters without ink. */
const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\u{1d159}\u{13441}\u{13442}]*$/u;

/**
 * Text from outside, made fit for one line of the screen: what would break the line becomes a space, what would show the
 * letters in another order goes, and so does what is too long. Everything else is the user's: joiners, flags, variation
 * selectors, marks of direction. Takes the same short time for a text of any length.
 *
 * @param limit of code points.
 * @returns an empty text for one of which nothing would be seen.
 */
export function printable(text: string, limit = LONGEST): string {
  const start = text.slice(0, LOOK_AHEAD * limit).toWellFormed();
  const line = start.replace(REORDERING, '').replace(BREAKS, ' ').replace(/ {2,}/g, ' ').trim();
  if (BLANK.test(line)) return '';
  return line.length <= limit ? line : shortened(line, limit);
}

/** No letter is cut off its accents, and no joined emoji in two. */
function shortened(line: string, limit: number): string {
  const characters = Array.from(line);
  if (characters.length <= limit) return line;
  const cut = characters.slice(0, limit - 1).join('').length;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const whole = segmenter.segment(line).containing(cut)?.index ?? cut;
  // One that is longer than all that shows is cut all the same.
  return `${line.slice(0, whole > 0 ? whole : cut)}…`;
}

let segmenter: Intl.Segmenter | undefined;
