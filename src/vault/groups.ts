import { type ItemType, itemTypes } from '../bitwarden/wire/itemTypes';
import type { Item, Listed, Named } from './items';
import { byName } from './order';

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
  | Branch<'favorites' | 'folders' | 'noFolder' | 'organizations' | 'types' | 'archive' | 'trash'>
  | (Branch<'folder' | 'organization' | 'collection'> & { readonly name: string })
  | (Branch<'type'> & { readonly type: ItemType });

/**
 * The vault as a tree. Favourites, archive and trash show only when there is something in them; archived and trashed
 * items are in no other branch. Folders and collections are nested by "/" as in other clients.
 */
export function groupTree(vault: Listed): readonly Group[] {
  const trash = vault.items.filter(({ trashed }) => trashed);
  const archive = vault.items.filter(({ trashed, archived }) => archived && !trashed);
  const items = vault.items.filter(({ trashed, archived }) => !trashed && !archived);
  const favorites = items.filter(({ favorite }) => favorite);

  return [
    ...leaf('favorites', favorites),
    ...branch('folders', folderGroups(vault.folders, items), countOf),
    ...branch('organizations', organizationGroups(vault, items), countDistinct),
    ...branch('types', typeGroups(items), countOf),
    ...leaf('archive', archive),
    ...leaf('trash', trash),
  ];
}

function folderGroups(folders: readonly Named[], items: readonly Item[]): Group[] {
  const known = new Set(folders.map(({ id }) => id));
  const byFolder = Map.groupBy(items, ({ folderId }) => (known.has(folderId ?? '') ? folderId : undefined));
  const groups = nest('folder', 'folder', folders, countOf, (id) => {
    const own = byFolder.get(id) ?? [];
    // Should a server send a folder twice, its items are in the first.
    byFolder.delete(id);
    return own;
  });
  return groups.length === 0 ? [] : [...groups, ...leaf('noFolder', byFolder.get(undefined) ?? [])];
}

function organizationGroups(vault: Listed, items: readonly Item[]): Group[] {
  const byCollection = new Map<string, Item[]>();
  for (const item of items) {
    for (const id of item.collectionIds) {
      const list = byCollection.get(id);
      if (list) list.push(item);
      else byCollection.set(id, [item]);
    }
  }
  const collectionsOf = Map.groupBy(vault.collections, ({ organizationId }) => organizationId);
  const itemsOf = Map.groupBy(items, ({ organizationId }) => organizationId);
  return vault.organizations.map(({ id, name }) => {
    const collections = collectionsOf.get(id) ?? [];
    const listed = new Set(collections.map((collection) => collection.id));
    const own = itemsOf.get(id) ?? [];
    const unlisted = own.filter(({ collectionIds }) => !collectionIds.some((collection) => listed.has(collection)));
    const prefix = `collection.${id}`;
    const children = nest('collection', prefix, collections, countDistinct, (each) => byCollection.get(each) ?? []);
    const count = countDistinct(children, unlisted);
    return { kind: 'organization', id: `organization.${id}`, name, count, children, items: unlisted };
  });
}

function typeGroups(items: readonly Item[]): Group[] {
  const byType = Map.groupBy(items, ({ type }) => type);
  const types: readonly ItemType[] = [...itemTypes.map(({ name }) => name), 'unknown'];
  return types.flatMap((type): Group[] => {
    const ofType = byType.get(type);
    if (ofType === undefined) return [];
    return [{ kind: 'type', id: `type.${type}`, type, count: ofType.length, children: [], items: ofType }];
  });
}

/** A part of a name; two folders or collections may make the same one, and an item be in both. */
interface Part {
  readonly parts: Map<string, Part>;
  readonly items: Set<Item>;
}

/** "Work/Servers" becomes Servers inside Work, whether or not there is a "Work". */
function nest(
  kind: 'folder' | 'collection',
  idPrefix: string,
  named: readonly Named[],
  count: Count,
  itemsOf: (id: string) => readonly Item[],
): Group[] {
  const root: Part = { parts: new Map(), items: new Set() };
  for (const { id, name } of named) {
    let at = root;
    for (const part of pathOf(name)) {
      let next = at.parts.get(part);
      if (next === undefined) at.parts.set(part, (next = { parts: new Map(), items: new Set() }));
      at = next;
    }
    for (const item of itemsOf(id)) at.items.add(item);
  }
  const toGroups = ({ parts }: Part, prefix: string): Group[] =>
    [...parts]
      .map(([name, part]) => {
        const id = `${prefix}/${name}`;
        const children = toGroups(part, id);
        const items = [...part.items];
        return { kind, id, name, count: count(children, items), children, items };
      })
      .sort(byName);
  return toGroups(root, idPrefix);
}

/** Deeper names keep their remaining slashes: the depth of the tree is not for a server to choose. */
const DEEPEST = 20;

/** A name that is nothing but slashes has no parts, and stands for itself. */
function pathOf(name: string): readonly string[] {
  const parts = name
    .split('/')
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length === 0) return [name];
  return parts.length <= DEEPEST ? parts : [...parts.slice(0, DEEPEST - 1), parts.slice(DEEPEST - 1).join('/')];
}

type Count = (children: readonly Group[], items: readonly Item[]) => number;

/** For branches that share no item. */
function countOf(children: readonly Group[], items: readonly Item[]): number {
  return children.reduce((sum, { count }) => sum + count, items.length);
}

function countDistinct(children: readonly Group[], items: readonly Item[]): number {
  return children.length === 0 ? items.length : distinct(children, items).size;
}

function distinct(children: readonly Group[], items: readonly Item[], into = new Set<Item>()): Set<Item> {
  for (const item of items) into.add(item);
  for (const child of children) distinct(child.children, child.items, into);
  return into;
}

function leaf(kind: 'favorites' | 'noFolder' | 'archive' | 'trash', items: readonly Item[]): Group[] {
  return items.length === 0 ? [] : [{ kind, id: kind, count: items.length, children: [], items }];
}

function branch(kind: 'folders' | 'organizations' | 'types', children: readonly Group[], count: Count): Group[] {
  return children.length === 0 ? [] : [{ kind, id: kind, count: count(children, []), children, items: [] }];
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
