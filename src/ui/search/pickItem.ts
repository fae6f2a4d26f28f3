import * as vscode from 'vscode';
import { TimeSlices } from '../../base/timeSlices';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../account/session';
import { toError } from '../../base/thrown';
import { commandTitle } from '../commands/commandId';
import type { ItemAction } from '../itemActions';
import { itemIcon } from '../itemWords';
import { groupRows, type ItemRow, MOST_ROWS } from './rows';

interface ItemButton extends vscode.QuickInputButton {
  readonly action: ItemAction;
}

interface ItemChoice extends vscode.QuickPickItem {
  readonly row?: ItemRow;
  readonly syncs?: true;
}

export interface ItemPickerOptions {
  readonly placeholder: string;
  /** Tells which items the command can be used on. The others are not offered. */
  matches?(item: Item): boolean;
  /** Gives the rows buttons; the picker stays open when one is pressed. */
  onButton?(item: Item, action: ItemAction): void;
}

/** Lets the user search for an item. Shows the hundred best matches, so that it is quick in a large vault, too. */
export function pickItem(session: Session, vault: OpenVault, options: ItemPickerOptions): Promise<Item | undefined> {
  // The matches come in the right order already. VS Code honours the property, which is missing in its typings.
  const pick: vscode.QuickPick<ItemChoice> & { sortByLabel?: boolean } = vscode.window.createQuickPick<ItemChoice>();
  pick.sortByLabel = false;
  pick.placeholder = options.placeholder;

  let asked = 0;
  /** Enter was pressed while the search was still running. It is meant for the best match of what was typed by then. */
  let enterPending = false;
  const search = async (query: string) => {
    const number = ++asked;
    pick.busy = true;
    // A sync may have opened the vault anew.
    const searched = session.state.kind === 'unlocked' ? session.state.vault : vault;
    const moment = { recent: session.itemUse.likeliest() };
    const found = await searched.search(query, moment);
    await show(query, found.items, searched, number);
    const nearly = number === asked ? await searched.searchLoosely(query, found, moment) : [];
    if (nearly.length > 0) await show(query, [...found.items, ...nearly], searched, number);
    if (number === asked) pick.busy = false;
  };
  const show = async (query: string, found: readonly Item[], searched: OpenVault, number: number) => {
    if (number !== asked) return;
    const matches = (item: Item) => options.matches?.(item) ?? true;
    const groups = await groupRows(query, found, { vault: searched, matches, slices: new TimeSlices() });
    if (number !== asked) return;
    const choices = groups.flatMap(({ title, rows }): ItemChoice[] => [
      ...(title === undefined ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }]),
      ...rows.map((row) => choice(row, options.onButton !== undefined)),
    ]);
    pick.items = query.trim() === '' ? choices : [...choices, ...wayOn(choices.length, found.length)];
  };

  return new Promise((resolve, reject) => {
    const take = (row: ItemRow | undefined) => {
      if (row === undefined) return;
      resolve(row.item);
      pick.hide();
    };
    const firstRow = () => pick.items.find(({ row }) => row !== undefined)?.row;
    const locking = session.onDidLock(() => pick.hide());
    const searchOrFail = (query: string) => {
      enterPending = false;
      search(query).then(
        () => {
          if (enterPending && !pick.busy) take(firstRow());
        },
        (error: unknown) => {
          reject(toError(error));
          pick.hide();
        },
      );
    };
    pick.onDidChangeValue(searchOrFail);
    pick.onDidAccept(() => {
      // The rows on the screen may still be those of what was typed before.
      enterPending = pick.busy;
      if (pick.busy) return;
      // Until VS Code has drawn the new rows it still names one of the former rows as active.
      const active = pick.activeItems.find((each) => pick.items.includes(each));
      if (active?.syncs === true) {
        void vscode.commands.executeCommand('vaultside.sync').then(() => searchOrFail(pick.value));
        return;
      }
      take(active?.row ?? firstRow());
    });
    pick.onDidTriggerItemButton(({ item, button }) => {
      if (item.row !== undefined) options.onButton?.(item.row.item, (button as ItemButton).action);
    });
    pick.onDidHide(() => {
      asked++;
      resolve(undefined);
      locking.dispose();
      pick.dispose();
    });
    searchOrFail('');
    pick.show();
  });
}

/** What is said below the rows of a query: that there are more, or that there is none, and what may help. */
function wayOn(shown: number, found: number): ItemChoice[] {
  if (shown === 0) {
    const sync = {
      label: commandTitle('vaultside.sync'),
      iconPath: new vscode.ThemeIcon('sync'),
      syncs: true as const,
    };
    return [{ label: vscode.l10n.t('No item matches') }, sync].map((each) => ({ ...each, alwaysShow: true }));
  }
  if (shown < MOST_ROWS || found <= shown) return [];
  return [{ label: vscode.l10n.t('{0} more, keep typing', found - shown), alwaysShow: true }];
}

function choice(row: ItemRow, withButtons: boolean): ItemChoice {
  return {
    label: row.label,
    description: row.description,
    detail: row.detail,
    iconPath: new vscode.ThemeIcon(itemIcon(row.item.type)),
    buttons: withButtons ? row.actions.map(button) : [],
    alwaysShow: true,
    row,
  };
}

function button(action: ItemAction): ItemButton {
  const { command, icon } = action;
  return { action, iconPath: new vscode.ThemeIcon(icon), tooltip: commandTitle(command) };
}
