import * as vscode from 'vscode';
import { serverHost } from '../../bitwarden/http/servers';
import { isSignedIn } from '../../account/state';
import { noticeAbout } from '../accountNames';
import { accountName } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { withFixedProgress } from '../prompts/progress';
import { askVerification } from '../prompts/verification';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { deauthorizeSessions } from './deauthorizeSessions';
import { finishRotation } from './finishRotation';

/**
 * Asks for confirmation and for a proof of who is there, rotates the key, and tells what is left to do. A failure is
 * thrown; its sentence says how to go on.
 */
export async function rotateApiKey(
  parts: Pick<Parts, 'sessions' | 'session' | 'milestones' | 'reporter'>,
): Promise<void> {
  const { session, milestones, reporter } = parts;
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  if (state.facts.rotationUnfinished) {
    await finishRotation(parts);
    return;
  }
  const confirm = commandTitle('vaultside.rotateApiKey');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Rotate the API key of {0} at {1}?', accountName(state.account), serverHost(state.account.servers)),
    {
      modal: true,
      detail: vscode.l10n.t(
        'The client_secret is replaced by a new one, which Vaultside stores and uses at once. Everything else that signs in with the old one stops working: the Bitwarden CLI, CI jobs, scripts, other computers.\n\nAccess that was granted before stays valid until it runs out: up to one hour on Bitwarden servers, up to two on Vaultwarden.',
      ),
    },
    confirm,
  );
  if (chosen !== confirm) return;
  watch.check();
  const answer = await askVerification(parts, {
    title: commandTitle('vaultside.rotateApiKey'),
    watch,
    use: (verification) =>
      withFixedProgress(vscode.l10n.t('Rotating the API key…'), () => session.rotateApiKey(verification)),
  });
  if (answer.kind !== 'done') return;
  milestones.reach('hasRotated');
  offerDeauthorize(parts).catch((error: unknown) => reporter.failure('vaultside.deauthorizeSessions', error, session));
}

async function offerDeauthorize(parts: Pick<Parts, 'sessions' | 'session'>): Promise<void> {
  const { sessions, session } = parts;
  const { state } = session;
  const inUse = isSignedIn(state) && state.facts.problem === undefined && state.facts.dropped === undefined;
  const deauthorize = commandTitle('vaultside.deauthorizeSessions');
  const message = inUse
    ? vscode.l10n.t(
        'The API key was rotated, and Vaultside is signed in with the new one. Sessions of the old key last for up to one hour on Bitwarden servers; on Vaultwarden for up to two, or until you deauthorize them.',
      )
    : vscode.l10n.t(
        'The API key was rotated and stored. Vaultside signs in with it as soon as the server can be reached.',
      );
  const chosen = await vscode.window.showInformationMessage(noticeAbout(message, sessions, session), deauthorize);
  // By then another account may be in use.
  if (chosen === deauthorize) await deauthorizeSessions(parts);
}
