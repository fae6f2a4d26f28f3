import type { Block } from './searchIndex';
import { beginsWord, endsBefore } from './wordBounds';

/** How good it is when a word is in a name only nearly. */
const SCORES = {
  /** Letters of the name, of which each begins a word or follows the one before: "ghub" in "GitHub". */
  beginnings: 4,
  /** Letters of the name that are not far from each other: "gthb". */
  letters: 3,
  /** A whole word but for one typo: "gihtub". */
  typo: 2,
  /** The beginning of a word but for one typo: "gihtu". */
  typoInBeginning: 1,
};

/** A shorter word is the same as many others but for one letter. */
const SHORTEST_WITH_TYPO = 4;

/** Two letters are somewhere in most names, unless both begin a word. */
const SHORTEST_OF_LETTERS = 3;

/** Letters may be spread over so many times their number. */
const MOST_SPREAD = 3;

/** No more of a name is looked at, in UTF-16 units: it is where people look themselves. */
const LOOKED_AT = 200;

/** How good a word that is not in the name of an entry is there nearly; 0: not even that. */
export function rateLoosely({ names, bounds }: Block, entry: number, word: string): number {
  const start = names.start(entry);
  const end = Math.min(names.end(entry), start + LOOKED_AT);
  const { text } = names;
  let best = 0;
  for (let at = start; at < end && best < SCORES.beginnings; at++) {
    if (at > start && !beginsWord(bounds[at] ?? 0)) continue;
    best = Math.max(best, rateLetters(text, bounds, word, at, end), rateTypo(text, bounds, word, at, end));
  }
  return best;
}

/** @param at where a word of the name begins, which the first letter has to be at. */
function rateLetters(text: string, bounds: Uint8Array, word: string, at: number, end: number): number {
  if (word.length < 2 || text.charCodeAt(at) !== word.charCodeAt(0)) return 0;
  if (isOfBeginnings(text, bounds, word, at, end)) return SCORES.beginnings;
  if (word.length < SHORTEST_OF_LETTERS) return 0;
  const last = Math.min(end, at + word.length * MOST_SPREAD);
  let found = 1;
  for (let place = at + 1; place < last && found < word.length; place++) {
    if (text.charCodeAt(place) === word.charCodeAt(found)) found++;
  }
  return found === word.length ? SCORES.letters : 0;
}

function isOfBeginnings(text: string, bounds: Uint8Array, word: string, at: number, end: number): boolean {
  let [found, before] = [1, at];
  for (let place = at + 1; place < end && found < word.length; place++) {
    if (text.charCodeAt(place) !== word.charCodeAt(found)) continue;
    if (place !== before + 1 && !beginsWord(bounds[place] ?? 0)) continue;
    found++;
    before = place;
  }
  return found === word.length;
}

/** @param at where a word of the name begins. */
function rateTypo(text: string, bounds: Uint8Array, word: string, at: number, end: number): number {
  const { length } = word;
  if (length < SHORTEST_WITH_TYPO) return 0;
  let same = 0;
  while (same < length && at + same < end && text.charCodeAt(at + same) === word.charCodeAt(same)) same++;
  const here = at + same;
  // From where on the rest of the word has to stand in the text, for each of the four typos.
  const swapped =
    same + 1 < length &&
    here + 1 < end &&
    text.charCodeAt(here) === word.charCodeAt(same + 1) &&
    text.charCodeAt(here + 1) === word.charCodeAt(same);
  const typos: readonly (readonly [from: number, place: number])[] = [
    [same + 1, here + 1],
    [same + 1, here],
    [same, here + 1],
    ...(swapped ? [[same + 2, here + 2] as const] : []),
  ];
  let best = 0;
  for (const [from, place] of typos) {
    const after = place + Math.max(0, length - from);
    if (from > length || after > end || !text.startsWith(word.slice(from), place)) continue;
    const isWhole = after === end || endsBefore(bounds[after] ?? 0);
    // With its last letter wrong a word is the beginning of many others.
    if (isWhole) best = SCORES.typo;
    else if (from < length) best = Math.max(best, SCORES.typoInBeginning);
  }
  return best;
}
