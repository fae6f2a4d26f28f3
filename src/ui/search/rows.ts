import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { TimeSlices } from '../../base/timeSlices';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { type ItemAction, itemActions } from '../itemActions';
import { itemName, putAway } from '../labels';
import { type Places, placesOf } from '../places';
import { openUsername } from '../presentation';
import { withoutIcons } from '../untrustedText';

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

export type SearchedVault = Places & Pick<OpenVault, 'thoseThere'>;

export interface RowOptions {
  readonly vault: SearchedVault;
  /** Tells which items to list. It is called for no more of them than it takes to fill the list. */
  readonly matches: (item: Item) => boolean;
  readonly slices: TimeSlices;
}

/** The rows for a query, the best matches first. Without a query the favourites come first, under a heading. */
export async function groupRows(
  query: string,
  items: readonly Item[],
  { vault, matches, slices }: RowOptions,
): Promise<readonly RowGroup[]> {
  const rowsOf = async (list: readonly Item[], most: number) => {
    const rows: ItemRow[] = [];
    for (const item of list) {
      if (rows.length >= most) break;
      await slices.next();
      if (matches(item)) rows.push(itemRow(item, vault));
    }
    return rows;
  };
  if (query.trim() !== '') return [{ title: undefined, rows: await rowsOf(items, MOST_ROWS) }];
  const listed = items.filter(({ trashed, archived }) => !trashed && !archived);
  const favorites = await rowsOf(
    listed.filter(({ favorite }) => favorite),
    MOST_ROWS,
  );
  const others = await rowsOf(
    listed.filter(({ favorite }) => !favorite),
    MOST_ROWS - favorites.length,
  );
  if (favorites.length === 0) return [{ title: undefined, rows: others }];
  return [
    { title: vscode.l10n.t('Favorites'), rows: favorites },
    ...(others.length === 0 ? [] : [{ title: vscode.l10n.t('All Items'), rows: others }]),
  ];
}

const searchActions = itemActions.filter(({ inSearch }) => inSearch);

function itemRow(item: Item, vault: SearchedVault): ItemRow {
  return {
    label: withoutIcons(itemName(item)),
    description: withoutIcons(openUsername(item)),
    detail: withoutIcons(printable(placeNames(item, vault).join(' · '))),
    actions: vault.thoseThere(item.id, searchActions),
    item,
  };
}

function placeNames(item: Item, vault: Places): string[] {
  const { folders, organizations, collections } = placesOf(item, vault);
  return [...putAway(item), ...folders, ...organizations, ...collections];
}
