import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { Session } from '../../account/session';
import type { Item, Named } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { say } from '../announce';
import { theItems } from '../changeWords';
import { readOnly } from '../errors/vaultFailures';
import { AccountWatch } from '../prompts/accountWatch';
import { askToChoose, askToChooseSome } from '../prompts/choice';
import { withTreeProgress } from '../prompts/progress';
import { isShared, mayShare } from '../sharing';
import { withoutIcons } from '../untrustedText';
import { chooseItem } from './chooseItem';
import type { Parts } from './command';
import { type CommandId, commandTitle } from './commandId';

/** Moves the item that the command was called on, or one that the user picks, to an organization. */
export async function moveToOrganization(
  { session, values }: Pick<Parts, 'session' | 'values'>,
  argument: unknown,
): Promise<void> {
  const watch = new AccountWatch(session);
  const command = 'vaultside.moveToOrganization';
  const question = vscode.l10n.t('Move which item to an organization?');
  const fits = (item: Item, vault: OpenVault) => mayShare(vault, item);
  const chosen = await chooseItem(session, argument, command, question, fits);
  if (chosen === undefined) return;
  const { vault, item } = chosen;
  const reason = vault.whyReadOnly(item.id);
  if (reason !== undefined || !mayShare(vault, item)) {
    void vscode.window.showInformationMessage(reason === undefined ? whyNotShared(item) : readOnly(reason));
    return;
  }
  const organization = await askOrganization(session, vault, item);
  if (organization === undefined) return;
  const title = commandTitle(command);
  const collectionIds = await askCollections(session, vault, command, organization.id, []);
  if (collectionIds === undefined) return;
  const [what, to] = [theItems([item]), printable(organization.name)];
  const detail = vscode.l10n.t(
    'The item will belong to the organization, with its files and former passwords, and everybody with access to the collections can read it. This cannot be undone.',
  );
  const asked = vscode.l10n.t('Move {0} to {1}?', what, to);
  if ((await vscode.window.showWarningMessage(asked, { modal: true, detail }, title)) !== title) return;
  watch.checkNotLocked();
  const proof = item.reprompt ? await values.prove(session, [item], 'edit') : undefined;
  if (item.reprompt && proof === undefined) return;
  const isMade = await unlessLocked(session, () => session.shareItem(item.id, organization.id, collectionIds, proof));
  if (isMade) say(vscode.l10n.t('{0} moved to {1}', what, to));
}

/** Puts an item of an organization into other collections of that. */
export async function changeCollections({ session }: Pick<Parts, 'session'>, argument: unknown): Promise<void> {
  const command = 'vaultside.changeCollections';
  const question = vscode.l10n.t('Change the collections of which item?');
  const chosen = await chooseItem(session, argument, command, question, isShared);
  if (chosen === undefined) return;
  const { vault, item } = chosen;
  if (!isShared(item) || item.organizationId === undefined) {
    const text = item.trashed ? readOnly('trashed') : vscode.l10n.t('This item belongs to no organization.');
    void vscode.window.showInformationMessage(text);
    return;
  }
  const collectionIds = await askCollections(session, vault, command, item.organizationId, item.collectionIds);
  if (collectionIds === undefined) return;
  const isMade = await unlessLocked(session, () => session.setCollections(item.id, collectionIds));
  if (isMade) say(vscode.l10n.t('Collections of {0} changed', theItems([item])));
}

function whyNotShared(item: Item): string {
  return item.organizationId === undefined
    ? vscode.l10n.t('There is no collection of an organization that you can move the item to.')
    : vscode.l10n.t('This item belongs to an organization already.');
}

/** Those that have a collection. */
async function askOrganization(session: Session, vault: OpenVault, item: Item): Promise<Named | undefined> {
  const withCollections = new Set(vault.collections.map(({ organizationId }) => organizationId));
  const answer = await askToChoose<Named>({
    title: commandTitle('vaultside.moveToOrganization'),
    placeholder: vscode.l10n.t('Move {0} to which organization?', theItems([item])),
    closeOn: session.onDidLock,
    choices: vault.organizations
      .filter(({ id }) => withCollections.has(id))
      .map((organization) => ({ label: withoutIcons(printable(organization.name)), value: organization })),
  });
  return answer.kind === 'done' ? answer.value : undefined;
}

function askCollections(
  session: Session,
  vault: OpenVault,
  command: CommandId,
  organizationId: string,
  checked: readonly string[],
): Promise<readonly string[] | undefined> {
  return askToChooseSome({
    title: commandTitle(command),
    placeholder: vscode.l10n.t('In which collections? Choose at least one.'),
    closeOn: session.onDidLock,
    checked,
    choices: vault.collections
      .filter((collection) => collection.organizationId === organizationId)
      .map(({ id, name }) => ({ label: withoutIcons(printable(name)), value: id })),
  });
}

/** @returns whether it was made, and the vault was not locked meanwhile: after a lock nothing of it is spoken of. */
async function unlessLocked(session: Session, change: () => Promise<void>): Promise<boolean> {
  const { untilLock } = session;
  try {
    await withTreeProgress(change);
  } catch (error) {
    if (!untilLock.aborted) throw error;
  }
  return !untilLock.aborted;
}
