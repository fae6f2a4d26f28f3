import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import { formatTime } from '../labels';
import { typeName } from '../itemWords';
import { askToChoose } from '../prompts/choice';
import { unlockedVault } from '../prompts/unlock';
import { switchTo } from '../switchTo';
import { withoutIcons } from '../untrustedText';
import type { Parts } from './command';
import { commandTitle } from './commandId';

/** Opens a form whose changes were not saved; of several one that the user picks. */
export async function continueDraft({
  sessions,
  session,
  itemView,
}: Pick<Parts, 'sessions' | 'session' | 'itemView'>): Promise<void> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const drafts = await session.drafts.list();
  if (drafts.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no draft: all that was changed is saved.'));
    return;
  }
  const answer = await askToChoose({
    title: commandTitle('vaultside.continueDraft'),
    placeholder: vscode.l10n.t('Go on with which draft?'),
    closeOn: session.onDidLock,
    choices: drafts.map((draft) => ({
      label: withoutIcons(printable(draft.edit.name ?? '')) || vscode.l10n.t('(no name)'),
      value: draft,
    })),
  });
  if (answer.kind !== 'done' || !switchTo(sessions, session)) return;
}
