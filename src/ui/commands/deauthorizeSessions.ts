import * as vscode from 'vscode';
import { serverHost } from '../../bitwarden/http/servers';
import { isSignedIn } from '../../account/state';
import { noticeAbout } from '../accountNames';
import { accountName } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { withFixedProgress } from '../prompts/progress';
import { askVerification } from '../prompts/verification';
import type { Parts } from './command';
import { commandTitle } from './commandId';

export async function deauthorizeSessions(parts: Pick<Parts, 'sessions' | 'session'>): Promise<void> {
  const { sessions, session } = parts;
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  const confirm = commandTitle('vaultside.deauthorizeSessions');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Deauthorize all sessions of {0} at {1}?',
      accountName(state.account),
      serverHost(state.account.servers),
    ),
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
  const answer = await askVerification(parts, {
    title: commandTitle('vaultside.deauthorizeSessions'),
    watch,
    use: (verification) =>
      withFixedProgress(vscode.l10n.t('Deauthorizing all sessions…'), () => session.deauthorizeSessions(verification)),
  });
  if (answer.kind === 'done') {
    const message = vscode.l10n.t(
      'All other sessions were deauthorized. Vaultwarden has ended them; on Bitwarden servers they may last up to one hour.',
    );
    void vscode.window.showInformationMessage(noticeAbout(message, sessions, session));
  }
}
