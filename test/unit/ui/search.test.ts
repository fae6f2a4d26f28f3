import assert from 'node:assert/strict';
import { TimeSlices } from '../../../src/base/timeSlices';
import type { Item } from '../../../src/vault/items';
import { groupRows, MOST_ROWS, type RowOptions } from '../../../src/ui/search/rows';
import type { Wanted } from '../../../src/vault/itemFields';
import { CountedSlices } from '../../support/countedSlices';
import { fieldRef } from '../../support/fieldRef';
import { listedItem } from '../../support/listedItem';

const item = (values: Partial<Item>): Item => listedItem({ username: 'robin', ...values });

const places = {
  folders: [{ id: 'f', name: 'Work/Cloud' }],
  organizations: [{ id: 'o', name: 'Northwind' }],
  collections: [{ id: 'c', organizationId: 'o', name: 'Engineering' }],
  /** Every item has a password and a username. */
  thoseThere: <W extends Wanted>(_: string, wanted: readonly W[]) =>
    wanted.filter(({ fits }) => fits(fieldRef('password')) || fits(fieldRef('username'))),
};
const list = (query: string, items: Item[], more: Partial<RowOptions> = {}) =>
  groupRows(query, items, { vault: places, matches: () => true, slices: new TimeSlices(), ...more });
const rows = async (query: string, items: Item[], more?: Partial<RowOptions>) =>
  (await list(query, items, more)).map((group) => [group.title, group.rows.map(({ label }) => label)]);
const firstRow = async (only: Item, more?: Partial<RowOptions>) => (await list('x', [only], more))[0]?.rows[0];

describe('Search list', () => {
  it('begins with favourites, and leaves out what was put away', async () => {
    const items = [
      item({ name: 'a' }),
      item({ name: 'b', favorite: true }),
      item({ name: 'c', trashed: true }),
      item({ name: 'd', archived: true, favorite: true }),
    ];
    assert.deepEqual(await rows('', items), [
      ['Favorites', ['b']],
      ['All Items', ['a']],
    ]);
    assert.deepEqual(await rows('', [item({ name: 'a' })]), [[undefined, ['a']]]);
  });

  it('keeps the order of the matches, put away or not', async () => {
    const items = [item({ name: 'b', trashed: true }), item({ name: 'a', favorite: true })];
    assert.deepEqual(await rows('x', items), [[undefined, ['b', 'a']]]);
  });

  for (const query of ['', 'x']) {
    it(`shows a hundred rows at most, and asks of no more items than it takes: "${query}"`, async () => {
      const items = Array.from({ length: 1_000 }, (_, n) => item({ name: `${n}`, favorite: n % 4 === 0 }));
      let asked = 0;
      const matches = ({ favorite }: Item) => ++asked > 0 && !favorite;
      const shown = (await list(query, items, { matches })).flatMap((group) => group.rows);
      assert.equal(shown.length, MOST_ROWS);
      assert.ok(shown.every((row) => !row.item.favorite));
      assert.ok(asked <= 250 + MOST_ROWS, `${asked} asked`);
    });
  }

  it('leaves the thread to others while it looks for items that fit', async () => {
    const slices = new CountedSlices();
    const items = Array.from({ length: 10_000 }, (_, n) => item({ name: `${n}` }));
    assert.deepEqual(await rows('x', items, { matches: () => false, slices }), [[undefined, []]]);
    assert.ok(slices.pauses >= CountedSlices.pausesOf(items.length), `${slices.pauses} pauses`);
  });

  it('tells where an item is and what can be done with it', async () => {
    const row = await firstRow(item({ folderId: 'f', organizationId: 'o', collectionIds: ['c'], trashed: true }));
    assert.equal(row?.detail, 'in the trash · Work/Cloud · Northwind · Engineering');
    assert.deepEqual(
      row.actions.map(({ command }) => command),
      ['vaultside.copyPassword', 'vaultside.copyUsername'],
    );
  });

  it('says of what was archived and then deleted where it is now', async () => {
    assert.equal((await firstRow(item({ archived: true, trashed: true })))?.detail, 'in the trash');
    assert.equal((await firstRow(item({ archived: true })))?.detail, 'archived');
  });

  it('looks at each collection of an item once, however many there are', async () => {
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
    const row = await firstRow(item({ collectionIds }), { vault: { ...places, collections } });
    assert.match(row?.detail ?? '', /^0 · 1 · 2 · /);
    assert.equal(looked, 1_000);
  });

  it('draws no icons from names, and names what has no name', async () => {
    const row = await firstRow(item({ name: '$(bug) x', username: '$(bug)' }));
    assert.deepEqual([row?.label, row?.description], ['\\$(bug) x', '\\$(bug)']);
    const nameless = [item({ name: '' }), item({ name: undefined }), item({ name: undefined, closed: 'noKey' })];
    assert.deepEqual(await rows('x', nameless), [
      [undefined, ['(no name)', '(name cannot be read)', '(cannot be opened)']],
    ]);
  });
});
