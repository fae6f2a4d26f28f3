import * as vscode from 'vscode';
import { announces } from '../settings';
import { withoutLinks } from '../untrustedText';

/** Shows that something is under way, with a button that cancels it. */
export async function withProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return work(abort.signal);
    },
  );
}

/** As withProgress, without a button to cancel: for what must not be cancelled once it has been sent. */
export async function withFixedProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}

const ANNOUNCED_FOR_MS = 3_000;

/**
 * Says something in a notification that closes by itself, if the user wants that. A screen reader reads it out, which it
 * does not do with the status bar, and VS Code has nothing else for it.
 */
export function announceAloud(text: string): void {
  if (!announces()) return;
  const shown = () => new Promise<void>((resolve) => setTimeout(resolve, ANNOUNCED_FOR_MS));
  void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: withoutLinks(text) }, shown);
}
