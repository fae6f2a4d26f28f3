import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withoutAccents } from '../../../../src/vault/fold';
import { beginsWord, endsBefore, wordBounds } from '../../../../src/vault/search/wordBounds';
import { cases } from '../../../support/cases';

/** The name with a bar where a word may begin. */
function marked(name: string): string {
  const bounds = new Uint8Array(name.length);
  wordBounds(name, bounds, 0);
  return name.replace(/[^]/g, (unit, at: number) => (beginsWord(bounds[at]!) ? `|${unit}` : unit));
}

describe('Words in a name', () => {
  for (const [name, expected] of [
    ['GitHub', '|Git|Hub'],
    ['AWSConsole', '|AWS|Console'],
    ['s3Bucket 2x', '|s3|Bucket| |2x'.replace('| |', ' |')],
    ['my-git_lab.com', '|my-|git_|lab.|com'],
    ['GITHub', '|GIT|Hub'],
    ['Übergrößen', '|Ubergroßen'],
    ['日本 語', '|日本 |語'],
    ['🔑git', '|🔑|git'],
    ['𝒜b', '|𝒜b'],
    ['', ''],
  ] as const) {
    it(`are found: ${expected || 'none'}`, () => {
      const cased = withoutAccents(name);
      // Behind a blank a word begins, too, which nobody types: words of a query have none.
      assert.equal(marked(cased).replaceAll(/\|(?=[\s\udc00-\udfff])/g, ''), expected);
    });
  }

  it('begin and end where regular expressions say so', () => {
    const part = fc.constantFrom('a', 'B', '7', '-', ' ', 'ß', 'İ', 'é', 'Ж', 'ж', '日', '🔑', 'ǅ', '²', '_', '\n');
    const name = fc.array(part, { maxLength: 8 }).map((parts) => withoutAccents(parts.join('')));
    const hump = /^(?:[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll})/u;
    const begins = (text: string, at: number) =>
      !/[\p{L}\p{N}]$/u.test(text.slice(0, at)) || hump.test(text.slice(at - 1, at + 2));
    const isSplit = (text: string, at: number) => /[\ud800-\udbff]$/.test(text.slice(0, at));
    fc.assert(
      fc.property(name, (text) => {
        const bounds = new Uint8Array(text.length + 2);
        wordBounds(text, bounds, 1);
        for (let at = 0; at < text.length; at++) {
          if (isSplit(text, at)) continue;
          const here = bounds[at + 1]!;
          assert.equal(beginsWord(here), begins(text, at), `${text} begins at ${at}`);
          assert.equal(
            endsBefore(here),
            begins(text, at) || !/^[\p{L}\p{N}]/u.test(text.slice(at)),
            `${text} ends at ${at}`,
          );
        }
        assert.deepEqual([bounds[0], bounds[text.length + 1]], [0, 0]);
      }),
      cases(1_000),
    );
  });
});
