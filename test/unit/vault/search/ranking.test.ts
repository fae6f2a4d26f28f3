import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TimeSlices } from '../../../../src/base/timeSlices';
import { fold, withoutAccents } from '../../../../src/vault/fold';
import type { Item } from '../../../../src/vault/items';
import { VaultSearch } from '../../../../src/vault/search/vaultSearch';
import { type SearchEntry, searchEntry } from '../../../../src/vault/search/searchEntry';
import { cases } from '../../../support/cases';
import { listedItem } from '../../../support/listedItem';

/** How good a word matches, as one reads it in the issue: text by text, by regular expressions. */
function naiveScore({ item, addresses, fieldNames }: SearchEntry, word: string): number {
  const cased = withoutAccents(item.name ?? '');
  const name = cased.toLowerCase();
  const begins = (at: number) =>
    !/[\p{L}\p{N}]$/u.test(name.slice(0, at)) ||
    /^(?:[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll})/u.test(cased.slice(at - 1, at + 2));
  const ends = (at: number) => at === name.length || !/^[\p{L}\p{N}]/u.test(name.slice(at)) || begins(at);
  const scores = Array.from(name, (_, at) => at)
    .filter((at) => name.startsWith(word, at))
    .map((at) => {
      const end = at + word.length;
      if (word === name) return 24;
      if (begins(at) && ends(end)) return 20;
      if (at === 0) return 16;
      return begins(at) ? 12 : 8;
    });
  const elsewhere = [fold(item.username ?? ''), fieldNames, addresses];
  const rest = [4, 3, 2].filter((_, at) => elsewhere[at]?.includes(word));
  return Math.max(0, ...scores, ...rest);
}

function searchOf(items: readonly Item[], entries: readonly SearchEntry[]): VaultSearch {
  const listed = { items, folders: [], organizations: [], collections: [] };
  return new VaultSearch({ entries, listed, hasCode: () => false });
}

describe('The order of what is found', () => {
  const piece = fc.constantFrom('a', 'B', 'ab', 'Ab', '1', '-', ' ', 'é', '\n', '.');
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  const made = fc.record({
    name: text,
    username: fc.option(text, { nil: undefined }),
    uris: fc.array(text, { maxLength: 2 }),
    fieldNames: fc.array(text, { maxLength: 2 }),
    favorite: fc.boolean(),
    isUsed: fc.boolean(),
  });
  const words = fc.array(fc.constantFrom('a', 'b', 'ab', 'ba', '1', '-', 'aba', 'e.'), { minLength: 1, maxLength: 3 });

  it('is that of the scores, then that of the use, then that of the list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(made, { maxLength: 30 }), words, async (all, query) => {
        const opened = all.map(({ name, username, favorite, ...rest }) => ({
          item: listedItem({ name, username, favorite }),
          ...rest,
        }));
        const items = opened.map(({ item }) => item);
        const entries = opened.map((each) => searchEntry(each));
        // The latest use is that of the last item.
        const recent = opened.flatMap(({ item, isUsed }) => (isUsed ? [item.id] : [])).reverse();
        const expected = entries
          .map((entry, at) => {
            const scores = query.map((word) => naiveScore(entry, word));
            const use = recent.indexOf(entry.item.id);
            const bonus = entry.item.favorite || use >= 0 ? 6 : 0;
            const total = scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, bonus);
            return { item: entry.item, at, total, use: use < 0 ? Infinity : use };
          })
          .filter(({ total }) => total > 0)
          .sort((a, b) => b.total - a.total || (a.use === b.use ? 0 : a.use - b.use) || a.at - b.at)
          .map(({ item }) => item.id);
        const { items: found } = await searchOf(items, entries).search(query.join(' '), {
          slices: new TimeSlices(),
          recent,
        });
        assert.deepEqual(
          found.map(({ id }) => id),
          expected,
        );
      }),
      cases(1_000),
    );
  });

  it('is the same in a vault of many blocks', async () => {
    const items = Array.from({ length: 1_700 }, (_, at) =>
      listedItem({ name: `${at % 3 === 0 ? 'git' : 'x git'} ${at}` }),
    );
    const entries = items.map((item) => ({ item, addresses: '', fieldNames: '' }));
    const { items: found } = await searchOf(items, entries).search('git', { slices: new TimeSlices() });
    assert.deepEqual(found, items);
    const begins = await searchOf(items, entries).search('gi', { slices: new TimeSlices() });
    const first = items.filter(({ name }) => name?.startsWith('git'));
    assert.deepEqual(begins.items, [...first, ...items.filter((item) => !first.includes(item))]);
  });
});
