import * as vscode from 'vscode';
import type { Event } from '../../base/event';
import { withoutIcons } from '../untrustedText';
import { closeEmpty } from './box';
import { rowsOf } from './valueRows';

const SHOWN_FOR_MS = 30_000;

export interface ShownValue {
  readonly title: string;
  readonly value: string;
  readonly closeOn: Event<unknown>;
}

/**
 * Resolves when it is closed: to `copy` if the user wants the value on the clipboard.
 *
 * Shows a value that the user asked to see: in quick input, because that leaves no trace, while a notification stays
 * in the notification list and an editor is backed up to the disk. It closes when it loses the focus, on lock and
 * after 30 s.
 *
 * The value stands in rows and not in the box: a box cannot be made read-only, opens with all its text selected, and what
 * is copied from it by Ctrl+C stays on the clipboard for good. Here, nothing is selected, and a button asks for a copy that will be cleared.
 *
 * VS Code itself closes it at Escape and when the focus goes, and tells so when it is too late to empty it: then the
 * value stays in the window, hidden, until the next quick input opens. To open an empty one just for that would close
 * the palette that may have taken the focus, and flickers.
 */
export function showValue({ title, value, closeOn }: ShownValue): Promise<'copy' | undefined> {
  const pick = vscode.window.createQuickPick();
  const { rows, left } = rowsOf(value);
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Closes by itself after {0} seconds', SHOWN_FOR_MS / 1000);
  pick.buttons = [{ iconPath: new vscode.ThemeIcon('copy'), tooltip: vscode.l10n.t('Copy') }];
  pick.items = [
    ...rows.map(({ text, goesOn }) => ({
      label: withoutIcons(text),
      alwaysShow: true,
      ...(goesOn && { description: vscode.l10n.t('the line goes on') }),
    })),
    ...(left > 0 ? [{ label: '', description: leftOut(left), alwaysShow: true }] : []),
  ];
  pick.activeItems = [];

  return new Promise((resolve) => {
    const close = () => closeEmpty(pick);
    const timer = setTimeout(close, SHOWN_FOR_MS);
    const closing = closeOn(close);
    pick.onDidAccept(close);
    pick.onDidTriggerButton(() => {
      resolve('copy');
      close();
    });
    pick.onDidHide(() => {
      clearTimeout(timer);
      closing.dispose();
      pick.dispose();
      resolve(undefined);
    });
    pick.show();
  });
}

function leftOut(lines: number): string {
  return vscode.l10n.t('{0} more lines: copy the value to have all of it', lines);
}
