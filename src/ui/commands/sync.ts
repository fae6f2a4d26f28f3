import * as vscode from 'vscode';
import type { Session } from '../../account/session';

const MESSAGE_MS = 4000;

export async function sync(session: Session): Promise<void> {
  await session.sync({ force: true });
  vscode.window.setStatusBarMessage(vscode.l10n.t('The vault is up to date.'), MESSAGE_MS);
}
