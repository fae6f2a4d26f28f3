import type { Item, Listed } from '../vault/items';

export type Places = Pick<Listed, 'folders' | 'collections' | 'organizations'>;

/** The names of what the item is in, as they are stored. */
export function placesOf({ folderId, organizationId, collectionIds }: Item, places: Places) {
  const named = (list: readonly { id: string; name: string }[], ids: readonly (string | undefined)[]) => {
    if (ids.length === 0) return [];
    const wanted = new Set(ids);
    return list.filter(({ id }) => wanted.has(id)).map(({ name }) => name);
  };
  return {
    folders: named(places.folders, folderId === undefined ? [] : [folderId]),
    organizations: named(places.organizations, organizationId === undefined ? [] : [organizationId]),
    collections: named(places.collections, collectionIds),
  };
}
