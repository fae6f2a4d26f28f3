import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import { withProgress } from '../prompts/progress';
import { askToUnlock } from '../prompts/unlock';

export async function signInAgain(session: Session): Promise<void> {
  await withProgress(vscode.l10n.t('Signing in again…'), (signal) => session.signInAgain(signal));
  await askToUnlock(session);
}
