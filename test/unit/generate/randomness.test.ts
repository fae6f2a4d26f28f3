import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { charactersOf, generatePassword } from '../../../src/generate/password';
import { type Random, secureRandom, shuffled } from '../../../src/generate/random';
import { defaultOptions } from '../../../src/generate/options';
import { generateUsername } from '../../../src/generate/username';
import { generatePassphrase, parseWords } from '../../../src/generate/words';
import { countsOf, looksEven } from './chiSquare';

const bytes = randomBytes(1_000_000);
let at = 0;

/** What is easily written instead: the remainder makes the first ones likelier. */
const remainder: Random = (below) => bytes.readUInt16BE((at += 2) % (bytes.length - 1)) % below;
const remainderOfByte: Random = (below) => bytes.readUInt8(at++ % bytes.length) % below;

/** Swaps each with any, which does not reach all orders equally often. */
function badlyShuffled(list: readonly string[], random: Random): readonly string[] {
  const all = [...list];
  for (const at of all.keys()) {
    const other = random(all.length);
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}

describe('What is generated, by statistics', () => {
  const words = parseWords(readFileSync('src/generate/eff_large_wordlist.txt', 'utf8'));
  const { passwords, passphrases, usernames } = defaultOptions;
  const lowercase = { ...passwords, length: 100, uppercase: false, numbers: false };

  const letters = (random?: Random) =>
    countsOf(charactersOf('lowercase', lowercase), 3_000, () => generatePassword(lowercase, random));
  const orders = (shuffle: typeof badlyShuffled) => {
    const abcd = ['a', 'b', 'c', 'd'];
    const all = abcd.flatMap((one) =>
      abcd.flatMap((two) => abcd.flatMap((three) => abcd.map((four) => [one, two, three, four]))),
    );
    const names = all.filter((each) => new Set(each).size === 4).map((each) => each.join(''));
    return countsOf(names, 30_000, () => [shuffle(abcd, secureRandom).join('')]);
  };
  const wordCounts = (random?: Random) =>
    countsOf(words, 20_000, () =>
      generatePassphrase({ ...passphrases, words: 20, separator: ' ' }, words, random).split(' '),
    );

  it('has each letter of a password equally often; the test fails for a remainder', () => {
    assert.ok(looksEven(letters()));
    assert.ok(!looksEven(letters(remainderOfByte)));
  });

  it('has each order equally often; the test fails for swaps with any', () => {
    assert.ok(looksEven(orders(shuffled)));
    assert.ok(!looksEven(orders(badlyShuffled)));
  });

  it('has the characters that there must be at any place', () => {
    const options = { ...passwords, length: 10, uppercase: false, minNumbers: 3 };
    const places = Array.from({ length: 10 }, (_, place) => `${place}`);
    const digitPlaces = () =>
      Array.from(generatePassword(options)).flatMap((character, place) => (/\d/.test(character) ? [`${place}`] : []));
    assert.ok(looksEven(countsOf(places, 10_000, digitPlaces)));
  });

  it('has each word equally often; the test fails for a remainder', () => {
    assert.ok(looksEven(wordCounts()));
    assert.ok(!looksEven(wordCounts(remainder)));
  });

  it('has the number at any word, each digit equally often, and each character of an address', () => {
    const numbered = { ...passphrases, words: 5, separator: ' ', includeNumber: true };
    const passphrase = () => generatePassphrase(numbered, words).split(' ');
    const place = () => [`${passphrase().findIndex((word) => /\d$/.test(word))}`];
    assert.ok(looksEven(countsOf(['0', '1', '2', '3', '4'], 10_000, place)));
    const digits = Array.from('0123456789');
    assert.ok(looksEven(countsOf(digits, 10_000, () => passphrase().join('').replaceAll(/\D/g, ''))));
    const catchAll = { ...usernames, kind: 'catchAll', domain: 'example.com' } as const;
    const address = () => generateUsername(catchAll, { words, account: undefined })!.split('@')[0]!;
    assert.ok(looksEven(countsOf(Array.from('abcdefghijklmnopqrstuvwxyz0123456789'), 5_000, address)));
  });
});
