import * as vscode from 'vscode';

/** Of files on this machine. The user is told where others are left out. */
export function pathsHere(uris: readonly vscode.Uri[]): readonly string[] {
  const here = uris.filter(({ scheme }) => scheme === 'file');
  if (here.length < uris.length) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Only files of this computer can be added, and not those of a remote one.'),
    );
  }
  return here.map(({ fsPath }) => fsPath);
}
