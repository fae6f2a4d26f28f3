import * as vscode from 'vscode';
import { UserVerificationError } from '../../bitwarden/errors';
import type { Session, Verification } from '../../vault/session';
import { explainError } from '../errors';
import { askInBox, type Answer } from './box';
import { askMasterPassword } from './masterPassword';

interface VerificationPrompt<T> {
  readonly title: string;
  readonly use: (verification: Verification) => Promise<T>;
}

const refused = (error: unknown) => error instanceof UserVerificationError;

/**
 * Has the user prove who they are: by the master password, or by a code sent to them where there is none. What the
 * proof is used for is not cancelled once it has been sent.
 */
export async function askVerification<T>(session: Session, { title, use }: VerificationPrompt<T>): Promise<Answer<T>> {
  if (await session.hasMasterPassword()) {
    return askMasterPassword({
      title,
      prompt: vscode.l10n.t('Enter your master password to confirm.'),
      cancellable: false,
      isWrong: refused,
      use: (password) => use({ kind: 'masterPassword', password }),
    });
  }
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Sending a code by e-mail…') },
    () => session.requestCode(),
  );
  return askInBox<T>({
    title,
    prompt: vscode.l10n.t('Enter the code that was sent to you by e-mail.'),
    placeholder: vscode.l10n.t('Code'),
    masked: 'password',
    cancellable: false,
    buttons: [
      {
        iconPath: new vscode.ThemeIcon('mail'),
        tooltip: vscode.l10n.t('Send Another Code'),
        async press() {
          await session.requestCode();
          return {
            message: vscode.l10n.t('Another code is on its way.'),
            severity: vscode.InputBoxValidationSeverity.Info,
          };
        },
      },
    ],
    async accept(text) {
      const code = text.trim();
      if (code === '') return { again: vscode.l10n.t('Enter the code.') };
      try {
        return { value: await use({ kind: 'code', code }) };
      } catch (error) {
        if (!refused(error)) throw error;
        return { again: explainError(error, vscode.l10n)?.message ?? '' };
      }
    },
  });
}
