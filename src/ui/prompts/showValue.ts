import * as vscode from 'vscode';
import type { Event } from '../../vault/event';
import { withoutIcons } from '../text';

const SHOWN_FOR_MS = 30_000;

/**
 * Shows a value that the user asked to see: in quick input, because that leaves no trace, while a notification stays
 * in the notification list and an editor is backed up to the disk. It closes when it loses the focus, on lock and
 * after 30 s.
 */
export function showValue(title: string, value: string, onDidLock: Event<unknown>): void {
  const lines = value.split(/\r?\n/);
  const input = lines.length > 1 ? listOf(lines) : boxOf(value);
  input.title = title;
  const timer = setTimeout(() => input.hide(), SHOWN_FOR_MS);
  const locking = onDidLock(() => input.hide());
  input.onDidHide(() => {
    clearTimeout(timer);
    locking.dispose();
    input.dispose();
  });
  input.show();
}

const notice = () => vscode.l10n.t('Closes by itself after {0} seconds', SHOWN_FOR_MS / 1000);

function boxOf(value: string): vscode.QuickInput {
  const box = vscode.window.createInputBox();
  box.value = value;
  box.prompt = notice();
  box.onDidAccept(() => box.hide());
  return box;
}

function listOf(lines: readonly string[]): vscode.QuickInput {
  const pick = vscode.window.createQuickPick();
  pick.placeholder = notice();
  pick.items = lines.map((line) => ({ label: withoutIcons(line), alwaysShow: true }));
  pick.onDidAccept(() => pick.hide());
  return pick;
}
