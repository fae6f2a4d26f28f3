import assert from 'node:assert/strict';
import { printable } from '../../../src/base/printable';

const kept: readonly (readonly [what: string, text: string])[] = [
  ['a joined emoji', '\u{1f469}\u200d\u{1f4bb} Dev laptop'],
  ['a joined family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
  ['a non-joiner within a word', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
  ['a joiner within a word', '\u0915\u094d\u200d\u0937'],
  ['the flag of England', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} Office'],
  ['the flag of a country', '\u{1f1eb}\u{1f1ee} Helsinki'],
  ['an emoji variation', '\u2764\ufe0f'],
  ['a skin tone', '\u{1f44d}\u{1f3fd}'],
  ['accents apart', 'e\u0301'],
  ['marks of direction', '\u200fabc\u200e'],
  ['a no-break space', 'a\u00a0b'],
  ['an ideographic space', '\u6771\u3000\u4eac'],
  ['a soft hyphen', 'a\u00adb'],
  ['letters of the future and of private use', '\u{10fffd}\u{3fffd}'],
  ['a filler beside a letter', 'a\u3164'],
];

const changed: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['an override goes', 'invoice\u202ecod.exe', 'invoicecod.exe'],
  ['embeddings and isolates go', '\u202aa\u202bb\u202cc\u202dd\u2066e\u2067f\u2068g\u2069', 'abcdefg'],
  ['line ends become a space', ' a\r\n\tb\u2028c\u2029d\u0085e\u000bf ', 'a b c d e f'],
  ['control characters become a space', 'a\u0000b\u001b[31mc\u007fd', 'a b [31mc d'],
  ['half a character is marked', 'a\ud83d', 'a\ufffd'],
  ['spaces in a row are one', 'a    b', 'a b'],
];

const blank: readonly string[] = [
  ...['', ' ', '\u00a0', '\u3000', '\u2003', '\u3164', '\u2800', '\u115f', '\u1160', '\uffa0', '\u034f', '\ufeff'],
  ...['\u200b', '\u200c\u200d', '\u2060', '\u00ad', '\ufe0f', '\u{e0067}\u{e007f}', '\u180e', '\u17b4', '\u061c'],
  ...['\u202e', '\u2066\u2069', '\u0000', '\r\n', '\u3164 \u2800\t\u200b', '\u{1d159}', '\u3164'.repeat(100_000)],
];

describe('Text from outside, on one line', () => {
  for (const [what, text] of kept) it(`keeps ${what}`, () => assert.equal(printable(text), text));
  for (const [what, text, shown] of changed) it(what, () => assert.equal(printable(text), shown));
  for (const text of blank) {
    it(`is empty where nothing would be seen: ${JSON.stringify(text.slice(0, 5)).replace(/[^ -~]/gu, (c) => `u+${c.codePointAt(0)?.toString(16)}`)}`, () =>
      assert.equal(printable(text), ''));
  }

  it('is of bounded length, and cuts no letter in two', () => {
    assert.equal(printable('x'.repeat(500)), `${'x'.repeat(199)}…`);
    assert.equal(printable('x'.repeat(200)), 'x'.repeat(200));
    assert.equal(printable('\u{1f600}'.repeat(200)), '\u{1f600}'.repeat(200));
    assert.equal(printable('\u{1f600}'.repeat(500)), `${'\u{1f600}'.repeat(199)}…`);
    const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
    assert.equal(printable(family.repeat(100)), `${family.repeat(39)}…`);
    assert.equal(printable('e\u0301'.repeat(300)), `${'e\u0301'.repeat(99)}…`);
    assert.equal(printable('abcdef', 4), 'abc…');
    const endless = printable(`a${'\u0301'.repeat(1_000)}`);
    assert.ok(endless.startsWith('a\u0301') && Array.from(endless).length === 200);
  });

  it('takes no longer for sixty million characters', () => {
    for (const part of ['x', ' ', '\u3164', '\u202e', '\u{1f468}\u200d', 'e\u0301', '\n']) {
      const name = part.repeat(60_000_000 / part.length);
      for (let row = 0; row < 500; row++) printable(name);
      assert.ok(Array.from(printable(name)).length <= 200);
    }
  });
});
