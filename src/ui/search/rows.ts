import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { TimeSlices } from '../../base/timeSlices';
import type { Session } from '../../account/session';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { type ItemAction, itemActions, type ItemCommand } from '../itemActions';
import { itemName, putAway } from '../labels';
import { type Places, placesOf } from '../places';
import { openUsername } from '../presentation';
import { withoutIcons } from '../untrustedText';

export const MOST_ROWS = 100;

/** So many rows has a section that stands before others, so that these are seen, too. */
const MOST_BEFORE_OTHERS = 8;

export interface ItemRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly actions: readonly ItemAction[];
  readonly item: Item;
  /** What Enter does on this row in the place of what it does on others. */
  readonly onEnter?: ItemCommand;
  /** The account whose item it is, where several are searched. */
  readonly session?: Session;
}

export interface RowGroup {
  readonly title: string | undefined;
  readonly rows: readonly ItemRow[];
}

/** The rows of an empty search by their sections, some of which may have none. */
export type Sections = Readonly<Record<'next' | 'workspace' | 'recent' | 'favorites' | 'all', readonly ItemRow[]>>;

export type SearchedVault = Places & Pick<OpenVault, 'thoseThere'>;

export interface RowOptions {
  readonly vault: SearchedVault;
  /** Tells which items to list. It is called for no more of them than it takes to fill the list. */
  readonly matches: (item: Item) => boolean;
  readonly slices: TimeSlices;
}

/** What the list begins with before anything is typed. */
export interface Beginning {
  /** What the user most likely wants next. */
  readonly next?: { readonly item: Item; readonly command: ItemCommand; readonly label: string } | undefined;
  /** The items of the websites that this workspace has to do with. */
  readonly workspace: readonly Item[];
  /** The items that were used last, the latest first. */
  readonly recent: readonly Item[];
}

/** The rows for items that were found, in their order. */
export async function foundRows(
  items: readonly Item[],
  most: number,
  options: RowOptions,
): Promise<readonly ItemRow[]> {
  return rowsOf(items, most, options, new Set());
}

/**
 * The rows of an empty search. An item has one row, in the first section that it belongs to.
 *
 * @param share the part of the list that they may fill.
 */
export async function sectionRows(
  items: readonly Item[],
  { next, workspace, recent }: Beginning,
  options: RowOptions,
  share = 1,
): Promise<Sections> {
  const isListed = ({ trashed, archived }: Item) => !trashed && !archived;
  const listed = items.filter(isListed);
  const shown = new Set<string>();
  const first: ItemRow[] = [];
  if (next !== undefined) {
    shown.add(next.item.id);
    first.push({ ...itemRow(next.item, options.vault), label: next.label, onEnter: next.command });
  }
  let left = Math.floor(MOST_ROWS * share) - first.length;
  const add = async (list: readonly Item[], most = left) => {
    const rows = await rowsOf(list, Math.min(most, left), options, shown);
    left -= rows.length;
    return rows;
  };
  const mostBeforeOthers = Math.ceil(MOST_BEFORE_OTHERS * share);
  return {
    next: first,
    workspace: await add(workspace.filter(isListed), mostBeforeOthers),
    recent: await add(recent.filter(isListed), mostBeforeOthers),
    favorites: await add(listed.filter(({ favorite }) => favorite)),
    all: await add(listed),
  };
}

/** With their titles; a single section needs none, unless its rows do something else than others. */
export function groupsOf({ next, workspace, recent, favorites, all }: Sections): readonly RowGroup[] {
  const groups = [
    { title: vscode.l10n.t('Copy Next'), rows: next },
    { title: vscode.l10n.t('This Workspace'), rows: workspace },
    { title: vscode.l10n.t('Recent'), rows: recent },
    { title: vscode.l10n.t('Favorites'), rows: favorites },
    { title: vscode.l10n.t('All Items'), rows: all },
  ].filter(({ rows }) => rows.length > 0);
  const [only] = groups;
  return only !== undefined && groups.length === 1 && next.length === 0 ? [{ ...only, title: undefined }] : groups;
}

/** @param shown the items that have a row already; those that get one here are added. */
async function rowsOf(
  items: readonly Item[],
  most: number,
  { vault, matches, slices }: RowOptions,
  shown: Set<string>,
): Promise<readonly ItemRow[]> {
  const rows: ItemRow[] = [];
  for (const item of items) {
    if (rows.length >= most) break;
    await slices.next();
    if (shown.has(item.id) || !matches(item)) continue;
    shown.add(item.id);
    rows.push(itemRow(item, vault));
  }
  return rows;
}

const searchActions = itemActions.filter(({ inSearch }) => inSearch);

/**
 * What can be done with an item that has had a row. To find out takes longer than the search for a hundred of them, and most
 * rows of a letter are there for the next one, too. A changed item is another object.
 */
const knownActions = new WeakMap<Item, readonly ItemAction[]>();

function actionsOf(item: Item, vault: SearchedVault): readonly ItemAction[] {
  const known = knownActions.get(item) ?? vault.thoseThere(item.id, searchActions);
  knownActions.set(item, known);
  return known;
}

function itemRow(item: Item, vault: SearchedVault): ItemRow {
  return {
    label: withoutIcons(itemName(item)),
    description: withoutIcons(openUsername(item)),
    detail: withoutIcons(printable(placeNames(item, vault).join(' · '))),
    actions: actionsOf(item, vault),
    item,
  };
}

function placeNames(item: Item, vault: Places): string[] {
  const { folders, organizations, collections } = placesOf(item, vault);
  return [...putAway(item), ...folders, ...organizations, ...collections];
}
