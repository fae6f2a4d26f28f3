import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { Session } from '../../account/session';
import { GoneElsewhereError } from '../../vault/errors';
import { folderRows } from '../../vault/groups';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { say } from '../announce';
import { itemsInWords } from '../labels';
import { AccountWatch } from '../prompts/accountWatch';
import { askToChoose } from '../prompts/choice';
import { askFolderName } from '../prompts/folderName';
import { withTreeProgress } from '../prompts/progress';
import { unlockedVault } from '../prompts/unlock';
import { withoutIcons } from '../untrustedText';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { folderArgument, FROM_FOCUS } from './rowArgument';

/** The row of a folder: see FolderRow. */
interface Chosen {
  readonly vault: OpenVault;
  readonly name: string;
  readonly ids: readonly string[];
}

/** @param argument the row of a folder, in which the new one is to be. */
export async function createFolder({ session }: Pick<Parts, 'session'>, argument: unknown): Promise<void> {
  if ((await unlockedVault(session)) === undefined) return;
  const parent = folderArgument(argument)?.fullName;
  await askFolderName(session, {
    title: commandTitle('vaultside.createFolder'),
    value: parent === undefined ? '' : `${parent}/`,
    selected: false,
    isTaken: (name) => hasFolderNamed(session, name),
    use: (name) => session.createFolder(name),
  });
}

/** Folders inside it have names of their own, which stay, as in other clients. */
export async function renameFolder(
  { session, tree }: Pick<Parts, 'session' | 'tree'>,
  argument: unknown,
): Promise<void> {
  if (argument === FROM_FOCUS && folderArgument(tree.focused) === undefined) return;
  const chosen = await chooseFolder(
    session,
    argument === FROM_FOCUS ? tree.focused : argument,
    vscode.l10n.t('Rename which folder?'),
  );
  if (chosen === undefined) return;
  const { name: before, ids } = chosen;
  await askFolderName(session, {
    title: commandTitle('vaultside.renameFolder'),
    value: before,
    selected: true,
    isTaken: (name) => name !== before && hasFolderNamed(session, name),
    use: async (name) => {
      if (name === before) return;
      await session.renameFolders(ids, name);
    },
  });
}

export async function deleteFolder({ session }: Pick<Parts, 'session'>, argument: unknown): Promise<void> {
  const watch = new AccountWatch(session);
  const chosen = await chooseFolder(session, argument, vscode.l10n.t('Delete which folder?'));
  if (chosen === undefined) return;
  const { vault, ids } = chosen;
  const name = printable(chosen.name);
  const inside = vault.items.filter(({ folderId }) => folderId !== undefined && ids.includes(folderId));
  const isParent = vault.folders.some((folder) => folder.name.startsWith(`${chosen.name}/`));
  const detail = [
    ...(inside.length === 0 ? [] : [leavingWords(inside)]),
    ...(isParent ? [vscode.l10n.t('The folders inside it stay.')] : []),
  ].join('\n');
  const confirm = commandTitle('vaultside.deleteFolder');
  const question = vscode.l10n.t('Delete the folder "{0}"?', name);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return;
  watch.checkNotLocked();
  const { untilLock } = session;
  try {
    await withTreeProgress(() => session.deleteFolders(ids));
  } catch (error) {
    // After a lock nothing of the vault is spoken of.
    if (untilLock.aborted) return;
    throw error;
  }
  say(vscode.l10n.t('Folder {0} deleted', name));
}

/** What becomes of the items of a folder. Its row shows only those that are neither archived nor in the trash. */
function leavingWords(items: readonly Item[]): string {
  const hidden = items.filter(({ archived, trashed }) => archived || trashed).length;
  const all = itemsInWords(items.length);
  return hidden === 0
    ? vscode.l10n.t('Nothing in it is deleted: {0} will be in no folder.', all)
    : vscode.l10n.t(
        'Nothing in it is deleted: {0} will be in no folder, {1} of them archived or in the trash.',
        all,
        hidden,
      );
}

/** By the vault of now: a box may be open for long. */
function hasFolderNamed({ state }: Session, wanted: string): boolean {
  return state.kind === 'unlocked' && state.vault.folders.some(({ name }) => name === wanted);
}

async function chooseFolder(session: Session, argument: unknown, question: string): Promise<Chosen | undefined> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return undefined;
  const rows = folderRows(vault);
  const row = folderArgument(argument);
  if (row !== undefined && row.ids.length > 0) {
    // While the question for the master password was open, they may have got other names, or gone.
    const those = rows.filter(({ ids }) => ids.some((id) => row.ids.includes(id)));
    const chosen = those.find(({ fullName }) => fullName === row.fullName) ?? those[0];
    if (chosen === undefined) throw new GoneElsewhereError('folder');
    return { vault, name: chosen.name, ids: chosen.ids.filter((id) => row.ids.includes(id)) };
  }
  if (vault.folders.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There are no folders.'));
    return undefined;
  }
  const answer = await askToChoose({
    title: question,
    placeholder: question,
    closeOn: session.onDidLock,
    choices: rows.map(({ name, ids }) => ({ label: withoutIcons(name), value: { vault, name, ids } })),
  });
  return answer.kind === 'done' ? answer.value : undefined;
}
