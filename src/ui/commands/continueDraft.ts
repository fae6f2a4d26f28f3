import * as vscode from 'vscode';
import type { Draft } from '../../account/drafts';
import { printable } from '../../base/printable';
import type { OpenVault } from '../../vault/openVault';
import { typeName } from '../itemWords';
import { formatTime, itemName } from '../labels';
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
  const drafts = await session.drafts.all();
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
      description: [kindOf(vault, draft), formatTime(draft.at)].join(' · '),
      value: draft,
    })),
  });
  if (answer.kind !== 'done' || !switchTo(sessions, session)) return;
  const { id, content, attempts } = answer.value;
  if (content.kind === 'edit') await itemView.edit(session, content.itemId, id);
  else await itemView.create(session, { ...content.item, id, attempts });
}

function nameOf(vault: OpenVault, { content }: Draft): string {
  if (content.kind === 'new') return printable(content.item.edit.name) || vscode.l10n.t('(no name)');
  const item = vault.item(content.itemId);
  return printable(content.edit.name ?? (item === undefined ? '' : itemName(item))) || vscode.l10n.t('(no name)');
}

function kindOf(vault: OpenVault, { content }: Draft): string {
  if (content.kind === 'new') return vscode.l10n.t('New {0}', typeName(content.item.type));
  const item = vault.item(content.itemId);
  return item === undefined ? vscode.l10n.t('deleted elsewhere') : typeName(item.type);
}
