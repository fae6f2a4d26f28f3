import * as vscode from 'vscode';
import { serverHost } from '../../bitwarden/http/servers';
import type { Session } from '../../account/session';
import { isSignedIn, type SignedIn } from '../../account/state';
import type { Sessions } from '../../account/sessions';
import { nameIn } from '../accountNames';
import { accountName } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { commandTitle } from './commandId';
import { askForAccount } from './switchAccount';

/** Of several accounts the user says which. */
export async function signOut(sessions: Sessions): Promise<void> {
  const session = sessions.all.length < 2 ? sessions.current : await whichToSignOut(sessions);
  if (session === undefined) return;
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  const confirm = commandTitle('vaultside.signOut');
  const chosen = await vscode.window.showWarningMessage(
    question(nameIn(sessions, session)),
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

function whichToSignOut(sessions: Sessions): Promise<Session | undefined> {
  return askForAccount(sessions, commandTitle('vaultside.signOut'), vscode.l10n.t('Sign out which account?'));
}

function question(name: string | undefined): string {
  return name === undefined ? vscode.l10n.t('Sign out of Bitwarden?') : vscode.l10n.t('Sign out {0}?', name);
}

function consequence({ account, facts }: SignedIn): string {
  const whose = [accountName(account), serverHost(account.servers)] as const;
  return facts.dropped === 'accountGone'
    ? vscode.l10n.t(
        'The API key of {0} at {1} and the encrypted copy of the vault are removed from this computer, in all windows. The account was deleted on the server: this may be the last copy.',
        ...whose,
      )
    : vscode.l10n.t(
        'The API key of {0} at {1} and the encrypted copy of the vault are removed from this computer, in all windows. The vault on the server stays as it is.',
        ...whose,
      );
}
