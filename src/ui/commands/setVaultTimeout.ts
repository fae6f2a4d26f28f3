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
  const answer = await askToChoose<VaultTimeout | 'settings'>({
    title: commandTitle('vaultside.setVaultTimeout'),
    placeholder: vscode.l10n.t('When does the vault of this account lock by itself?'),
    preferred: session.vaultTimeout ?? 'settings',
    closeOn: new AccountWatch(session).onGone,
    choices: [
      { label: vscode.l10n.t('As in the settings'), description: words(vaultTimeout()), value: 'settings' },
      ...VAULT_TIMEOUTS.map((value) => ({ label: words(value), value })),
    ],
  });
  if (answer.kind !== 'done') return;
  const own = answer.value === 'settings' ? undefined : answer.value;
  await session.setVaultTimeout(own);
  const chosen = own ?? vaultTimeout();
  const { minutes = Infinity } = lockTimes(chosen);
  const inForce = session.limits.idleMs / 60_000;
  const message =
    inForce < minutes
      ? vscode.l10n.t('An organization allows no longer timeout than {0} minutes, and that holds.', inForce)
      : vscode.l10n.t('Vault timeout · {0}', words(chosen));
  void vscode.window.showInformationMessage(noticeAbout(message, sessions, session));
}

function words(timeout: unknown): string {
  const { minutes, endsWithWindow } = lockTimes(timeout);
  if (endsWithWindow) return vscode.l10n.t('When the last window is closed or reloaded');
  if (minutes === undefined) return vscode.l10n.t('Never by time');
  if (minutes === 1) return vscode.l10n.t('After 1 minute without activity');
  if (minutes === 60) return vscode.l10n.t('After 1 hour without activity');
  if (minutes % 60 === 0) return vscode.l10n.t('After {0} hours without activity', minutes / 60);
  return vscode.l10n.t('After {0} minutes without activity', minutes);
}
