import * as vscode from 'vscode';
import { lockTimes, VAULT_TIMEOUTS, type VaultTimeout } from '../../account/vaultTimeout';
import { noticeAbout } from '../accountNames';
import { AccountWatch } from '../prompts/accountWatch';
import { askToChoose } from '../prompts/choice';
import { vaultTimeout } from '../settings';
import type { Parts } from './command';
import { commandTitle } from './commandId';

/** Gives the account a timeout of its own, in the place of the one of the settings. */
export async function setVaultTimeout({ sessions, session }: Pick<Parts, 'sessions' | 'session'>): Promise<void> {
  const watch = new AccountWatch(session);
  const answer = await askToChoose<VaultTimeout | 'settings'>({
    title: commandTitle('vaultside.setVaultTimeout'),
    placeholder: vscode.l10n.t('When does the vault of this account lock by itself? An organization may shorten it.'),
    preferred: session.vaultTimeout ?? 'settings',
    closeOn: watch.onGone,
    choices: [
      { label: vscode.l10n.t('As in the settings'), description: words(vaultTimeout()), value: 'settings' },
      ...VAULT_TIMEOUTS.map((value) => ({ label: words(value), value })),
    ],
  });
  if (answer.kind !== 'done') return;
  watch.check();
  const own = answer.value === 'settings' ? undefined : answer.value;
  await session.setVaultTimeout(own);
  const { limits } = session;
  const chosen = own ?? vaultTimeout();
  const { minutes = Infinity, endsWithWindow } = lockTimes(chosen);
  const inForce = limits.idleMs / 60_000;
  const isShortened = inForce < minutes || (limits.endsWithWindow && !endsWithWindow);
  const message = isShortened
    ? vscode.l10n.t('Your organization allows at most: {0}', wordsOf(inForce, limits.endsWithWindow))
    : vscode.l10n.t('Vault timeout · {0}', words(chosen));
  void vscode.window.showInformationMessage(noticeAbout(message, sessions, session));
}

function words(timeout: unknown): string {
  const { minutes = Infinity, endsWithWindow } = lockTimes(timeout);
  return wordsOf(minutes, endsWithWindow);
}

function wordsOf(minutes: number, endsWithWindow: boolean): string {
  if (minutes === 1) return vscode.l10n.t('After 1 minute without activity');
  if (minutes === 60) return vscode.l10n.t('After 1 hour without activity');
  if (minutes !== Infinity && minutes % 60 === 0) {
    return vscode.l10n.t('After {0} hours without activity', minutes / 60);
  }
  if (minutes !== Infinity) return vscode.l10n.t('After {0} minutes without activity', minutes);
  return endsWithWindow ? vscode.l10n.t('When the last window is closed or reloaded') : vscode.l10n.t('Never by time');
}
