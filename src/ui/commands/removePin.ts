import * as vscode from 'vscode';
import type { Session } from '../../account/session';

export async function removePin(session: Session): Promise<void> {
  const hadPin = await session.hasPin();
  await session.removePin();
  void vscode.window.showInformationMessage(
    hadPin
      ? vscode.l10n.t('The PIN is removed. The master password unlocks.')
      : vscode.l10n.t('There is no PIN. The master password unlocks.'),
  );
}
