import * as vscode from 'vscode';
import { commandTitle } from '../commands/commandId';
import { itemAction, type ItemAction } from '../itemActions';
import { itemIcon } from '../itemWords';
import { type ItemRow, MOST_ROWS, type RowGroup } from './rows';
import { keyLabel, searchKeys } from './searchKeys';

export interface ItemButton extends vscode.QuickInputButton {
  readonly action: ItemAction;
}

/** An entry of the list: an item, or a way on from where none is of use. */
export interface ItemChoice extends vscode.QuickPickItem {
  readonly row?: ItemRow;
  readonly leadsTo?: 'sync' | 'archive';
}

/** The entries for rows of items, with the titles of their groups. */
export function choicesOf(groups: readonly RowGroup[], withButtons: boolean): readonly ItemChoice[] {
  return groups.flatMap(({ title, rows }): ItemChoice[] => [
    ...(title === undefined ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }]),
    ...rows.map((row) => choice(row, withButtons)),
  ]);
}

/** What a search has found: how many rows there are, how many items, and how many more in the archive. */
export interface Outcome {
  readonly shown: number;
  readonly found: number;
  readonly archived: number;
}

/** What is said below the rows of a query: that there are more, or that there is none, and what may help. */
export function wayOn({ shown, found, archived }: Outcome): readonly ItemChoice[] {
  const choices: ItemChoice[] = [];
  if (shown === 0) choices.push({ label: vscode.l10n.t('No item matches') });
  else if (shown === MOST_ROWS && found > shown) {
    choices.push({ label: vscode.l10n.t('{0} more, keep typing', found - shown) });
  }
  if (archived > 0) {
    choices.push({
      label: vscode.l10n.t('Search Archive'),
      description: archived === 1 ? vscode.l10n.t('1 item') : vscode.l10n.t('{0} items', archived),
      iconPath: new vscode.ThemeIcon('archive'),
      leadsTo: 'archive',
    });
  }
  if (shown === 0) {
    choices.push({ label: commandTitle('vaultside.sync'), iconPath: new vscode.ThemeIcon('sync'), leadsTo: 'sync' });
  }
  return choices.map((each) => ({ ...each, alwaysShow: true }));
}

function choice(row: ItemRow, withButtons: boolean): ItemChoice {
  return {
    label: row.label,
    description: row.description,
    detail: row.detail,
    iconPath: new vscode.ThemeIcon(row.onEnter === undefined ? itemIcon(row.item.type) : itemAction(row.onEnter).icon),
    buttons: withButtons ? row.actions.map(button) : [],
    alwaysShow: true,
    row,
  };
}

function button(action: ItemAction): ItemButton {
  const { command, icon } = action;
  const key = searchKeys.find(({ does }) => does === command);
  const title = commandTitle(command);
  const tooltip = key === undefined ? title : `${title} (${keyLabel(key, process.platform)})`;
  return { action, iconPath: new vscode.ThemeIcon(icon), tooltip };
}
