import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TimeSlices } from '../../../../src/base/timeSlices';
import type { Item } from '../../../../src/vault/items';
import { type SearchOptions, VaultSearch } from '../../../../src/vault/search/vaultSearch';
import { cases } from '../../../support/cases';
import { listedItem } from '../../../support/listedItem';

function searchOf(...items: readonly (string | Partial<Item>)[]): VaultSearch {
  const listed = items.map((each) => listedItem(typeof each === 'string' ? { name: each } : each));
  return new VaultSearch({
    entries: listed.map((item) => ({ item, addresses: '', fieldNames: '' })),
    listed: { items: listed, folders: [{ id: 'f', name: 'Work' }], organizations: [], collections: [] },
    hasCode: () => false,
  });
}

async function found(search: VaultSearch, query: string, more: Partial<SearchOptions> = {}) {
  const options = { slices: new TimeSlices(), ...more };
  const exact = await search.search(query, options);
  const loose = await search.searchLoosely(query, exact, options);
  const names = (items: readonly Item[]) => items.map(({ name }) => name);
  return { exact: names(exact.items), loose: names(loose) };
}

describe('What matches nearly', () => {
  for (const [query, name] of [
    ['ghub', 'GitHub'],
    ['gh', 'GitHub'],
    ['gthb', 'GitHub'],
    ['githb', 'GitHub'],
    ['gihtub', 'GitHub'],
    ['githubb', 'My GitHub'],
    ['fithub', 'GitHub'],
    ['gothu', 'GitHub enterprise'],
    ['postgers', 'PostgreSQL'],
    ['mali', 'Work mail'],
    ['ubber', 'Über'],
    ['prod gihtub', 'GitHub production'],
    ['gihtub folder:work', 'GitHub'],
  ] as const) {
    it(`is found: ${name} by "${query}"`, async () => {
      const search = searchOf({ name, folderId: 'f' }, { name: 'Unrelated', folderId: 'f' });
      assert.deepEqual(await found(search, query), { exact: [], loose: [name] });
    });
  }

  for (const [query, name] of [
    ['hg', 'GitHub'],
    ['gb', 'GitHub'],
    ['ihb', 'GitHub'],
    ['gtx', 'GitHub'],
    ['test', 'Tesla'],
    ['gid', 'Git'],
    ['gxtxub', 'GitHub'],
    ['abc', 'All over my basic'],
    ['prod gihtub', 'GitHub test'],
    ['https://gihtub.com/', 'GitHub'],
    ['is:fav', 'GitHub'],
    ['gihtub is:fav', 'GitHub'],
    ['', 'GitHub'],
  ] as const) {
    it(`is not everything: ${name} is not found by "${query}"`, async () => {
      const { exact, loose } = await found(searchOf(name), query);
      assert.deepEqual([exact, loose], [query === '' ? [name] : [], []]);
    });
  }

  it('comes behind what matches: letters at the beginnings of words, letters, a word with a typo', async () => {
    const search = searchOf('Ghub', 'Gxhxuxb', 'Git-hub', 'Mail ghbu', 'My ghubs');
    assert.deepEqual(await found(search, 'ghub'), {
      exact: ['Ghub', 'My ghubs'],
      loose: ['Git-hub', 'Gxhxuxb', 'Mail ghbu'],
    });
  });

  it('is not looked for where ten items match, and never makes more than a hundred', async () => {
    const nearly = Array.from({ length: 300 }, (_, at) => `Gxixt ${at}`);
    const matching = Array.from({ length: 10 }, (_, at) => `Git ${at}`);
    const few = await found(searchOf(...matching.slice(1), ...nearly), 'git');
    assert.deepEqual([few.exact.length, few.loose.length], [9, 100]);
    const enough = await found(searchOf(...matching, ...nearly), 'git');
    assert.deepEqual([enough.exact.length, enough.loose.length], [10, 0]);
  });

  it('leaves out what was put away unless that is asked for, and puts favourites and what was used first', async () => {
    const items = [{ name: 'GitHub 1' }, { name: 'GitHub 2' }, { name: 'GitHub 3', favorite: true }].map(listedItem);
    const search = searchOf(...items, { name: 'GitHub old', archived: true }, { name: 'GitHub gone', trashed: true });
    const recent = [items[1]!.id];
    assert.deepEqual((await found(search, 'gihtub', { recent })).loose, ['GitHub 2', 'GitHub 3', 'GitHub 1']);
    assert.deepEqual((await found(search, 'gihtub is:arch')).loose, ['GitHub old']);
    assert.deepEqual((await found(search, 'gihtub is:trash')).loose, ['GitHub gone']);
    assert.equal((await found(search, 'gihtub', { putAway: true })).loose.length, 5);
  });

  const letter = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const word = (minLength: number) => fc.array(letter, { minLength, maxLength: 9 }).map((letters) => letters.join(''));

  it('is every word of four letters and more that differs in one letter, or has two of them swapped', async () => {
    const edit = fc.record({ kind: fc.constantFrom('other', 'more', 'less', 'swap'), at: fc.nat(), letter });
    await fc.assert(
      fc.asyncProperty(word(4), word(1), edit, async (right, before, { kind, at, letter: other }) => {
        const place = at % (kind === 'swap' ? right.length - 1 : right.length);
        const [head, tail] = [right.slice(0, place), right.slice(place)];
        const typed = {
          other: head + other + tail.slice(1),
          more: head + other + tail,
          less: head + tail.slice(1),
          swap: head + (tail[1] ?? '') + (tail[0] ?? '') + tail.slice(2),
        }[kind];
        if (typed.length < 4) return;
        const { exact, loose } = await found(searchOf(`${before} ${right}`), typed);
        assert.equal(exact.length + loose.length, 1, `"${before} ${right}" by "${typed}"`);
      }),
      cases(500),
    );
  });

  it('is none of what matches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word(1), { maxLength: 9 }), word(1), async (names, query) => {
        const { exact, loose } = await found(searchOf(...names), query);
        assert.deepEqual(exact.toSorted(), names.filter((name) => name.includes(query)).toSorted());
        assert.ok(loose.every((name) => !name!.includes(query)));
        assert.ok(loose.length <= names.length - exact.length);
      }),
      cases(500),
    );
  });
});
