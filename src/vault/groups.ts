import { TimeSlices } from '../base/timeSlices';
import { type ItemType, itemTypes } from '../bitwarden/wire/itemTypes';
import type { Item, Listed, Named } from './items';
import { sortedByName } from './order';

interface Branch<Kind extends string> {
  readonly kind: Kind;
  /** Unique in the tree, the same for the same branch after a sync. */
  readonly id: string;
  /** Items here and in all branches below, each counted once. */
  readonly count: number;
  readonly children: readonly Group[];
  readonly items: readonly Item[];
}

/** A branch of the vault's tree. Those that the user named go by the last part of that name. */
export type Group =
  | Branch<'favorites' | 'allItems' | 'folders' | 'noFolder' | 'organizations' | 'types' | 'archive' | 'trash'>
  | (Branch<'organization'> & { readonly name: string })
  | (Branch<'folder' | 'collection'> & {
      readonly name: string;
      /** With the names of those that it is in. */
      readonly fullName: string;
      /** Of all that have this name; empty where only the names of others begin so. */
      readonly ids: readonly string[];
    })
  | (Branch<'type'> & { readonly type: ItemType });

/**
 * The vault as a tree, in slices of a few milliseconds. Favourites, archive and trash show only when there is something
 * in them; archived and trashed items are in no other branch. Folders and collections are nested by "/" as in other
 * clients.
 */
export async function groupTree(vault: Listed, slices = new TimeSlices()): Promise<readonly Group[]> {
  const sorted = await sortOut(vault, slices);
  return [
    ...leaf('favorites', sorted.favorites),
    ...leaf('allItems', sorted.all),
    ...(await branch('folders', await folderGroups(vault, sorted, slices), countOf, slices)),
    ...(await branch('organizations', await organizationGroups(vault, sorted, slices), countDistinct, slices)),
    ...(await branch('types', typeGroups(sorted), countOf, slices)),
    ...leaf('archive', sorted.archive),
    ...leaf('trash', sorted.trash),
  ];
}

/** Items by what they are in. */
class Lists<Key> {
  readonly #lists = new Map<Key, Item[]>();

  add(key: Key, item: Item): void {
    const list = this.#lists.get(key);
    if (list) list.push(item);
    else this.#lists.set(key, [item]);
  }

  of(key: Key): readonly Item[] {
    return this.#lists.get(key) ?? [];
  }

  /** Gives the items once, because otherwise a folder that a server sends twice would show and count them twice. */
  take(key: Key): readonly Item[] {
    const list = this.of(key);
    this.#lists.delete(key);
    return list;
  }
}

interface SortedOut {
  readonly all: readonly Item[];
  readonly favorites: readonly Item[];
  readonly archive: readonly Item[];
  readonly trash: readonly Item[];
  /** Under undefined: items in no folder, or in one that is gone. */
  readonly byFolder: Lists<string | undefined>;
  readonly byCollection: Lists<string>;
  /** By organisation: items that are in none of its collections. */
  readonly unlisted: Lists<string>;
  readonly byType: Lists<ItemType>;
}

async function sortOut(vault: Listed, slices: TimeSlices): Promise<SortedOut> {
  const folders = new Set(vault.folders.map(({ id }) => id));
  const organizationOf = new Map(vault.collections.map(({ id, organizationId }) => [id, organizationId]));
  const [all, favorites, archive, trash]: [Item[], Item[], Item[], Item[]] = [[], [], [], []];
  const byFolder = new Lists<string | undefined>();
  const byCollection = new Lists<string>();
  const unlisted = new Lists<string>();
  const byType = new Lists<ItemType>();
  await slices.each(vault.items, (item) => {
    if (item.trashed || item.archived) {
      (item.trashed ? trash : archive).push(item);
      return;
    }
    all.push(item);
    if (item.favorite) favorites.push(item);
    byType.add(item.type, item);
    byFolder.add(folders.has(item.folderId ?? '') ? item.folderId : undefined, item);
    const { organizationId, collectionIds } = item;
    for (const id of collectionIds) byCollection.add(id, item);
    if (organizationId === undefined) return;
    if (!collectionIds.some((id) => organizationOf.get(id) === organizationId)) unlisted.add(organizationId, item);
  });
  return { all, favorites, archive, trash, byFolder, byCollection, unlisted, byType };
}

async function folderGroups({ folders }: Listed, { byFolder }: SortedOut, slices: TimeSlices): Promise<Group[]> {
  const groups = await nest('folder', 'folder', folders, countOf, (id) => byFolder.take(id), slices);
  return groups.length === 0 ? [] : [...groups, ...leaf('noFolder', byFolder.of(undefined))];
}

async function organizationGroups(
  vault: Listed,
  { byCollection, unlisted }: SortedOut,
  slices: TimeSlices,
): Promise<Group[]> {
  const collectionsOf = Map.groupBy(vault.collections, ({ organizationId }) => organizationId);
  const groups: Group[] = [];
  for (const { id, name } of vault.organizations) {
    const collections = collectionsOf.get(id) ?? [];
    const itemsOf = (collection: string) => byCollection.of(collection);
    const children = await nest('collection', `collection.${id}`, collections, countDistinct, itemsOf, slices);
    const items = unlisted.of(id);
    const count = await countDistinct(children, items, slices);
    groups.push({ kind: 'organization', id: `organization.${id}`, name, count, children, items });
  }
  return groups;
}

