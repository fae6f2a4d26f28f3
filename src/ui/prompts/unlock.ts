import * as vscode from 'vscode';
import { serverHost } from '../../bitwarden/http/servers';
import { NoMasterPasswordError, SecretStorageError, SessionDroppedError } from '../../vault/errors';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../account/session';
import { mustSignInAgain } from '../../account/state';
import { commandTitle } from '../commands/commandId';
import { slowKdfNotice } from '../errors/vaultFailures';
import { accountName } from '../presentation';
import { AccountWatch } from './accountWatch';
import type { BoxOptions } from './box';
import { askMasterPassword } from './masterPassword';
import { askPin } from './pin';

/** Asks for the PIN, where there is one, or for the master password, until it opens the vault or the user gives up. */
export async function askToUnlock(session: Session): Promise<void> {
  const { state } = session;
  if (state.kind === 'unreadable') throw new SecretStorageError('not readable');
  if (state.kind !== 'locked') return;
  const watch = new AccountWatch(session);
  const { dropped } = state.facts;
  if (mustSignInAgain(dropped)) throw new SessionDroppedError(dropped);
  if (!(await session.hasMasterPassword())) throw new NoMasterPasswordError('nothing to ask for');
  const { account } = state;
  const hasVault = await session.hasVault();
  // A rotation that is unfinished wants the master password itself.
  const asksForPin = hasVault && !state.facts.rotationUnfinished && (await session.hasPin());
  watch.check();
  let whyNoPin: string | undefined;
  if (asksForPin) {
    const settled = unlockedElsewhere(session, () => false);
    const answer = await askPin(session, account, { closeOn: watch.onGone, settled });
    if (answer.kind !== 'done' || answer.value === 'unlocked') return;
    whyNoPin = answer.value.reason;
  }
  const prompt = async () => {
    const seconds = await session.expectedSeconds();
    const whose = [accountName(account), serverHost(account.servers)] as const;
    const asked =
      seconds === undefined
        ? vscode.l10n.t('Master password of {0} at {1}', ...whose)
        : vscode.l10n.t('Master password of {0} at {1}. {2}', ...whose, slowKdfNotice(seconds));
    return whyNoPin === undefined ? asked : `${whyNoPin} ${asked}`;
  };
  const asked = hasVault ? await prompt() : vscode.l10n.t('Fetching the vault…');
  watch.check();
  let isUnlocking = false;
  await askMasterPassword({
    title: commandTitle('vaultside.unlock'),
    prompt: asked,
    // Nobody holds the master password while the server is waited for.
    first: hasVault ? undefined : (signal) => session.fetchMissing(signal).then(prompt),
    use: async (password, signal) => {
      isUnlocking = true;
      await session.unlock(password, signal).finally(() => (isUnlocking = false));
    },
    closeOn: watch.onGone,
    settled: unlockedElsewhere(session, () => isUnlocking),
  });
}

/** @param isUnlocking whether this window is about to unlock by itself. */
function unlockedElsewhere(session: Session, isUnlocking: () => boolean): BoxOptions<unknown>['settled'] {
  return {
    on: (listener) =>
      session.onDidChange(({ kind }) => {
        if (kind === 'unlocked' && !isUnlocking()) listener(undefined);
      }),
    message: vscode.l10n.t('The vault is unlocked: you unlocked it in another window. Press Enter.'),
  };
}

/** The open vault. Asks to unlock it if it is locked. Undefined: the user gave up, or there is nothing to unlock. */
export async function unlockedVault(session: Session): Promise<OpenVault | undefined> {
  await askToUnlock(session);
  const { state } = session;
  if (state.kind !== 'unlocked') return undefined;
  session.touch();
  return state.vault;
}
