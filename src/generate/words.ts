import { pick, type Random, secureRandom } from './random';

/** Of five dice: 6^5. */
const WORDS = 7776;

/**
 * Reads EFF's long word list (eff_large_wordlist.txt): a line for each word, with the dice that choose it before it.
 *
 * @throws TypeError for any other text: with fewer words a passphrase would be weaker than it says.
 */
export function parseWords(text: string): readonly string[] {
  const words = text.split('\n').flatMap((line) => /^[1-6]{5}\t([a-z-]+)$/.exec(line)?.[1] ?? []);
  if (new Set(words).size !== WORDS) throw new TypeError('not the word list');
  return words;
}

export interface PassphraseOptions {
  /** How many words. */
  readonly words: number;
  /** Between two words: one character, or none. */
  readonly separator: string;
  readonly capitalize: boolean;
  /** A digit at the end of one of the words. */
  readonly includeNumber: boolean;
}

/** As official clients make one (sdk: crates/bitwarden-generators/src/passphrase.rs). @param list see parseWords. */
export function generatePassphrase(
  { words, separator, capitalize, includeNumber }: PassphraseOptions,
  list: readonly string[],
  random: Random = secureRandom,
): string {
  const picked = Array.from({ length: words }, () => wordOf(list, capitalize, random));
  const numbered = includeNumber ? random(words) : undefined;
  return picked.map((word, at) => (at === numbered ? `${word}${random(10)}` : word)).join(separator);
}

export function wordOf(list: readonly string[], capitalize: boolean, random: Random): string {
  const word = pick(list, random);
  return capitalize ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
