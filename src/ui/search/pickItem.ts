import * as vscode from 'vscode';
import { TimeSlices } from '../../base/timeSlices';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../account/session';
import { toError } from '../../base/thrown';
import type { ItemAction, ItemCommand } from '../itemActions';
import { workspaceHosts } from '../workspace/workspaceHosts';
import { choicesOf, type ItemButton, type ItemChoice, wayOn } from './choices';
import type { OpenSearch } from './openSearch';
import { type Beginning, foundRows, groupRows, type ItemRow } from './rows';
import type { SearchKey } from './searchKeys';

export interface ItemPickerOptions {
  readonly placeholder: string;
  readonly title?: string;
  /** Tells which items the command can be used on. The others are not offered. */
  matches?(item: Item): boolean;
  /** Gives the rows buttons; the picker stays open when one is pressed. */
  onButton?(item: Item, action: ItemAction): void;
  /** What the list begins with while nothing is typed. */
  next?(vault: OpenVault): Beginning['next'];
  /** Has the keys of a search do something with the active row. */
  readonly keys?: OpenSearch;
}

export interface PickedItem {
  readonly item: Item;
  /** The key that it was picked by; undefined for Enter. */
  readonly key: SearchKey | undefined;
  /** What the row says that Enter does; undefined where it says nothing. */
  readonly onEnter: ItemCommand | undefined;
}

/** Lets the user search for an item. Shows the hundred best matches, so that it is quick in a large vault, too. */
export function pickItem(
  session: Session,
  vault: OpenVault,
  options: ItemPickerOptions,
): Promise<PickedItem | undefined> {
  // The matches come in the right order already. VS Code honours the property, which is missing in its typings.
  const pick: vscode.QuickPick<ItemChoice> & { sortByLabel?: boolean } = vscode.window.createQuickPick<ItemChoice>();
  pick.sortByLabel = false;
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  const matches = (item: Item) => options.matches?.(item) ?? true;
  const withButtons = options.onButton !== undefined;
  const hosts = soon(workspaceHosts(), []);

  let asked = 0;
  /**
   * Enter, or another key, was pressed while the search was still running. It is meant for the best match of what was typed
   * by then.
   */
  let pending: { readonly key: SearchKey | undefined } | undefined;

  /** @returns undefined if something else was asked meanwhile. */
  const choicesFor = async (query: string, number: number): Promise<readonly ItemChoice[] | undefined> => {
    // A sync may have opened the vault anew.
    const searched = session.state.kind === 'unlocked' ? session.state.vault : vault;
    const found = await searched.search(query);
    if (number !== asked) return undefined;
    const rowOptions = { vault: searched, matches, slices: new TimeSlices() };
    if (query.trim() === '') {
      const workspace = await itemsAt(await hosts, searched);
      const beginning = { next: options.next?.(searched), workspace, recent: [] };
      const groups = await groupRows(found, beginning, rowOptions);
      return choicesOf(groups, withButtons);
    }
    const asksForArchive = query.includes(ARCHIVE);
    const wanted = found.filter(({ archived }) => asksForArchive || !archived);
    const rows = await foundRows(wanted, rowOptions);
    const archived = found.length - wanted.length;
    const goOn = wayOn({ shown: rows.length, found: wanted.length, archived });
    return [...choicesOf([{ title: undefined, rows }], withButtons), ...goOn];
  };

  const search = async (query: string) => {
    const number = ++asked;
    pick.busy = true;
    const choices = await choicesFor(query, number);
    if (choices === undefined || number !== asked) return;
    pick.items = choices;
    pick.busy = false;
  };

  return new Promise((resolve, reject) => {
    const take = (row: ItemRow | undefined, key: SearchKey | undefined) => {
      if (row === undefined) return;
      resolve({ item: row.item, key, onEnter: key === undefined ? row.onEnter : undefined });
      pick.hide();
    };
    const firstRow = () => pick.items.find(({ row }) => row !== undefined)?.row;
    const locking = session.onDidLock(() => pick.hide());
    const searchOrFail = (query: string) => {
      pending = undefined;
      search(query).then(
        () => {
          if (pending !== undefined && !pick.busy) take(firstRow(), pending.key);
        },
        (error: unknown) => {
          reject(toError(error));
          pick.hide();
        },
      );
    };
    const press = (key: SearchKey | undefined) => {
      // The rows on the screen may still be those of what was typed before.
      pending = pick.busy ? { key } : undefined;
      if (pick.busy) return;
      // Until VS Code has drawn the new rows it still names one of the former rows as active.
      const active = pick.activeItems.find((each) => pick.items.includes(each));
      if (active?.leadsTo === undefined) take(active === undefined ? firstRow() : active.row, key);
      else if (key === undefined) goOn(active.leadsTo);
    };
    const goOn = (leadsTo: NonNullable<ItemChoice['leadsTo']>) => {
      switch (leadsTo) {
        case 'sync':
          void vscode.commands.executeCommand('vaultside.sync').then(() => searchOrFail(pick.value));
          return;
        case 'archive':
          pick.value = `${ARCHIVE} ${pick.value.trim()}`;
          searchOrFail(pick.value);
      }
    };
    const keys = options.keys?.begin(press);
    pick.onDidChangeValue(searchOrFail);
    pick.onDidAccept(() => press(undefined));
    pick.onDidTriggerItemButton(({ item, button }) => {
      if (item.row !== undefined) options.onButton?.(item.row.item, (button as ItemButton).action);
    });
    pick.onDidHide(() => {
      asked++;
      keys?.dispose();
      resolve(undefined);
      locking.dispose();
      pick.dispose();
    });
    searchOrFail('');
    pick.show();
  });
}

/** What asks for archived items in a query. */
const ARCHIVE = 'is:archived';

/** The items at these hosts, those of the first host first. */
async function itemsAt(hosts: readonly string[], vault: OpenVault): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (const host of hosts) found.push(...(await vault.search(`https://${host}/`)));
  return found;
}

/** Folders may be on a machine that does not answer. A list that a person waits for opens all the same. */
const LONGEST_WAIT_MS = 200;

function soon<T>(coming: Promise<T>, otherwise: T): Promise<T> {
  return Promise.race([coming, new Promise<T>((resolve) => setTimeout(resolve, LONGEST_WAIT_MS, otherwise))]);
}
