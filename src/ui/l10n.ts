import type * as vscode from 'vscode';

/** What puts sentences into the user's language; passed in, so that what makes sentences runs without an editor. */
export type L10n = Pick<typeof vscode.l10n, 't'>;
