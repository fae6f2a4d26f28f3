import * as vscode from 'vscode';
import { isSignedIn } from '../../account/state';
import { noticeAbout } from '../accountNames';
import { isPresenting, openClientId } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { withFixedProgress } from '../prompts/progress';
import { showValue } from '../prompts/showValue';
import { askVerification } from '../prompts/verification';
import type { Parts } from './command';
import { commandTitle } from './commandId';

const KEPT_FOR_MS = 30_000;

type ViewParts = Pick<Parts, 'sessions' | 'session' | 'clipboard' | 'reporter'>;

/** Copies the client_secret. It is shown only when the user asks for that, and in a box that keeps no trace of it. */
export async function viewApiKey(parts: ViewParts): Promise<void> {
  const { session, clipboard, reporter } = parts;
  const { state } = session;
  if (!isSignedIn(state)) return;
  const watch = new AccountWatch(session);
  const { account } = state;
  const answer = await askVerification(parts, {
    title: commandTitle('vaultside.viewApiKey'),
    watch,
    outcome: vscode.l10n.t('The client_secret is then copied.'),
    use: (verification) =>
      withFixedProgress(vscode.l10n.t('Fetching the API key…'), () => session.viewApiKey(verification)),
  });
  if (answer.kind !== 'done') return;
  watch.checkNotLocked();
  await clipboard.copySecret(answer.value, 'client_secret');
  watch.checkNotLocked();
  // The notification may stay on the screen for hours; the value that its button shows is forgotten earlier.
  const kept: Kept = { clientSecret: answer.value };
  offerMore(parts, watch, account.clientId, kept).catch((error: unknown) =>
    reporter.failure('vaultside.viewApiKey', error, session),
  );
}

/** Holds the value for the button of the notification, in one place, so that it can be forgotten. */
interface Kept {
  clientSecret?: string;
}

async function offerMore(parts: ViewParts, watch: AccountWatch, clientId: string, kept: Kept): Promise<void> {
  const { sessions, session, clipboard } = parts;
  const forget = () => delete kept.clientSecret;
  const timer = setTimeout(forget, KEPT_FOR_MS);
  const locking = watch.onLockedOrGone(forget);
  const show = vscode.l10n.t('Show client_secret');
  const copyId = vscode.l10n.t('Copy client_id');
  const chosen = await vscode.window.showInformationMessage(
    noticeAbout(
      vscode.l10n.t('The client_secret is on the clipboard. The client_id is {0}.', openClientId(clientId)),
      sessions,
      session,
    ),
    ...(isPresenting() ? [copyId] : [copyId, show]),
  );
  clearTimeout(timer);
  locking.dispose();
  if (chosen === copyId) await clipboard.copyPublic(clientId, 'client_id');
  else if (chosen === show && kept.clientSecret !== undefined) {
    const value = kept.clientSecret;
    const then = await showValue({ title: 'client_secret', value, closeOn: watch.onLockedOrGone });
    if (then !== 'copy') return;
    watch.checkNotLocked();
    await clipboard.copySecret(value, 'client_secret');
  } else if (chosen === show) await viewApiKey(parts);
}
