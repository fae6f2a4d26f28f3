import * as vscode from 'vscode';
import { serverHost } from '../../bitwarden/http/servers';
import { KdfDowngradeError } from '../../vault/errors';
import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';
import { accountName } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { withProgress } from '../prompts/progress';
import { askToUnlock } from '../prompts/unlock';

export async function signInAgain(session: Session): Promise<void> {
  const run = (acceptWeakerKdf: boolean) =>
    withProgress(vscode.l10n.t('Signing in again…'), (signal) => session.signInAgain({ acceptWeakerKdf }, signal));
  try {
    await run(false);
  } catch (error) {
    if (!(error instanceof KdfDowngradeError)) throw error;
    if (!(await acceptsWeakerKdf(session))) return;
    await run(true);
  }
  await askToUnlock(session);
}

async function acceptsWeakerKdf(session: Session): Promise<boolean> {
  const { state } = session;
  if (!isSignedIn(state)) return false;
  const watch = new AccountWatch(session);
  const confirm = vscode.l10n.t('Accept and Sign In Again');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Accept weaker key settings for {0} at {1}?',
      accountName(state.account),
      serverHost(state.account.servers),
    ),
    {
      modal: true,
      detail: vscode.l10n.t(
        'The server asks for key settings (KDF) that make your master password easier to guess. Accept them only if you lowered them yourself, in the web vault.',
      ),
    },
    confirm,
  );
  if (chosen !== confirm) return false;
  watch.check();
  return true;
}
