import * as vscode from 'vscode';
import { announces } from './settings';
import { withoutLinks } from './untrustedText';

const ANNOUNCED_FOR_MS = 3_000;

/**
 * Says something in a notification that closes by itself, if the user wants that. A screen reader reads it out, which it
 * does not do with the status bar, and VS Code has nothing else for it.
 */
export function say(text: string): void {
  if (!announces()) return;
  const shown = () => new Promise<void>((resolve) => setTimeout(resolve, ANNOUNCED_FOR_MS));
  void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: withoutLinks(text) }, shown);
}
