import assert from 'node:assert/strict';
import { TimeSlices } from '../../../src/base/timeSlices';
import type { Item } from '../../../src/vault/items';
import {
  type Beginning,
  foundRows,
  groupsOf,
  MOST_ROWS,
  type RowOptions,
  sectionRows,
} from '../../../src/ui/search/rows';
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
const nothing: Beginning = { workspace: [], recent: [] };
const options = (more: Partial<RowOptions> = {}): RowOptions => ({
  vault: places,
  matches: () => true,
  slices: new TimeSlices(),
  ...more,
});
const begin = async (items: Item[], beginning: Partial<Beginning> = {}, more?: Partial<RowOptions>) => {
  const groups = groupsOf(await sectionRows(items, { ...nothing, ...beginning }, options(more)));
  return groups.map((group) => [group.title, group.rows.map(({ label }) => label)]);
};
const labels = async (items: Item[], more?: Partial<RowOptions>) =>
  (await foundRows(items, MOST_ROWS, options(more))).map(({ label }) => label);
const firstRow = async (only: Item, more?: Partial<RowOptions>) =>
  (await foundRows([only], MOST_ROWS, options(more)))[0];

describe('Search list', () => {
  it('begins with this workspace, what was used last, and favorites; leaves out what was put away', async () => {
    const [a, b, c, d, e] = [
      item({ name: 'a' }),
      item({ name: 'b', favorite: true }),
      item({ name: 'c', trashed: true }),
      item({ name: 'd', archived: true, favorite: true }),
      item({ name: 'e', favorite: true }),
    ];
    const all = [a, b, c, d, e];
    assert.deepEqual(await begin(all), [
      ['Favorites', ['b', 'e']],
      ['All Items', ['a']],
    ]);
    assert.deepEqual(await begin([a]), [[undefined, ['a']]]);
    assert.deepEqual(await begin(all, { workspace: [c, b, b], recent: [d, b, a] }), [
      ['This Workspace', ['b']],
      ['Recent', ['a']],
      ['Favorites', ['e']],
    ]);
  });

  it('offers first what comes next, and says so in its row', async () => {
    const [a, b] = [item({ name: 'a' }), item({ name: 'b' })];
    const next = { item: b, command: 'vaultside.copyTotp', label: 'Code of b' } as const;
    assert.deepEqual(await begin([a, b], { next, recent: [b] }), [
      ['Copy Next', ['Code of b']],
      ['All Items', ['a']],
    ]);
    const { next: rows } = await sectionRows([b], { ...nothing, next }, options());
    assert.deepEqual(
      rows.map((row) => [row.item.name, row.onEnter]),
      [['b', 'vaultside.copyTotp']],
    );
  });

  it('leaves room for the sections below', async () => {
    const items = Array.from({ length: 300 }, (_, n) => item({ name: `${n}`, favorite: n >= 290 }));
    const groups = await begin(items, { workspace: items.slice(0, 100), recent: items.slice(100, 200) });
    assert.deepEqual(
      groups.map(([title, rows]) => [title, rows?.length]),
      [
        ['This Workspace', 8],
        ['Recent', 8],
        ['Favorites', 10],
        ['All Items', 74],
      ],
    );
  });

  it('keeps the order of the matches, put away or not', async () => {
    const items = [item({ name: 'b', trashed: true }), item({ name: 'a', favorite: true })];
    assert.deepEqual(await labels(items), ['b', 'a']);
  });

  for (const [what, list] of [
    ['an empty search', (items: Item[], more: Partial<RowOptions>) => begin(items, {}, more)],
    ['a query', async (items: Item[], more: Partial<RowOptions>) => [[undefined, await labels(items, more)] as const]],
  ] as const) {
    it(`shows a hundred rows at most, and asks of no more items than it takes: ${what}`, async () => {
      const items = Array.from({ length: 1_000 }, (_, n) => item({ name: `${n}`, favorite: n % 4 === 0 }));
      let asked = 0;
      const matches = ({ favorite }: Item) => ++asked > 0 && !favorite;
      const shown = (await list(items, { matches })).flatMap(([, rows]) => rows ?? []);
      assert.equal(shown.length, MOST_ROWS);
      assert.ok(shown.every((name) => Number(name) % 4 !== 0));
      assert.ok(asked <= 400 + MOST_ROWS, `${asked} asked`);
    });
  }

  it('leaves the thread to others while it looks for items that fit', async () => {
    const slices = new CountedSlices();
    const items = Array.from({ length: 10_000 }, (_, n) => item({ name: `${n}` }));
    assert.deepEqual(await labels(items, { matches: () => false, slices }), []);
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
    assert.deepEqual(await labels(nameless), ['(no name)', '(name cannot be read)', '(cannot be opened)']);
  });
});
