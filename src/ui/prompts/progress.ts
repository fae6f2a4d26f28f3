import * as vscode from 'vscode';

/**
 * Shows that something is under way, with a button that cancels it.
 *
 * @param work may report where it is, and by how many percent more it is done.
 */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string, increment: number) => void) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return work(abort.signal, (message, increment) => progress.report({ message, increment }));
    },
  );
}

/** Shows in the view of the vault that something is under way: for what takes a moment. */
export async function withTreeProgress<T>(work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: 'vaultside.vault' } }, work);
}

/** As withProgress, without a button to cancel: for what must not be cancelled once it has been sent. */
export async function withFixedProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}
