import * as vscode from 'vscode';
import type { RotationOutcome } from '../account/apiKeyRotation';
import type { Session } from '../account/session';
import { explainDrop } from './errors/vaultFailures';
import type { ErrorReporter } from './errors/errorReporter';
import { announceAloud } from './prompts/progress';

/**
 * Shows the notifications that no command of the user leads to: a session was dropped, or an unfinished rotation was
 * settled on its own. A lock is announced to those who cannot see it.
 */
export function announce(session: Session, reporter: ErrorReporter): vscode.Disposable {
  let wasUnlocked = false;
  return vscode.Disposable.from(
    session.onDidChange(({ kind }) => {
      if (wasUnlocked && kind === 'locked') announceAloud(vscode.l10n.t('Vault locked'));
      wasUnlocked = kind === 'unlocked';
    }),
    session.onDidDrop(({ reason }) => void reporter.show('warning', explainDrop(reason))),
    session.onDidSettleRotation(
      ({ outcome }) => void vscode.window.showInformationMessage(rotationSettledMessage(outcome)),
    ),
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
