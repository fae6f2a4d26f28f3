import * as vscode from 'vscode';
import { serverHost } from '../../bitwarden/http/servers';
import type { Session } from '../../account/session';
import type { Sessions } from '../../account/sessions';
import { isSignedIn } from '../../account/state';
import { nameIn } from '../accountNames';
import { askToChoose } from '../prompts/choice';
import { stateWords } from '../status/render';
import { withoutIcons } from '../untrustedText';
import { commandTitle } from './commandId';

/** Has this workspace use another account. */
export async function switchAccount(sessions: Sessions): Promise<void> {
  const chosen = await askForAccount(
    sessions,
    commandTitle('vaultside.switchAccount'),
    vscode.l10n.t('Which account does this workspace use?'),
  );
  if (chosen?.accountId !== undefined) sessions.activate(chosen.accountId);
}

/** Lets the user choose one of the accounts: each with its server and its state. */
export async function askForAccount(
  sessions: Sessions,
  title: string,
  placeholder: string,
): Promise<Session | undefined> {
  const { all, current } = sessions;
  const answer = await askToChoose<Session>({
    title,
    placeholder,
    preferred: current,
    choices: all.flatMap((session) => {
      const { state } = session;
      if (!isSignedIn(state)) return [];
      const words = stateWords(state);
      return {
        label: withoutIcons(nameIn(sessions, session) ?? ''),
        description: serverHost(state.account.servers),
        detail: session === current ? vscode.l10n.t('{0}, in use here', words) : words,
        iconPath: new vscode.ThemeIcon(state.kind === 'locked' ? 'lock' : 'unlock'),
        value: session,
      };
    }),
  });
  return answer.kind === 'done' ? answer.value : undefined;
}
