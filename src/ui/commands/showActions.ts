import * as vscode from 'vscode';
import { askToChoose } from '../prompts/choice';
import { type CommandId, commandTitle } from './commandId';

/** What a click on the status bar opens. */
export async function showActions(offered: readonly CommandId[]): Promise<void> {
  const answer = await askToChoose({
    title: 'Bitwarden',
    placeholder: vscode.l10n.t('What do you want to do?'),
    choices: offered.map((id) => ({ label: commandTitle(id), value: id })),
  });
  if (answer.kind === 'done') await vscode.commands.executeCommand(answer.value);
}
