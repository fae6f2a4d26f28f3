import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decompose } from '../../../src/base/decompose';
import { cases } from '../../support/cases';

const zalgo = `a${'\u0301\u0323'.repeat(5_000)}`;

describe('a text taken apart', () => {
  it('is as if it were in one piece, however long, where letters have marks as people write them', () => {
    const letter = fc.constantFrom(
      'a',
      'ü',
      'ệ',
      'e\u0323\u0302',
      'o\u0302\u0323',
      '한',
      'ﬁ',
      '½',
      'ｶﾞ',
      '🔑',
      ' ',
      '\ud800',
    );
    const text = fc.array(letter, { minLength: 200, maxLength: 1_000 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('NFD', 'NFKD'), (each, form) => {
        assert.ok(decompose(each, form) === each.normalize(form));
        assert.ok(decompose(each.normalize('NFC'), form) === decompose(each.normalize('NFD'), form));
      }),
      cases(),
    );
  });

  it('is taken apart in pieces, since putting thousands of marks in order would take minutes', () => {
    const apart = decompose(zalgo, 'NFD');
    assert.equal(apart.length, zalgo.length);
    assert.ok(apart !== zalgo.normalize('NFD'));
  });
});
