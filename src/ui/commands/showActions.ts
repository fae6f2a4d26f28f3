import * as vscode from 'vscode';
import { formatTime } from '../labels';
import { askToChoose, type Choice } from '../prompts/choice';
import { stateInWords } from '../status/render';
import type { Parts, StatusEntry, StatusGroup } from './command';
import { type CommandId, commandTitle } from './commandId';

/** What a click on the status bar opens: how things are, and below what can be done, in groups. */
export async function showActions(
  { sessions, session }: Pick<Parts, 'sessions' | 'session'>,
  offered: readonly StatusEntry[],
): Promise<void> {
  const { title, line } = stateInWords(session.state, formatTime);
  const answer = await askToChoose({
    ...{ title, placeholder: line, choices: inGroups(offered) },
    // The commands work on the account in use, which must be the one that was offered them.
    closeOn: (listener) =>
      sessions.onDidChange(() => {
        if (sessions.current !== session) listener(undefined);
      }),
  });
  if (answer.kind === 'done' && answer.value !== undefined) await vscode.commands.executeCommand(answer.value);
}

function inGroups(offered: readonly StatusEntry[]): Choice<CommandId | undefined>[] {
  return offered.flatMap(({ id, group, icon }, index) => {
    const row = {
      label: commandTitle(id),
      value: id,
      ...(icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(icon) }),
    };
    if (offered[index - 1]?.group === group) return [row];
    return [{ label: groupTitles[group](), kind: vscode.QuickPickItemKind.Separator, value: undefined }, row];
  });
}

const groupTitles: Readonly<Record<StatusGroup, () => string>> = {
  '1_mend': () => vscode.l10n.t('Needs Attention'),
  '2_use': () => vscode.l10n.t('Vault'),
  '3_server': () => vscode.l10n.t('Server'),
  '4_account': () => vscode.l10n.t('Account'),
  '5_help': () => vscode.l10n.t('Vaultside'),
};
