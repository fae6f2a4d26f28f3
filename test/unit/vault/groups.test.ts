import assert from 'node:assert/strict';
import { type Group, groupTree, pageItems } from '../../../src/vault/groups';
import { CountedSlices } from '../../support/countedSlices';
import { listedItem } from '../../support/listedItem';

/** The tree as indented lines: kind, name, count. */
function outline(groups: readonly Group[], indent = ''): string[] {
  return groups.flatMap((group) => {
    const name = 'name' in group ? ` ${group.name}` : group.kind === 'type' ? ` ${group.type}` : '';
    return [`${indent}${group.kind}${name} ${group.count}`, ...outline(group.children, `${indent}  `)];
  });
}

const nothing = { items: [], folders: [], organizations: [], collections: [] };

describe('Tree of the vault', () => {
  it('has no branch without items, folders or organisations', async () => {
    assert.deepEqual(await groupTree(nothing), []);
  });

  it('nests folders by "/", makes parents that do not exist, and counts an item once', async () => {
    const vault = {
      ...nothing,
      folders: [
        { id: 'b', name: 'Work / Servers' },
        { id: 'c', name: 'Work/Servers/EU' },
        { id: 'a', name: 'Home' },
        { id: 'd', name: '///' },
      ],
      items: [
        listedItem({ folderId: 'b' }),
        listedItem({ folderId: 'c' }),
        listedItem({ folderId: 'a' }),
        listedItem({ folderId: 'gone' }),
      ],
    };
    assert.deepEqual(outline(await groupTree(vault)), [
      'allItems 4',
      'folders 4',
      '  folder /// 0',
      '  folder Home 1',
      '  folder Work 2',
      '    folder Servers 2',
      '      folder EU 1',
      '  noFolder 1',
      'types 4',
      '  type login 4',
    ]);
  });

  it('knows which folders a branch stands for: none where only the names of others begin so', async () => {
    const folders = [
      { id: 'a', name: 'Work / Servers' },
      { id: 'b', name: 'Work/Servers' },
    ];
    const [branch] = await groupTree({ ...nothing, folders });
    const work = branch?.children[0];
    const servers = work?.children[0];
    assert.ok(work?.kind === 'folder' && servers?.kind === 'folder');
    assert.deepEqual([work.fullName, work.ids], ['Work', []]);
    assert.deepEqual([servers.fullName, servers.ids], ['Work/Servers', ['a', 'b']]);
  });

  it('has the items of a folder that a server sends twice in one place', async () => {
    const vault = {
      ...nothing,
      folders: [
        { id: 'a', name: 'Home' },
        { id: 'a', name: 'Work' },
      ],
      items: [listedItem({ folderId: 'a' })],
    };
    assert.deepEqual(outline(await groupTree(vault)).slice(1, 4), ['folders 1', '  folder Home 1', '  folder Work 0']);
  });

  it('shows organisations with their collections, and items in several of them', async () => {
    const vault = {
      ...nothing,
      organizations: [{ id: 'o', name: 'Northwind' }],
      collections: [
        { id: 'c1', organizationId: 'o', name: 'Infra' },
        { id: 'c2', organizationId: 'o', name: 'Infra/Prod' },
        { id: 'c3', organizationId: 'other', name: 'Elsewhere' },
      ],
      items: [
        listedItem({ organizationId: 'o', collectionIds: ['c1', 'c2'] }),
        listedItem({ organizationId: 'o', collectionIds: ['hidden'] }),
      ],
    };
    assert.deepEqual(outline(await groupTree(vault)), [
      'allItems 2',
      'organizations 2',
      '  organization Northwind 2',
      '    collection Infra 1',
      '      collection Prod 1',
      'types 2',
      '  type login 2',
    ]);
  });

  it('lists an item once in a branch that two collections of one name make', async () => {
    const shared = listedItem({ organizationId: 'o', collectionIds: ['c1', 'c2', 'c1'] });
    const [, organizations] = await groupTree({
      ...nothing,
      organizations: [{ id: 'o', name: 'Northwind' }],
      collections: [
        { id: 'c1', organizationId: 'o', name: 'Infra' },
        { id: 'c2', organizationId: 'o', name: ' Infra' },
      ],
      items: [shared],
    });
    assert.deepEqual(organizations?.children[0]?.children[0]?.items, [shared]);
  });

  it('keeps archived and trashed items out of every other branch', async () => {
    const vault = {
      ...nothing,
      items: [
        listedItem({ favorite: true }),
        listedItem({ favorite: true, trashed: true }),
        listedItem({ archived: true, type: 'card' }),
        listedItem({ archived: true, trashed: true }),
      ],
    };
    assert.deepEqual(outline(await groupTree(vault)), [
      'favorites 1',
      'allItems 1',
      'types 1',
      '  type login 1',
      'archive 1',
      'trash 2',
    ]);
  });

  it('lists types nobody knows yet', async () => {
    const vault = { ...nothing, items: [listedItem({ type: 'unknown' }), listedItem({ type: 'sshKey' })] };
    assert.deepEqual(outline(await groupTree(vault)), ['allItems 2', 'types 2', '  type sshKey 1', '  type unknown 1']);
  });

  it('gives every branch an id of its own, the same after a sync', async () => {
    const vault = {
      ...nothing,
      folders: [
        { id: 'a', name: 'Same' },
        { id: 'b', name: 'x/Same' },
      ],
      organizations: [
        { id: 'o1', name: 'Same' },
        { id: 'o2', name: 'Same' },
      ],
      collections: [
        { id: 'c1', organizationId: 'o1', name: 'Same' },
        { id: 'c2', organizationId: 'o2', name: 'Same' },
      ],
      items: [listedItem()],
    };
    const ids = (groups: readonly Group[]): string[] => groups.flatMap(({ id, children }) => [id, ...ids(children)]);
    const all = ids(await groupTree(vault));
    assert.equal(new Set(all).size, all.length);
    assert.deepEqual(ids(await groupTree(vault)), all);
  });

  it('leaves the thread to others while 10,000 items are put in order', async () => {
    const slices = new CountedSlices();
    const items = Array.from({ length: 10_000 }, (_, at) => listedItem({ folderId: at % 2 === 0 ? 'a' : undefined }));
    const [, folders] = await groupTree({ ...nothing, folders: [{ id: 'a', name: 'A' }], items }, slices);
    assert.equal(folders?.children[0]?.count, 5_000);
    assert.ok(slices.pauses >= CountedSlices.pausesOf(10_000 / 100), `${slices.pauses} pauses`);
  });

  it('does not let a name decide how deep the tree gets', async () => {
    const vault = { ...nothing, folders: [{ id: 'a', name: 'x/'.repeat(100_000) }], items: [] };
    const depth = (groups: readonly Group[]): number =>
      1 + Math.max(0, ...groups.map(({ children }) => depth(children)));
    assert.ok(depth(await groupTree(vault)) < 25);
  });
});

describe('Pages of a long list', () => {
  const items = (count: number) => Array.from({ length: count }, () => listedItem());

  it('leaves a list that fits whole', () => assert.equal(pageItems(items(200)), undefined));

  for (const count of [201, 10_000, 100_000]) {
    it(`shows each of ${count} items on one page, in order, with at most 200 pages`, () => {
      const all = items(count);
      const pages = pageItems(all) ?? [];
      assert.deepEqual(
        pages.flatMap((page) => page.items),
        all,
      );
      assert.ok(pages.length <= 200);
      for (const { first, last, items: page } of pages) {
        assert.equal(first, page[0]);
        assert.equal(last, page[page.length - 1]);
      }
    });
  }
});
