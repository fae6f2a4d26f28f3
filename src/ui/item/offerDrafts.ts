import * as vscode from 'vscode';
import type { ActiveSession } from '../../account/activeSession';
import { commandTitle } from '../commands/commandId';
import type { ErrorReporter } from '../errors/errorReporter';

/**
 * Says after an unlock that there is a new item which was not saved, without its name. What was changed in an item is offered
 * where that is opened.
 */
export function offerDrafts(
  session: Pick<ActiveSession, 'state' | 'now' | 'untilLock' | 'onDidChange'>,
  reporter: Pick<ErrorReporter, 'failure'>,
): vscode.Disposable {
  let wasUnlocked = false;
  const following = session.onDidChange(({ kind }) => {
    const isUnlocked = kind === 'unlocked';
    const isNew = isUnlocked && !wasUnlocked;
    wasUnlocked = isUnlocked;
    // Of several windows that are unlocked together one says it.
    if (!isNew || !vscode.window.state.focused) return;
    const { now, untilLock } = session;
    offer(session).catch((error: unknown) => {
      if (!untilLock.aborted) reporter.failure('drafts', error, now);
    });
  });
  return vscode.Disposable.from(following);
}

async function offer({ now, untilLock }: Pick<ActiveSession, 'now' | 'untilLock'>): Promise<void> {
  const drafts = await now.drafts.all();
  if (untilLock.aborted || !drafts.some(({ content }) => content.kind === 'new')) return;
  await offerToContinue(vscode.l10n.t('There is a new item that was not saved.'));
}

/** Says something of a draft, with a button that goes on with it. */
export async function offerToContinue(text: string): Promise<void> {
  const goOn = 'vaultside.continueDraft';
  const chosen = await vscode.window.showInformationMessage(text, commandTitle(goOn));
  if (chosen !== undefined) await vscode.commands.executeCommand(goOn);
}
