import { type Item, itemTypes } from './items';
import type { Named, NamedCollection } from './openVault';
import { compareNames } from './search';

export type GroupKind =
  | 'favorites'
  | 'folders'
  | 'folder'
  | 'noFolder'
  | 'organizations'
  | 'organization'
  | 'collection'
  | 'types'
  | 'type'
  | 'archive'
  | 'trash';

/** A branch of the vault's tree. */
export interface Group {
  /** Unique in the tree, the same for the same branch after a sync. */
  readonly id: string;
  readonly kind: GroupKind;
  /** Of folder, organisation and collection: the last part of the name. Of a type: its ItemType. */
  readonly name: string | undefined;
  /** Items here and in all branches below, each counted once. */
  readonly count: number;
  readonly children: readonly Group[];
  readonly items: readonly Item[];
}

/** What of the open vault the tree is made of. */
export interface Groupable {
  readonly items: readonly Item[];
  readonly folders: readonly Named[];
  readonly organizations: readonly Named[];
  readonly collections: readonly NamedCollection[];
}

/**
 * The vault as a tree. Favourites, archive and trash show only when there is something in them; archived and trashed
 * items are in no other branch. Folders and collections are nested by "/" as in other clients.
 */
export function groupTree(vault: Groupable): readonly Group[] {
  const trash = vault.items.filter(({ trashed }) => trashed);
  const archive = vault.items.filter(({ trashed, archived }) => archived && !trashed);
  const items = vault.items.filter(({ trashed, archived }) => !trashed && !archived);
  const favorites = items.filter(({ favorite }) => favorite);

  return [
    ...leafUnlessEmpty('favorites', favorites),
    ...branchUnlessEmpty('folders', folderGroups(vault.folders, items)),
    ...branchUnlessEmpty('organizations', organizationGroups(vault, items)),
    ...branchUnlessEmpty('types', typeGroups(items)),
    ...leafUnlessEmpty('archive', archive),
    ...leafUnlessEmpty('trash', trash),
  ];
}

function folderGroups(folders: readonly Named[], items: readonly Item[]): Group[] {
  const known = new Set(folders.map(({ id }) => id));
  const byFolder = Map.groupBy(items, ({ folderId }) => (known.has(folderId ?? '') ? folderId : undefined));
  const groups = nest('folder', 'folder', folders, (id) => byFolder.get(id) ?? []);
  const rest = byFolder.get(undefined) ?? [];
  return groups.length === 0 ? [] : [...groups, ...leafUnlessEmpty('noFolder', rest)];
}

function organizationGroups(vault: Groupable, items: readonly Item[]): Group[] {
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
    const children = nest(
      `collection.${id}`,
      'collection',
      collections,
      (collection) => byCollection.get(collection) ?? [],
    );
    return group(`organization.${id}`, 'organization', name, children, unlisted);
  });
}

function typeGroups(items: readonly Item[]): Group[] {
  const byType = Map.groupBy(items, ({ type }) => type);
  return itemTypes.flatMap((type) => {
    const ofType = byType.get(type);
    return ofType ? [group(`type.${type}`, 'type', type, [], ofType)] : [];
  });
}

interface Branch {
  readonly children: Map<string, Branch>;
  /** An item may be in two collections of one name. */
  readonly items: Set<Item>;
}

/** "Work/Servers" becomes Servers inside Work, whether or not there is a "Work". */
function nest(
  idPrefix: string,
  kind: 'folder' | 'collection',
  named: readonly Named[],
  itemsOf: (id: string) => readonly Item[],
): Group[] {
  const root: Branch = { children: new Map(), items: new Set() };
  for (const { id, name } of named) {
    let branch = root;
    for (const part of pathOf(name)) {
      let child = branch.children.get(part);
      if (child === undefined) branch.children.set(part, (child = { children: new Map(), items: new Set() }));
      branch = child;
    }
    for (const item of itemsOf(id)) branch.items.add(item);
  }
  return toGroups(root, kind, idPrefix);
}

function toGroups(branch: Branch, kind: 'folder' | 'collection', idPrefix: string): Group[] {
  return [...branch.children]
    .map(([name, child]) => {
      const id = `${idPrefix}/${name}`;
      return group(id, kind, name, toGroups(child, kind, id), [...child.items]);
    })
    .sort((a, b) => compareNames(a.name, b.name));
}

/** Deeper names keep their remaining slashes: the depth of the tree is not for a server to choose. */
const deepest = 20;

/** A name that is nothing but slashes has no parts, and stands for itself. */
function pathOf(name: string): readonly string[] {
  const parts = name
    .split('/')
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length === 0) return [name];
  return parts.length <= deepest ? parts : [...parts.slice(0, deepest - 1), parts.slice(deepest - 1).join('/')];
}

function group(
  id: string,
  kind: GroupKind,
  name: string | undefined,
  children: readonly Group[],
  items: readonly Item[],
): Group {
  return {
    id,
    kind,
    name,
    count: children.length === 0 ? items.length : distinct(children, items).size,
    children,
    items,
  };
}

function distinct(children: readonly Group[], items: readonly Item[], into = new Set<Item>()): Set<Item> {
  for (const item of items) into.add(item);
  for (const child of children) distinct(child.children, child.items, into);
  return into;
}

function leafUnlessEmpty(kind: GroupKind, items: readonly Item[]): Group[] {
  return items.length === 0 ? [] : [group(kind, kind, undefined, [], items)];
}

function branchUnlessEmpty(kind: GroupKind, children: readonly Group[]): Group[] {
  return children.length === 0 ? [] : [group(kind, kind, undefined, children, [])];
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
