import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Policy } from '../../../src/bitwarden/wire/model';
import { floorsOf, noFloors } from '../../../src/generate/floors';
import {
  bounds,
  defaultOptions,
  isSeparator,
  parseOptions,
  passphraseHeldTo,
  passwordHeldTo,
} from '../../../src/generate/options';
import { characterClasses, generatePassword, type PasswordOptions } from '../../../src/generate/password';
import { generateUsername, parseDomain } from '../../../src/generate/username';
import { generatePassphrase, parseWords } from '../../../src/generate/words';
import { cases } from '../../support/cases';

const list = readFileSync('src/generate/eff_large_wordlist.txt', 'utf8');
const words = parseWords(list);
const { passwords, passphrases, usernames } = defaultOptions;

const patterns = { uppercase: /[A-Z]/g, lowercase: /[a-z]/g, numbers: /\d/g, special: /[!@#$%^&*]/g } as const;
const countOf = (text: string, name: keyof typeof patterns) => text.match(patterns[name])?.length ?? 0;

const policy = (data: Policy['data'], change: Partial<Policy> = {}): Policy => ({
  ...{ id: 'p', organizationId: 'o', type: 2, enabled: true, data },
  ...change,
});

const anyNumber = fc.oneof(fc.integer({ min: -5, max: 300 }), fc.double(), fc.constantFrom(NaN, Infinity, -Infinity));
const anyPasswordOptions: fc.Arbitrary<PasswordOptions> = fc.record({
  length: fc.integer({ min: -5, max: 300 }),
  uppercase: fc.boolean(),
  lowercase: fc.boolean(),
  numbers: fc.boolean(),
  special: fc.boolean(),
  minNumbers: fc.integer({ min: -5, max: 300 }),
  minSpecial: fc.integer({ min: -5, max: 300 }),
  avoidAmbiguous: fc.boolean(),
});
const anyThing = fc.oneof(anyNumber, fc.boolean(), fc.string(), fc.constant(null), fc.constant({}));
const anyPolicy = fc
  .dictionary(
    fc.constantFrom(
      ...['minLength', 'useUpper', 'useLower', 'useNumbers', 'useSpecial', 'minNumbers', 'minSpecial'],
      ...['minNumberWords', 'capitalize', 'includeNumber', 'overridePasswordType', 'defaultType'],
    ),
    anyThing,
  )
  .map((data) => policy(data));

describe('A generated password', () => {
  it('has what was asked for, whatever is asked for and whatever organizations ask for', () => {
    fc.assert(
      fc.property(anyPasswordOptions, fc.array(anyPolicy, { maxLength: 3 }), (wished, policies) => {
        const floors = floorsOf(policies);
        const held = passwordHeldTo(wished, floors);
        const password = generatePassword(held);
        assert.equal(password.length, held.length);
        assert.ok(held.length >= bounds.length[0] && held.length <= bounds.length[1]);
        assert.ok(held.length >= floors.password.length);
        for (const name of characterClasses) {
          assert.equal(countOf(password, name) > 0, held[name], name);
          if (wished[name] || floors.password[name]) assert.ok(held[name], name);
        }
        if (held.numbers)
          assert.ok(countOf(password, 'numbers') >= Math.max(held.minNumbers, floors.password.minNumbers));
        if (held.special)
          assert.ok(countOf(password, 'special') >= Math.max(held.minSpecial, floors.password.minSpecial));
        if (held.avoidAmbiguous) assert.doesNotMatch(password, /[IOl01]/);
        assert.match(password, /^[A-Za-z0-9!@#$%^&*]+$/);
        assert.deepEqual(passwordHeldTo(held, floors), held);
      }),
      cases(300),
    );
  });

  it('is by default of 14 letters and digits, as in official clients', () => {
    assert.match(generatePassword(passwords), /^[A-Za-z0-9]{14}$/);
    assert.deepEqual(passwordHeldTo(passwords, noFloors), passwords);
  });

  it('of no class at all is of lowercase letters', () => {
    const none = { ...passwords, uppercase: false, lowercase: false, numbers: false, special: false };
    assert.match(generatePassword(passwordHeldTo(none, noFloors)), /^[a-z]{14}$/);
    assert.throws(() => generatePassword(none), TypeError);
  });

  it('is never shorter than its minimums', () => {
    const many = { ...passwords, length: 5, special: true, minNumbers: 9, minSpecial: 9 };
    assert.equal(passwordHeldTo(many, noFloors).length, 20);
    assert.throws(() => generatePassword(many), TypeError);
  });
});

describe('What organizations ask of passwords', () => {
  it('counts together, the strictest of each', () => {
    const { only, password, passphrase } = floorsOf([
      policy({ minLength: 20, useUpper: true, minNumbers: 2, minNumberWords: 4, capitalize: true }),
      policy({ minLength: 12, useSpecial: true, minNumbers: 5, minNumberWords: 7, includeNumber: true }),
    ]);
    const { length, uppercase, lowercase, numbers, special, minNumbers, minSpecial } = password;
    assert.deepEqual([length, uppercase, lowercase, numbers, special], [20, true, false, true, true]);
    assert.deepEqual([minNumbers, minSpecial, only], [5, 1, undefined]);
    assert.deepEqual(passphrase, { words: 7, capitalize: true, includeNumber: true });
  });

  it('is nothing where a policy is of another kind, or says nothing that can be read', () => {
    const strict = { minLength: 50, useSpecial: true };
    assert.deepEqual(floorsOf([policy(strict, { type: 1 })]), noFloors);
    assert.deepEqual(floorsOf([policy({ minLength: '50', useSpecial: 'yes', minNumbers: -3 })]), noFloors);
  });

  it('goes no further than what can be made', () => {
    const { password, passphrase } = floorsOf([policy({ minLength: 9999, minNumbers: 200, minNumberWords: 300 })]);
    assert.deepEqual([password.length, password.minNumbers, passphrase.words], [128, 9, 20]);
  });

  it('can be one kind alone; a password goes before a passphrase', () => {
    const of = (...kinds: string[]) => floorsOf(kinds.map((kind) => policy({ overridePasswordType: kind }))).only;
    assert.deepEqual(
      [of(), of(''), of('user_preference'), of('password'), of('passphrase'), of('passphrase', 'password')],
      [undefined, undefined, undefined, 'password', 'passphrase', 'password'],
    );
    assert.equal(floorsOf([policy({ defaultType: 'passphrase' })]).only, 'passphrase');
    assert.equal(floorsOf([policy({ overridePasswordType: 'password', defaultType: 'passphrase' })]).only, 'password');
  });
});

describe('A generated passphrase', () => {
  it('is of the words of EFF, as they have published them', () => {
    assert.equal(new Set(words).size, 7776);
    const digest = createHash('sha256').update(list).digest('hex');
    assert.equal(digest, 'addd35536511597a02fa0a9ff1e5284677b8883b83e986e43f15a3db996b903e');
  });

  it('is never of a list that is cut off or damaged', () => {
    for (const damaged of ['', list.slice(0, -1000), list.replace('\tabacus\n', '\tabdomen\n'), list.toUpperCase()]) {
      assert.throws(() => parseWords(damaged), TypeError);
    }
  });

  it('has the words, the separator, the capitals and the one digit that were asked for', () => {
    assert.equal(
      generatePassphrase(passphrases, ['a'], (below) => below - 1),
      'a-a-a-a-a-a',
    );
    const options = { words: 4, separator: ' ', capitalize: true, includeNumber: true };
    for (let time = 0; time < 50; time++) {
      const made = generatePassphrase(options, words).split(' ');
      const plain = made.map((word) => word.toLowerCase().replace(/\d$/, ''));
      assert.equal(made.length, 4);
      assert.ok(plain.every((word) => words.includes(word)));
      assert.ok(made.every((word) => /^[A-Z]/.test(word)));
      assert.equal(made.filter((word) => /[a-z]\d$/.test(word)).length, 1);
    }
  });

  it('keeps to its bounds and to what organizations ask for', () => {
    assert.equal(passphraseHeldTo({ ...passphrases, words: 1 }, noFloors).words, 3);
    assert.equal(passphraseHeldTo({ ...passphrases, words: 90 }, noFloors).words, 20);
    const held = passphraseHeldTo(passphrases, floorsOf([policy({ minNumberWords: 9, capitalize: true })]));
    assert.deepEqual([held.words, held.capitalize, held.includeNumber], [9, true, false]);
  });

  it('has a separator of one character at most, and none that is not seen', () => {
    for (const good of ['', '-', ' ', '.', 'ß', '🙂']) assert.ok(isSeparator(good), good);
    for (const bad of ['--', '\n', '\u0000', '\u2028', '\u200b', '\ud800']) assert.ok(!isSeparator(bad), bad);
  });
});

describe('A generated username', () => {
  const made = (change: Partial<typeof usernames>, email?: string) =>
    generateUsername({ ...usernames, ...change }, { words, account: email === undefined ? undefined : { email } });

  it('is a word', () => {
    assert.ok(words.includes(made({})!));
    assert.match(made({ capitalize: true, includeNumber: true })!, /^[A-Z][a-z-]+\d{4}$/);
    assert.equal(
      generateUsername({ ...usernames, includeNumber: true }, { words: ['a'], account: undefined }, () => 0),
      'a0000',
    );
  });

  it('is the address of the account with a plus', () => {
    assert.match(made({ kind: 'plusAddress' }, 'robin@example.com')!, /^robin\+[a-z0-9]{8}@example\.com$/);
    for (const none of [undefined, '', 'robin', '@example.com', 'robin@', 'a@b@c']) {
      assert.equal(made({ kind: 'plusAddress' }, none), undefined, none);
    }
  });

  it('is any address of a domain', () => {
    assert.match(made({ kind: 'catchAll', domain: 'example.com' })!, /^[a-z0-9]{8}@example\.com$/);
    assert.equal(made({ kind: 'catchAll' }), undefined);
    assert.deepEqual([' @example.com ', 'example.com', 'two words', 'a@b', '', 'x'.repeat(300)].map(parseDomain), [
      'example.com',
      'example.com',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('Stored options of the generator', () => {
  it('are read as they were stored', () => {
    const chosen = {
      passwords: { ...passwords, length: 30, special: true, minSpecial: 4, avoidAmbiguous: true },
      passphrases: { words: 4, separator: ' ', capitalize: true, includeNumber: true },
      usernames: { ...usernames, kind: 'catchAll', domain: 'example.com' },
    };
    assert.deepEqual(parseOptions(JSON.parse(JSON.stringify(chosen))), chosen);
  });

  it('are as by default where they are missing, or anything else', () => {
    for (const nothing of [undefined, null, 7, 'text', [], {}, { passwords: 7, passphrases: null, usernames: [] }]) {
      assert.deepEqual(parseOptions(nothing), defaultOptions);
    }
    const {
      passwords: odd,
      passphrases: words,
      usernames: names,
    } = parseOptions({
      passwords: { length: 1e9, minNumbers: -1, uppercase: 'no', special: 1, extra: true },
      passphrases: { words: 'many', separator: '\n' },
      usernames: { kind: 'other', domain: 'two words' },
    });
    assert.deepEqual(odd, { ...passwords, length: 128 });
    assert.deepEqual([words, names], [passphrases, usernames]);
  });

  it('make a password, whatever they are', () => {
    const section = fc.dictionary(fc.constantFrom(...Object.keys(passwords)), anyThing);
    fc.assert(
      fc.property(fc.record({ passwords: section, passphrases: section, usernames: section }), (stored) => {
        const options = parseOptions(stored);
        const password = generatePassword(passwordHeldTo(options.passwords, noFloors));
        assert.ok(password.length >= 5 && password.length <= 128);
        const { words: count } = passphraseHeldTo(options.passphrases, noFloors);
        assert.ok(Number.isInteger(count) && count >= 3 && count <= 20);
      }),
      cases(200),
    );
  });
});
