import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import { askToUnlock } from '../prompts/unlock';
import type { ErrorReporter } from '../errors/errorReporter';
import { SignInFlow } from '../signIn/signIn';
import { tryAgain } from './tryAgain';

export async function signIn(session: Session, reporter: ErrorReporter): Promise<void> {
  if (session.state.kind === 'unreadable') await tryAgain(session);
  if (session.state.kind !== 'signedOut') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('You are signed in already. Sign out first to change accounts.'),
    );
    return;
  }
  if (await new SignInFlow(session, reporter).run()) await askToUnlock(session);
}