function typeGroups({ byType }: SortedOut): Group[] {
  const types: readonly ItemType[] = [...itemTypes.map(({ name }) => name), 'unknown'];
  return types.flatMap((type): Group[] => {
    const items = byType.of(type);
    if (items.length === 0) return [];
    return [{ kind: 'type', id: `type.${type}`, type, count: items.length, children: [], items }];
  });
}

/**
 * One part of names that are nested by "/". Folders or collections of the same name share it, and since an item may be in
 * several of them, its items are a set.
 */
interface Part {
  readonly name: string;
  readonly ids: string[];
  readonly parts: Map<string, Part>;
  readonly items: Set<Item>;
}

const newPart = (name: string): Part => ({ name, ids: [], parts: new Map(), items: new Set() });

/** "Work/Servers" becomes Servers inside Work, whether or not there is a "Work". */
async function nest(
  kind: 'folder' | 'collection',
  idPrefix: string,
  named: readonly Named[],
  count: Count,
  itemsOf: (id: string) => readonly Item[],
  slices: TimeSlices,
): Promise<Group[]> {
  const root = newPart('');
  for (const { id, name } of named) {
    let at = root;
    for (const part of pathOf(name)) {
      let next = at.parts.get(part);
      if (next === undefined) at.parts.set(part, (next = newPart(part)));
      at = next;
    }
    const { items } = at;
    at.ids.push(id);
    await slices.each(itemsOf(id), (item) => items.add(item));
  }
  const toGroups = async ({ parts }: Part, prefix: string): Promise<Group[]> => {
    const groups: Group[] = [];
    for (const part of await sortedByName([...parts.values()], slices)) {
      const id = `${prefix}/${part.name}`;
      const children = await toGroups(part, id);
      const items = [...part.items];
      const { name, ids } = part;
      const fullName = id.slice(idPrefix.length + 1);
      groups.push({
        ...{ kind, id, name, fullName, ids },
        ...{ count: await count(children, items, slices), children, items },
      });
    }
    return groups;
  };
  return toGroups(root, idPrefix);
}

/** Levels of the tree. The last one keeps the slashes that are left, because otherwise a server could choose the depth. */
const DEEPEST = 20;

/** Folders that show as one row, since their names differ in nothing but spaces around a part. */
export interface FolderRow {
  /** As in the tree. */
  readonly fullName: string;
  /** That of one of them. */
  readonly name: string;
  readonly ids: readonly string[];
}

/** The folders, without those whose names alone begin the names of others. */
export function folderRows({ folders }: Pick<Listed, 'folders'>): readonly FolderRow[] {
  const byName = Map.groupBy(folders, ({ name }) => pathOf(name).join('/'));
  return Array.from(byName, ([fullName, same]) => ({
    ...{ fullName, name: same[0]?.name ?? fullName },
    ids: same.map(({ id }) => id),
  }));
}

/** A name that is nothing but slashes has no parts, and stands for itself. */
function pathOf(name: string): readonly string[] {
  const parts = name
    .split('/')
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length === 0) return [name];
  return parts.length <= DEEPEST ? parts : [...parts.slice(0, DEEPEST - 1), parts.slice(DEEPEST - 1).join('/')];
}

type Count = (children: readonly Group[], items: readonly Item[], slices: TimeSlices) => number | Promise<number>;

/** Counts the items of branches of which no two have an item in common. */
const countOf: Count = (children, items) => children.reduce((sum, { count }) => sum + count, items.length);

/** Counts an item that is in several branches once. */
const countDistinct: Count = async (children, items, slices) => {
  if (children.length === 0) return items.length;
  const seen = new Set<Item>();
  const add = async (groups: readonly Group[], own: readonly Item[]): Promise<void> => {
    await slices.each(own, (item) => seen.add(item));
    for (const group of groups) await add(group.children, group.items);
  };
  await add(children, items);
  return seen.size;
};

function leaf(kind: 'favorites' | 'allItems' | 'noFolder' | 'archive' | 'trash', items: readonly Item[]): Group[] {
  return items.length === 0 ? [] : [{ kind, id: kind, count: items.length, children: [], items }];
}

async function branch(
  kind: 'folders' | 'organizations' | 'types',
  children: readonly Group[],
  count: Count,
  slices: TimeSlices,
): Promise<Group[]> {
  if (children.length === 0) return [];
  return [{ kind, id: kind, count: await count(children, [], slices), children, items: [] }];
}

/** Part of a list that is too long to show at once. */
export interface Page {
  readonly first: Item;
  readonly last: Item;
  readonly items: readonly Item[];
}

/**
 * Cuts a list so that no level of the tree has more than `size` rows: a list of `size` items or fewer stays whole
 * (undefined); a longer one becomes at most `size` pages.
 */
export function pageItems(items: readonly Item[], size = 200): readonly Page[] | undefined {
  if (items.length <= size) return undefined;
  const perPage = Math.max(size, Math.ceil(items.length / size));
  const pages: Page[] = [];
  for (let start = 0; start < items.length; start += perPage) {
    const page = items.slice(start, start + perPage);
    const [first, last] = [page[0], page.at(-1)];
    if (first && last) pages.push({ first, last, items: page });
  }
  return pages;
}
