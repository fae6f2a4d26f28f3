import { TimeSlices } from '../../base/timeSlices';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Moment } from '../../vault/search/preference';
import { choicesOf, type ItemChoice, wayOn } from './choices';
import {
  type Beginning,
  foundRows,
  groupsOf,
  MOST_ROWS,
  type RowOptions,
  type SearchedVault,
  sectionRows,
  type Sections,
} from './rows';

export type ListedVault = SearchedVault & Pick<OpenVault, 'items' | 'item' | 'search' | 'searchLoosely' | 'itemsAt'>;

export interface ResultOptions {
  readonly vault: ListedVault;
  readonly moment: Moment;
  /** Tells which items to list. */
  readonly matches: (item: Item) => boolean;
  readonly withButtons: boolean;
}

/** The list while nothing is typed. */
export async function emptyResults(options: ResultOptions, next: Beginning['next']): Promise<readonly ItemChoice[]> {
  return choicesOf(groupsOf(await emptySections(options, next)), options.withButtons);
}

/**
 * The rows of that list.
 *
 * @param share see sectionRows.
 */
export async function emptySections(
  { vault, moment, matches }: Omit<ResultOptions, 'withButtons'>,
  next?: Beginning['next'],
  share?: number,
): Promise<Sections> {
  const { hosts = [], recent = [] } = moment;
  const workspace = hosts.length === 0 ? [] : await vault.itemsAt(hosts, moment);
  const beginning = { next, workspace, recent: recent.flatMap((id) => vault.item(id) ?? []) };
  return sectionRows(vault.items, beginning, { vault, matches, slices: new TimeSlices() }, share);
}

/**
 * The list for a query: first what matches, as soon as that is known; then, with the same entries in front, what nearly
 * matches behind it, if there is any. It says that nothing matches only once both are known.
 */
export async function* results(
  query: string,
  { vault, moment, matches, withButtons }: ResultOptions,
): AsyncGenerator<readonly ItemChoice[], void> {
  const rowOptions: RowOptions = { vault, matches, slices: new TimeSlices() };
  const choicesFor = async (items: readonly Item[], most: number) => {
    const rows = await foundRows(items, most, rowOptions);
    return choicesOf([{ title: undefined, rows }], withButtons);
  };
  const found = await vault.search(query, moment);
  const { archived } = found;
  const exact = await choicesFor(found.items, MOST_ROWS);
  if (exact.length > 0) {
    yield [...exact, ...wayOn({ shown: exact.length, found: found.items.length, archived })];
  }
  const nearly = await vault.searchLoosely(query, found, moment);
  const loose = await choicesFor(nearly, MOST_ROWS - exact.length);
  if (exact.length > 0 && loose.length === 0) return;
  const shown = exact.length + loose.length;
  yield [...exact, ...loose, ...wayOn({ shown, found: found.items.length + nearly.length, archived })];
}
