import * as vscode from 'vscode';
import { type SecretBytes, secretFromText } from '../../base/secretBytes';
import type { Event } from '../../base/event';
import { AskAgainError, SlowKdfError, WrongMasterPasswordError } from '../../vault/errors';
import { explainError } from '../errors/explainError';
import { askInBox, type Answer, type BoxOptions } from './box';

export interface MasterPasswordPrompt<T> {
  readonly title: string;
  readonly prompt: string;
  /** See BoxOptions. */
  readonly first?: ((signal: AbortSignal) => Promise<string>) | undefined;
  /** Is given the password as UTF-8, and wipes it. */
  use(password: SecretBytes, signal: AbortSignal): Promise<T>;
  readonly cancellable?: false | undefined;
  readonly closeOn?: Event<unknown> | undefined;
  /** See BoxOptions. */
  readonly settled?: BoxOptions<T>['settled'];
  /** Whether an error means that the password was wrong, besides WrongMasterPasswordError. */
  isWrong?(error: unknown): boolean;
}

/** Asks for the master password. The box stays open and says why, until the password fits or the user gives up. */
export function askMasterPassword<T>(options: MasterPasswordPrompt<T>): Promise<Answer<T>> {
  return askInBox<T>({
    title: options.title,
    prompt: options.prompt,
    first: options.first,
    placeholder: vscode.l10n.t('Master password'),
    masked: 'password',
    cancellable: options.cancellable,
    closeOn: options.closeOn,
    settled: options.settled,
    async accept(text, signal) {
      if (text === '') return { again: vscode.l10n.t('Enter your master password.') };
      try {
        return { value: await options.use(secretFromText(text), signal) };
      } catch (error) {
        const isWrong = error instanceof WrongMasterPasswordError || options.isWrong?.(error) === true;
        if (!isWrong && !(error instanceof AskAgainError || error instanceof SlowKdfError)) throw error;
        return { again: explainError(isWrong ? new WrongMasterPasswordError() : error)?.message ?? '' };
      }
    },
  });
}
