import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';
import { accountName } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { withFixedProgress } from '../prompts/progress';
import { askVerification } from '../prompts/verification';
import { commandTitle } from './commandId';

export async function deauthorizeSessions(session: Session): Promise<void> {
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  const confirm = commandTitle('vaultside.deauthorizeSessions');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Deauthorize all sessions of {0}?', accountName(state.account)),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Every browser, phone and computer that is signed in to this account has to sign in again. Vaultside signs in again by itself. Vaultwarden ends the sessions at once; on Bitwarden servers they may last up to one hour.',
      ),
    },
    confirm,
  );
  if (chosen !== confirm) return;
  watch.check();
  const answer = await askVerification(session, {
    title: commandTitle('vaultside.deauthorizeSessions'),
    watch,
    use: (verification) =>
      withFixedProgress(vscode.l10n.t('Deauthorizing all sessions…'), () => session.deauthorizeSessions(verification)),
  });
  if (answer.kind === 'done') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'All other sessions were deauthorized. Vaultwarden has ended them; on Bitwarden servers they may last up to one hour.',
      ),
    );
  }
}
