import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';
import { rotationSettledMessage } from '../notices';
import { AccountWatch } from '../prompts/accountWatch';
import { withFixedProgress } from '../prompts/progress';
import { askVerification } from '../prompts/verification';
import { commandTitle } from './commandId';

/** Fetches the valid key after a rotation whose answer was lost. */
export async function finishRotation(session: Session): Promise<void> {
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  const answer = await askVerification(session, {
    title: commandTitle('vaultside.finishRotation'),
    watch,
    use: (verification) =>
      withFixedProgress(vscode.l10n.t('Fetching the valid API key…'), () => session.finishRotation(verification)),
  });
  if (answer.kind === 'done') void vscode.window.showInformationMessage(rotationSettledMessage(answer.value));
}
