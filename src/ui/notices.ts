import * as vscode from 'vscode';
import type { RotationOutcome } from '../account/apiKeyRotation';
import type { Session } from '../account/session';
import type { Sessions } from '../account/sessions';
import { aboutAccount, nameIn, noticeAbout } from './accountNames';
import { say } from './announce';
import { explainDrop } from './errors/vaultFailures';
import type { ErrorReporter } from './errors/errorReporter';

/**
 * Shows the notifications that no command of the user leads to: a session was dropped, or an unfinished rotation was
 * settled on its own. A lock is announced to those who cannot see it.
 */
export function showNotices(sessions: Sessions, reporter: ErrorReporter): vscode.Disposable {
  let unlocked: readonly Session[] = [];
  return vscode.Disposable.from(
    sessions.onDidChange(() => {
      const locked = unlocked.filter(({ state }) => state.kind === 'locked');
      unlocked = sessions.all.filter(({ state }) => state.kind === 'unlocked');
      for (const session of locked) {
        say(aboutAccount(vscode.l10n.t('Vault locked'), nameIn(sessions, session)));
      }
    }),
    sessions.onDidDrop(({ session, reason }) => void reporter.show('warning', explainDrop(reason), session)),
    sessions.onDidSettleRotation(({ session, outcome }) => {
      void vscode.window.showInformationMessage(noticeAbout(rotationSettledMessage(outcome), sessions, session));
    }),
  );
}

export function rotationSettledMessage(outcome: RotationOutcome): string {
  switch (outcome) {
    case 'recovered':
      return vscode.l10n.t('The rotation is finished: the new API key is stored and in use.');
    case 'notRotated':
      return vscode.l10n.t('The API key was not rotated after all. The stored key still works.');
    case 'settled':
      return vscode.l10n.t('The rotation was finished meanwhile. The stored key works.');
  }
}
