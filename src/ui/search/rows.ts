import type * as vscode from 'vscode';
import { actionsOf, type Item, type ItemAction } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { itemName } from '../labels';
import { printable, withoutIcons } from '../untrustedText';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

export const MOST_ROWS = 100;

export interface ItemRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly actions: readonly ItemAction[];
  readonly item: Item;
}

export interface RowGroup {
  readonly title: string | undefined;
  readonly rows: readonly ItemRow[];
}

type Places = Pick<OpenVault, 'folders' | 'collections' | 'organizations'>;

/** Without a query favourites come first, under a heading; with one, the best matches do. */
export function groupRows(query: string, items: readonly Item[], places: Places, l10n: L10n): readonly RowGroup[] {
  const row = (item: Item) => itemRow(item, places, l10n);
  if (query.trim() !== '') return [{ title: undefined, rows: items.slice(0, MOST_ROWS).map(row) }];
  const listed = items.filter(({ trashed, archived }) => !trashed && !archived);
  const favorites = listed.filter(({ favorite }) => favorite).slice(0, MOST_ROWS);
  const others = listed.filter(({ favorite }) => !favorite).slice(0, MOST_ROWS - favorites.length);
  if (favorites.length === 0) return [{ title: undefined, rows: others.map(row) }];
  return [
    { title: l10n.t('Favourites'), rows: favorites.map(row) },
    ...(others.length === 0 ? [] : [{ title: l10n.t('All items'), rows: others.map(row) }]),
  ];
}

function itemRow(item: Item, places: Places, l10n: L10n): ItemRow {
  return {
    label: withoutIcons(itemName(item, l10n)),
    description: withoutIcons(printable(item.username ?? '')),
    detail: withoutIcons(printable(placesOf(item, places, l10n).join(' · '))),
    actions: actionsOf(item),
    item,
  };
}

function placesOf(item: Item, { folders, collections, organizations }: Places, l10n: L10n): string[] {
  const named = (list: readonly { id: string; name: string }[], ids: readonly string[]) => {
    if (ids.length === 0) return [];
    const wanted = new Set(ids);
    return list.filter(({ id }) => wanted.has(id)).map(({ name }) => name);
  };
  return [
    ...(item.trashed ? [l10n.t('in the trash')] : item.archived ? [l10n.t('archived')] : []),
    ...named(folders, item.folderId === undefined ? [] : [item.folderId]),
    ...named(organizations, item.organizationId === undefined ? [] : [item.organizationId]),
    ...named(collections, item.collectionIds),
  ];
}
