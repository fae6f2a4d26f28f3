import * as vscode from 'vscode';
import type { Event } from '../../base/event';
import { isPresenting, onDidChangePresenting, refuseToShow } from '../presentation';
import { withoutIcons } from '../untrustedText';
import { closeEmpty } from './box';
import { rowsOf } from './valueRows';

/** A value that the user asked to see is shown for so long. */
export const SHOWN_FOR_MS = 30_000;

export interface ShownValue {
  readonly title: string;
  readonly value: string;
  readonly closeOn: Event<unknown>;
}

/**
 * Shows a value that the user asked to see, until they close it, the focus goes elsewhere, the vault locks or 30 s have
 * passed. Resolves then, to `copy` if the user wants the value on the clipboard. In presentation mode nothing is shown.
 *
 * It is shown in quick input because that leaves no trace: a notification stays in the list of notifications, and an
 * editor is backed up to the disk.
 *
 * The value is in rows and not in the box. A box cannot be made read-only and opens with all its text selected, and
 * what the user copies from it with Ctrl+C is never cleared from the clipboard. Of rows nothing is selected, and a
 * button makes a copy that is cleared.
 *
 * At Escape, and when the focus goes, VS Code closes the input by itself and tells us too late to empty it. The value
 * then stays in the window, out of sight, until the next quick input opens. Opening an empty one for that would
 * flicker, and would close the palette that may have taken the focus.
 */
export function showValue({ title, value, closeOn }: ShownValue): Promise<'copy' | undefined> {
  if (isPresenting()) {
    void refuseToShow();
    return Promise.resolve(undefined);
  }
  const pick = vscode.window.createQuickPick();
  const { rows, left } = rowsOf(value);
  pick.title = title;
  pick.placeholder = vscode.l10n.t(
    'Closes by itself after {0} seconds. Enter closes it now, the button copies.',
    SHOWN_FOR_MS / 1000,
  );
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
    const closing = [closeOn(close), onDidChangePresenting(close)];
    pick.onDidAccept(close);
    pick.onDidTriggerButton(() => {
      resolve('copy');
      close();
    });
    pick.onDidHide(() => {
      clearTimeout(timer);
      for (const each of closing) each.dispose();
      pick.dispose();
      resolve(undefined);
    });
    pick.show();
  });
}

function leftOut(lines: number): string {
  return vscode.l10n.t('{0} more lines: copy the value to have all of it', lines);
}
