import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import { askToUnlock } from '../prompts/unlock';
import type { Reporter } from '../report';
import { SignInFlow } from '../signIn/signIn';

export async function signIn(session: Session, reporter: Reporter): Promise<void> {
  if (session.state.kind !== 'signedOut') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('You are signed in already. Sign out first to change accounts.'),
    );
    return;
  }
  if (await new SignInFlow(session, reporter).run()) await askToUnlock(session);
}
