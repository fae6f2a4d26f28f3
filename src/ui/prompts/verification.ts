import * as vscode from 'vscode';
import { isNotVerified, type Verification } from '../../account/userVerification';
import { aboutAccount, nameIn } from '../accountNames';
import type { Parts } from '../commands/command';
import type { AccountWatch } from './accountWatch';
import { askInBox, type Answer } from './box';
import { askMasterPassword } from './masterPassword';
import { withFixedProgress } from './progress';

interface VerificationPrompt<T> {
  readonly title: string;
  readonly watch: AccountWatch;
  /** A sentence that says what follows, where the title does not. */
  readonly outcome?: string;
  readonly use: (verification: Verification) => Promise<T>;
}

/**
 * Asks the user for a proof of who they are: the master password or, for accounts without one, a code that the server
 * mails. What the proof is used for cannot be cancelled once it has been sent.
 */
export async function askVerification<T>(
  { sessions, session }: Pick<Parts, 'sessions' | 'session'>,
  { title, watch, outcome, use }: VerificationPrompt<T>,
): Promise<Answer<T>> {
  const hasMasterPassword = await session.hasMasterPassword();
  watch.check();
  const about = (prompt: string) =>
    aboutAccount(outcome === undefined ? prompt : `${prompt} ${outcome}`, nameIn(sessions, session));
  if (hasMasterPassword) {
    return askMasterPassword({
      title,
      prompt: about(vscode.l10n.t('Enter your master password to confirm.')),
      cancellable: false,
      closeOn: watch.onLockedOrGone,
      isWrong: isNotVerified,
      use: (password) => use({ kind: 'masterPassword', password }),
    });
  }
  await withFixedProgress(vscode.l10n.t('Sending a code by email…'), () => session.requestCode());
  watch.check();
  return askInBox<T>({
    title,
    prompt: about(vscode.l10n.t('Enter the code that was sent to you by email.')),
    placeholder: vscode.l10n.t('Code'),
    masked: 'password',
    cancellable: false,
    closeOn: watch.onLockedOrGone,
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
        if (!isNotVerified(error)) throw error;
        return { again: vscode.l10n.t('This code was not accepted. Check it, or have another one sent.') };
      }
    },
  });
}
