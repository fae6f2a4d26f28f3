import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import { isSignedIn } from '../../vault/state';
import { AccountWatch } from '../prompts/accountWatch';
import { printable } from '../untrustedText';

export async function signOut(session: Session): Promise<void> {
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  const confirm = vscode.l10n.t('Sign Out');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Sign out of Bitwarden?'),
    {
      modal: true,
      detail: vscode.l10n.t(
        'The API key of {0} and the encrypted copy of the vault are removed from this computer, in all windows. The vault on the server stays as it is.',
        printable(state.account.email),
      ),
    },
    confirm,
  );
  if (chosen !== confirm) return;
  watch.check();
  await session.signOut();
}
