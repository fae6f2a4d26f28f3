import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import { serverHost } from '../../bitwarden/http/servers';
import { NoMasterPasswordError, SecretStorageError, SessionDroppedError } from '../../vault/errors';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../account/session';
import { mustSignInAgain } from '../../account/state';
import { commandTitle } from '../commands/commandId';
import { slowKdfNotice } from '../errors/vaultFailures';
import { AccountWatch } from './accountWatch';
import { askMasterPassword } from './masterPassword';

/** Asks for the master password until it opens the vault or the user gives up. */
export async function askToUnlock(session: Session): Promise<void> {
  const { state } = session;
  if (state.kind === 'unreadable') throw new SecretStorageError('not readable');
  if (state.kind !== 'locked') return;
  const watch = new AccountWatch(session);
  const { dropped } = state.facts;
  if (mustSignInAgain(dropped)) throw new SessionDroppedError(dropped);
  if (!(await session.hasMasterPassword())) throw new NoMasterPasswordError('nothing to ask for');
  const seconds = await session.expectedSeconds();
  watch.check();
  const { email, servers } = state.account;
  const whose = vscode.l10n.t('Master password of {0} at {1}', printable(email), serverHost(servers));
  await askMasterPassword({
    title: commandTitle('vaultside.unlock'),
    prompt: seconds === undefined ? whose : `${whose}. ${slowKdfNotice(seconds)}`,
    use: (password, signal) => session.unlock(password, signal),
    closeOn: watch.onGone,
  });
}

/** The open vault. Asks to unlock it if it is locked. Undefined: the user gave up, or there is nothing to unlock. */
export async function unlockedVault(session: Session): Promise<OpenVault | undefined> {
  await askToUnlock(session);
  const { state } = session;
  if (state.kind !== 'unlocked') return undefined;
  session.touch();
  return state.vault;
}
