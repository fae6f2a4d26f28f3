import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';
import { AccountWatch } from '../prompts/accountWatch';
import { askInBox } from '../prompts/box';
import type { ErrorReporter } from '../errors/errorReporter';
import { apiKeyPageButton } from '../links';
import { clientSecretProblem } from '../signIn/hints';
import { pastedKey } from '../signIn/keyText';
import { commandTitle } from './commandId';

/** Asks for the client_secret of a key that was rotated elsewhere. The client_id stays the same. */
export async function enterNewClientSecret(session: Session, reporter: ErrorReporter): Promise<void> {
  const { state } = session;
  if (!isSignedIn(state)) return;
  const { account } = state;
  const answer = await askInBox<undefined>({
    title: commandTitle('vaultside.enterNewClientSecret'),
    prompt: vscode.l10n.t('client_secret that belongs to {0}', account.clientId),
    placeholder: 'client_secret',
    masked: 'key',
    closeOn: new AccountWatch(session).onGone,
    buttons: [apiKeyPageButton(account.servers)],
    async accept(text, signal) {
      const problem = clientSecretProblem(text);
      if (problem !== undefined) return { again: problem };
      try {
        await session.replaceClientSecret(pastedKey('secret', text), signal);
        return { value: undefined };
      } catch (error) {
        return { again: reporter.record('new client_secret', error)?.message ?? '', logged: true };
      }
    },
  });
  if (answer.kind !== 'done') return;
  void vscode.window.showInformationMessage(vscode.l10n.t('Signed in with the new client_secret.'));
}
