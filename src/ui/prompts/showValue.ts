import * as vscode from 'vscode';
import type { Event } from '../../vault/event';
import { withoutIcons } from '../untrustedText';
import { closeEmpty } from './closeEmpty';

const SHOWN_FOR_MS = 30_000;

/**
 * Shows a value that the user asked to see: in quick input, because that leaves no trace, while a notification stays
 * in the notification list and an editor is backed up to the disk. It closes when it loses the focus, on lock and
 * after 30 s.
 *
 * VS Code itself closes it at Escape and when the focus goes, and tells so when it is too late to empty it: then the
 * value stays in the window, hidden, until the next quick input opens. To open an empty one just for that would close
 * the palette that may have taken the focus, and flickers.
 */
export function showValue(title: string, value: string, onDidLock: Event<unknown>): void {
  const lines = value.split(/\r?\n/);
  const input = lines.length > 1 ? listOf(lines) : boxOf(value);
  input.title = title;
  const close = () => closeEmpty(input);
  const timer = setTimeout(close, SHOWN_FOR_MS);
  const locking = onDidLock(close);
  input.onDidAccept(close);
  input.onDidHide(() => {
    clearTimeout(timer);
    locking.dispose();
    input.dispose();
  });
  input.show();
}

const notice = () => vscode.l10n.t('Closes by itself after {0} seconds', SHOWN_FOR_MS / 1000);

function boxOf(value: string): vscode.InputBox {
  const box = vscode.window.createInputBox();
  box.value = value;
  box.prompt = notice();
  return box;
}

function listOf(lines: readonly string[]): vscode.QuickPick<vscode.QuickPickItem> {
  const pick = vscode.window.createQuickPick();
  pick.placeholder = notice();
  pick.items = lines.map((line) => ({ label: withoutIcons(line), alwaysShow: true }));
  return pick;
}
