import * as vscode from 'vscode';

/**
 * Of files on this machine. The user is told where others are left out.
 *
 * @param isDropped they can come from a page or another program: none is looked for on another machine, to which Windows
 * would prove who the user is.
 */
export function pathsHere(uris: readonly vscode.Uri[], isDropped = false): readonly string[] {
  const here = uris.filter(({ scheme, authority }) => scheme === 'file' && !(isDropped && authority));
  if (here.length < uris.length) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Only files of this computer can be added, and not those of a remote one.'),
    );
  }
  return here.map(({ fsPath }) => fsPath);
}
