import * as vscode from 'vscode';
import { isSignedIn } from '../../account/state';
import { noticeAbout } from '../accountNames';
import { rotationSettledMessage } from '../notices';
import { AccountWatch } from '../prompts/accountWatch';
import { withFixedProgress } from '../prompts/progress';
import { askVerification } from '../prompts/verification';
import type { Parts } from './command';
import { commandTitle } from './commandId';

/** Fetches the valid key after a rotation whose answer was lost. */
export async function finishRotation(parts: Pick<Parts, 'sessions' | 'session'>): Promise<void> {
  const { sessions, session } = parts;
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  const answer = await askVerification(parts, {
    title: commandTitle('vaultside.finishRotation'),
    watch,
    use: (verification) =>
      withFixedProgress(vscode.l10n.t('Fetching the valid API key…'), () => session.finishRotation(verification)),
  });
  if (answer.kind !== 'done') return;
  void vscode.window.showInformationMessage(noticeAbout(rotationSettledMessage(answer.value), sessions, session));
}
