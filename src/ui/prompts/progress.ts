import * as vscode from 'vscode';

/**
 * Shows that something is under way, with a button that cancels it.
 *
 * @param work may report how much is done, from 0 to 1.
 */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (done: number) => void) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      let shown = 0;
      const report = (done: number) => {
        const percent = Math.min(100, Math.floor(done * 100));
        if (percent <= shown) return;
        progress.report({ increment: percent - shown });
        shown = percent;
      };
      return work(abort.signal, report);
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
