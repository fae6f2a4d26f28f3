import * as vscode from 'vscode';
import { secretFromText } from '../../base/secretBytes';
import { serverHost } from '../../bitwarden/http/servers';
import { PinForbiddenError, PinRemovedError, WrongPinError } from '../../vault/errors';
import type { Session } from '../../account/session';
import type { Account } from '../../account/state';
import { commandTitle } from '../commands/commandId';
import { explainError } from '../errors/explainError';
import { accountName } from '../presentation';
import { type Answer, askInBox, type BoxOptions } from './box';

/** In characters. Official clients ask for as many. */
export const SHORTEST_PIN = 4;

/** `reason`: why the master password has to be asked for; undefined where the user chose that. */
export type PinOutcome = 'unlocked' | { readonly reason: string | undefined };

/** Asks for the PIN until it opens the vault, is removed, or the user gives up or chooses the master password. */
export function askPin(
  session: Session,
  account: Account,
  { closeOn, settled }: Pick<BoxOptions<PinOutcome>, 'closeOn' | 'settled'>,
): Promise<Answer<PinOutcome>> {
  return askInBox<PinOutcome>({
    title: commandTitle('vaultside.unlock'),
    prompt: vscode.l10n.t('PIN of {0} at {1}', accountName(account), serverHost(account.servers)),
    placeholder: vscode.l10n.t('PIN'),
    masked: 'password',
    closeOn,
    settled,
    instead: {
      iconPath: new vscode.ThemeIcon('key'),
      tooltip: vscode.l10n.t('Use Master Password'),
      value: { reason: undefined },
    },
    async accept(text, signal) {
      if (text === '') return { again: vscode.l10n.t('Enter your PIN.') };
      try {
        await session.unlockWithPin(secretFromText(text), signal);
        return { value: 'unlocked' };
      } catch (error) {
        const reason = explainError(error)?.message;
        if (error instanceof WrongPinError) return { again: reason ?? '' };
        if (error instanceof PinRemovedError || error instanceof PinForbiddenError) return { value: { reason } };
        throw error;
      }
    },
  });
}
