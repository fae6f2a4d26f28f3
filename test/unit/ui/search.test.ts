import assert from 'node:assert/strict';
import type { Item } from '../../../src/vault/items';
import { groupRows, MOST_ROWS } from '../../../src/ui/search/rows';
import { listedItem } from '../../support/listedItem';
import { l10n } from './words';

const item = (values: Partial<Item>): Item =>
  listedItem({ username: 'robin', has: { username: true, password: true, totp: false, uri: false }, ...values });

const places = {
  folders: [{ id: 'f', name: 'Work/Cloud' }],
  organizations: [{ id: 'o', name: 'Northwind' }],
  collections: [{ id: 'c', organizationId: 'o', name: 'Engineering' }],
};
const rows = (query: string, items: Item[]) =>
  groupRows(query, items, places, l10n).map(({ title, rows: list }) => [title, list.map(({ label }) => label)]);

describe('Search list', () => {
  it('begins with favourites, and leaves out what was put away', () => {
    const items = [
      item({ name: 'a' }),
      item({ name: 'b', favorite: true }),
      item({ name: 'c', trashed: true }),
      item({ name: 'd', archived: true, favorite: true }),
    ];
    assert.deepEqual(rows('', items), [
      ['Favourites', ['b']],
      ['All items', ['a']],
    ]);
    assert.deepEqual(rows('', [item({ name: 'a' })]), [[undefined, ['a']]]);
  });

  it('keeps the order of the matches, put away or not', () => {
    const items = [item({ name: 'b', trashed: true }), item({ name: 'a', favorite: true })];
    assert.deepEqual(rows('x', items), [[undefined, ['b', 'a']]]);
  });

  it('shows a hundred rows at most', () => {
    const items = Array.from({ length: 300 }, (_, n) => item({ name: `${n}`, favorite: n % 2 === 0 }));
    for (const query of ['', 'x']) {
      const shown = groupRows(query, items, places, l10n).flatMap(({ rows: list }) => list);
      assert.equal(shown.length, MOST_ROWS);
    }
  });

  it('tells where an item is and what can be done with it', () => {
    const values = { folderId: 'f', organizationId: 'o', collectionIds: ['c'], trashed: true } as const;
    const [row] = groupRows('x', [item(values)], places, l10n)[0]?.rows ?? [];
    assert.equal(row?.detail, 'in the trash · Work/Cloud · Northwind · Engineering');
    assert.deepEqual(row.actions, ['password', 'username']);
    const [hidden] = groupRows('x', [item({ viewPassword: false })], places, l10n)[0]?.rows ?? [];
    assert.deepEqual(hidden?.actions, ['username']);
  });

  it('looks at each collection of an item once, however many there are', () => {
    const collections = Array.from({ length: 1_000 }, (_, n) => ({ id: `c${n}`, organizationId: 'o', name: `${n}` }));
    let looked = 0;
    const collectionIds = new Proxy(
      collections.map(({ id }) => id),
      {
        get(ids, key) {
          if (typeof key === 'string' && key in ids && key !== 'length') looked++;
          return Reflect.get(ids, key) as unknown;
        },
      },
    );
    const [row] = groupRows('x', [item({ collectionIds })], { ...places, collections }, l10n)[0]?.rows ?? [];
    assert.match(row?.detail ?? '', /^0 · 1 · 2 · /);
    assert.equal(looked, 1_000);
  });

  it('draws no icons from names, and names what has no name', () => {
    const [row] = groupRows('x', [item({ name: '$(bug) x', username: '$(bug)' })], places, l10n)[0]?.rows ?? [];
    assert.deepEqual([row?.label, row?.description], ['\\$(bug) x', '\\$(bug)']);
    assert.deepEqual(rows('x', [item({ name: '' }), item({ name: undefined })]), [
      [undefined, ['(no name)', '(cannot be opened)']],
    ]);
  });
});
