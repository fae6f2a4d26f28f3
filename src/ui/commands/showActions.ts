import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import { askToChoose } from '../prompts/choice';
import { actionsFor } from '../status/actions';
import { commandTitle } from './titles';

/** What a click on the status bar opens. */
export async function showActions(session: Session): Promise<void> {
  const answer = await askToChoose({
    title: 'Bitwarden',
    placeholder: vscode.l10n.t('What do you want to do?'),
    choices: actionsFor(session.state).map((id) => ({ label: commandTitle(id, vscode.l10n), value: id })),
  });
  if (answer.kind === 'done') await vscode.commands.executeCommand(answer.value);
}
