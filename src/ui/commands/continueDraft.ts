import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { OpenVault } from '../../vault/openVault';
import { type Draft, draftsOf } from '../item/drafts';
import { typeName } from '../itemWords';
import { itemName } from '../labels';
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
  const drafts = await draftsOf(session).list();
  if (drafts.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no draft: all that was changed is saved.'));
    return;
  }
  const answer = await askToChoose({
    title: commandTitle('vaultside.continueDraft'),
    placeholder: vscode.l10n.t('Go on with which draft?'),
    closeOn: session.onDidLock,
    choices: drafts.map((draft) => ({
      label: withoutIcons(nameOf(vault, draft)),
      description: draft.base === undefined ? vscode.l10n.t('New {0}', typeName(draft.type)) : typeName(draft.type),
      value: draft,
    })),
  });
  if (answer.kind !== 'done' || !switchTo(sessions, session)) return;
  const { id, type, base } = answer.value;
  await (base === undefined ? itemView.create(session, { type, draftId: id }) : itemView.edit(session, id));
}

function nameOf(vault: OpenVault, { id, edit }: Draft): string {
  const item = vault.item(id);
  const name = edit.name ?? (item && itemName(item)) ?? '';
  return printable(name) || vscode.l10n.t('(no name)');
}
