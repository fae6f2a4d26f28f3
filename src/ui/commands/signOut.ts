import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { isSignedIn, type SignedIn } from '../../account/state';
import { accountName } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { commandTitle } from './commandId';

export async function signOut(session: Session): Promise<void> {
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  const confirm = commandTitle('vaultside.signOut');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Sign out of Bitwarden?'),
    {
      modal: true,
      detail: consequence(state),
    },
    confirm,
  );
  if (chosen !== confirm) return;
  watch.check();
  await session.signOut();
}

function consequence({ account, facts }: SignedIn): string {
  const whose = accountName(account);
  return facts.dropped === 'accountGone'
    ? vscode.l10n.t(
        'The API key of {0} and the encrypted copy of the vault are removed from this computer, in all windows. The account was deleted on the server: this may be the last copy.',
        whose,
      )
    : vscode.l10n.t(
        'The API key of {0} and the encrypted copy of the vault are removed from this computer, in all windows. The vault on the server stays as it is.',
        whose,
      );
}
