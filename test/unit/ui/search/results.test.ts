import assert from 'node:assert/strict';
import type { Item } from '../../../../src/vault/items';
import { emptyResults, type ListedVault, type ResultOptions, results } from '../../../../src/ui/search/results';
import { listedItem } from '../../../support/listedItem';

const named = (...names: readonly string[]) => names.map((name) => listedItem({ id: name, name }));

interface Answers {
  readonly items?: readonly Item[];
  readonly found?: readonly Item[];
  readonly nearly?: readonly Item[];
  readonly archived?: number;
}

function optionsFor({ items = [], found = [], nearly = [], archived = 0 }: Answers): ResultOptions {
  const vault: ListedVault = {
    ...{ folders: [], organizations: [], collections: [], items },
    item: (id) => items.find((each) => each.id === id),
    search: () => Promise.resolve({ items: found, archived }),
    searchLoosely: () => Promise.resolve(nearly),
    itemsAt: (hosts) => Promise.resolve(items.filter(({ name }) => hosts.includes(name ?? ''))),
    thoseThere: () => [],
  };
  return { vault, moment: {}, matches: () => true, withButtons: false };
}

async function listsOf(answers: Answers) {
  const lists: string[][] = [];
  for await (const list of results('x', optionsFor(answers))) {
    lists.push(list.map(({ label, description }) => `${label} ${description ?? ''}`.trim()));
  }
  return lists;
}

describe('What a list shows for a query', () => {
  it('is what matches, then what nearly matches behind it', async () => {
    assert.deepEqual(await listsOf({ found: named('a'), nearly: named('b') }), [['a'], ['a', 'b']]);
    assert.deepEqual(await listsOf({ found: named('a') }), [['a']]);
  });

  it('keeps the rows that are there when others come behind them', async () => {
    const lists = [];
    for await (const list of results('x', optionsFor({ found: named('a'), nearly: named('b') }))) lists.push(list);
    assert.equal(lists[0]?.[0], lists[1]?.[0]);
  });

  it('does not say that nothing matches before it knows', async () => {
    assert.deepEqual(await listsOf({ nearly: named('b') }), [['b']]);
    assert.deepEqual(await listsOf({}), [['No item matches', 'Sync Vault']]);
  });

  it('leads to the archive where something there matches', async () => {
    assert.deepEqual(await listsOf({ archived: 1 }), [['No item matches', 'Search Archive 1 item', 'Sync Vault']]);
    assert.deepEqual(await listsOf({ found: named('a'), nearly: named('b'), archived: 3 }), [
      ['a', 'Search Archive 3 items'],
      ['a', 'b', 'Search Archive 3 items'],
    ]);
  });

  it('has a hundred rows at most, and says how many more there are', async () => {
    const many = named(...Array.from({ length: 152 }, (_, n) => `${n}`));
    const [list] = await listsOf({ found: many });
    assert.deepEqual([list?.length, list?.at(-1)], [101, '52 more, keep typing']);
    const lists = await listsOf({ found: many.slice(0, 40), nearly: many.slice(40) });
    assert.deepEqual([lists[1]?.length, lists[1]?.at(-1)], [101, '52 more, keep typing']);
  });
});

describe('What a list shows while nothing is typed', () => {
  it('begins with what is at the hosts of the workspace, and with what was used last', async () => {
    const options = optionsFor({ items: named('a', 'b', 'github.com') });
    const list = await emptyResults(
      { ...options, moment: { hosts: ['github.com'], recent: ['gone', 'b'] } },
      undefined,
    );
    assert.deepEqual(
      list.map(({ label }) => label),
      ['This Workspace', 'github.com', 'Recent', 'b', 'All Items', 'a'],
    );
  });
});
