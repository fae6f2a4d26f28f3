import { join } from 'node:path';
import * as vscode from 'vscode';
import { local as localFile } from '../../account/localFile';
import type { Session } from '../../account/session';
import type { SourceFile } from '../../base/ports';
import { safeEnding, safeFileName } from '../../base/fileName';
import { printable } from '../../base/printable';
import type { TransferOptions } from '../../bitwarden/api/attachments';
import type { Rights } from '../../vault/edit/itemChange';
import type { Item } from '../../vault/items';
import type { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import { say } from '../announce';
import { chosenFile, fileWords, type ItemFile } from '../attachments/chooseFile';
import { mayChangeFiles } from '../attachments/fileRights';
import { DroppedFiles } from '../attachments/fileArgument';
import { pathsHere } from '../attachments/pathsHere';
import { itemName } from '../labels';
import { isPresenting, refuseToShow } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { withProgress, withTreeProgress } from '../prompts/progress';
import { withoutLinks } from '../untrustedText';
import { itemOrPicked } from './chooseItem';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { itemArgument } from './rowArgument';

const OTHERWISE = 'attachment';

/** Saves a file where the user says, on this machine: nothing of the vault goes to a remote one. */
export async function saveAttachment(
  { session, values, local }: Pick<Parts, 'session' | 'values' | 'local'>,
  argument: unknown,
): Promise<void> {
  const watch = new AccountWatch(session);
  const question = vscode.l10n.t('Save an attachment of which item?');
  const chosen = await chosenFile(session, argument, 'vaultside.saveAttachment', question);
  if (chosen === undefined) return;
  const { item, file } = chosen;
  const proof = await proven(session, values, item, 'save');
  if (proof === 'none') return;
  watch.checkNotLocked();
  const name = isPresenting() ? OTHERWISE + safeEnding(file.name ?? '') : safeFileName(file.name ?? '', OTHERWISE);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(await folderToSave(local), name)),
    title: commandTitle('vaultside.saveAttachment'),
  });
  if (target === undefined) return;
  watch.checkNotLocked();
  if (target.scheme !== 'file') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Attachments are saved on this computer alone. Choose a folder of it.'),
    );
    return;
  }
  const path = target.fsPath;
  // Where there is a file, the dialog has asked whether to replace it.
  const replaces = await localFile('write', local.exists(path));
  await transfer(vscode.l10n.t('Saving {0}…', fileWords(item, file.name)), file.size, (options) =>
    session.downloadAttachment(idsOf(chosen), () => local.saved(path, replaces), { ...options, proof }),
  );
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} saved', fileWords(item, file.name)));
}

/** Shows a file in an editor until the vault locks. */
export async function openAttachment(
  { session, values, shownFiles }: Pick<Parts, 'session' | 'values' | 'shownFiles'>,
  argument: unknown,
): Promise<void> {
  if (isPresenting()) {
    await refuseToShow('file');
    return;
  }
  const watch = new AccountWatch(session);
  const question = vscode.l10n.t('Open an attachment of which item?');
  const chosen = await chosenFile(session, argument, 'vaultside.openAttachment', question);
  if (chosen === undefined) return;
  const { item, file } = chosen;
  const proof = await proven(session, values, item, 'openFile');
  if (proof === 'none') return;
  watch.checkNotLocked();
  const title = commandTitle('vaultside.openAttachment');
  const detail = vscode.l10n.t(
    'It will be decrypted to a file on this computer, which other programs of yours, and extensions of VS Code, can read. The file is deleted when the vault locks.',
  );
  const asked = vscode.l10n.t('Open {0}?', fileWords(item, file.name));
  if ((await vscode.window.showWarningMessage(asked, { modal: true, detail }, title)) !== title) return;
  watch.checkNotLocked();
  await shownFiles.show(session, file.name ?? '', (begin) =>
    transfer(vscode.l10n.t('Opening {0}…', fileWords(item, file.name)), file.size, (options) =>
      session.downloadAttachment(idsOf(chosen), begin, { ...options, proof }),
    ),
  );
}

/** Adds files to an item: those that were dropped on it, or that the user picks. */
export async function addAttachment(
  { session, local }: Pick<Parts, 'session' | 'local'>,
  argument: unknown,
): Promise<void> {
  const isDropped = argument instanceof DroppedFiles;
  if (isDropped && argument.accountId !== session.accountId) return;
  const watch = new AccountWatch(session);
  const title = commandTitle('vaultside.addAttachment');
  const itemId = isDropped ? argument.itemId : itemArgument(argument);
  const question = vscode.l10n.t('Add an attachment to which item?');
  const mayAdd = (each: Item, vaultOf: OpenVault) => mayChangeFiles(each, vaultOf.rights(each.id));
  const chosen = await itemOrPicked(session, itemId, 'vaultside.addAttachment', question, mayAdd);
  if (chosen === undefined) return;
  const { item, vault } = chosen;
  const refusal = whyNotChanged(item, vault.rights(item.id));
  if (refusal !== undefined) {
    void vscode.window.showInformationMessage(refusal);
    return;
  }
  const files = isDropped ? argument.files : await askForFiles(title);
  if (files.length === 0) return;
  watch.checkNotLocked();
  const sources = [];
  for (const file of files) sources.push(typeof file === 'string' ? await localFile('read', local.source(file)) : file);
  if (isDropped && !(await isConfirmed(sources, item, title))) return;
  watch.checkNotLocked();
  for (const [added, source] of sources.entries()) {
    const name = fileWords(item, source.name);
    try {
      await transfer(vscode.l10n.t('Adding {0}…', name), source.size, (options) =>
        session.addAttachment(item.id, source, options),
      );
    } catch (error) {
      if (sources.length > 1) void vscode.window.showInformationMessage(partlyAdded(added, sources.length, name));
      throw error;
    }
    say(vscode.l10n.t('{0} added', name));
  }
}

function partlyAdded(added: number, of: number, failed: string): string {
  return vscode.l10n.t('{0} of {1} files were added. It stopped at this one: {2}', added, of, failed);
}

/** Deletes a file of an item for good. */
export async function deleteAttachment(
  { session, values }: Pick<Parts, 'session' | 'values'>,
  argument: unknown,
): Promise<void> {
  const watch = new AccountWatch(session);
  const question = vscode.l10n.t('Delete an attachment of which item?');
  const chosen = await chosenFile(session, argument, 'vaultside.deleteAttachment', question);
  if (chosen === undefined) return;
  const { item, file, vault } = chosen;
  const refusal = whyNotChanged(item, vault.rights(item.id));
  if (refusal !== undefined) {
    void vscode.window.showInformationMessage(refusal);
    return;
  }
  const title = commandTitle('vaultside.deleteAttachment');
  const name = fileWords(item, file.name);
  const asked = vscode.l10n.t('Delete {0} permanently?', name);
  const detail = vscode.l10n.t('This cannot be undone.');
  if ((await vscode.window.showWarningMessage(asked, { modal: true, detail }, title)) !== title) return;
  watch.checkNotLocked();
  const proof = await proven(session, values, item, 'delete');
  if (proof === 'none') return;
  await withTreeProgress(() => session.deleteAttachment(item.id, file.id, proof));
  say(vscode.l10n.t('{0} deleted', name));
}

function idsOf({ item, file }: ItemFile): { readonly itemId: string; readonly attachmentId: string } {
  return { itemId: item.id, attachmentId: file.id };
}

/** Undefined: the item does not ask. `none`: the user did not give it. */
async function proven(
  session: Session,
  values: Parts['values'],
  item: Item,
  does: 'save' | 'openFile' | 'delete',
): Promise<MasterPasswordProof | 'none' | undefined> {
  return item.reprompt ? ((await values.prove(session, [item], does)) ?? 'none') : undefined;
}

function whyNotChanged(item: Item, rights: Rights | undefined): string | undefined {
  if (mayChangeFiles(item, rights)) return undefined;
  if (item.trashed) return vscode.l10n.t('Items in the trash have to be restored first.');
  if (item.closed !== undefined) return vscode.l10n.t('This item cannot be opened, so nothing can be added to it.');
  return vscode.l10n.t('Your organization does not let you change this item.');
}

async function askForFiles(title: string): Promise<readonly string[]> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: true,
    title,
    openLabel: title,
    defaultUri: vscode.Uri.file(await home()),
  });
  return pathsHere(chosen ?? []);
}

/** Where browsers save files, or the folder of the user. */
async function folderToSave(local: Parts['local']): Promise<string> {
  const own = await home();
  const downloads = join(own, 'Downloads');
  return (await local.exists(downloads).catch(() => false)) ? downloads : own;
}

/** Loaded when it is needed: activation loads nothing that it can do without. */
async function home(): Promise<string> {
  return (await import('node:os')).homedir();
}

/** What was dropped may have hit the row beside the one that was meant. */
async function isConfirmed(sources: readonly SourceFile[], item: Item, title: string): Promise<boolean> {
  const [first, ...others] = sources;
  if (first === undefined) return false;
  const what = others.length === 0 ? fileWords(item, first.name) : vscode.l10n.t('{0} files', sources.length);
  const asked = vscode.l10n.t('Add {0} to {1}?', what, printable(itemName(item), 40));
  const detail = vscode.l10n.t('Whoever can use the item can read its attachments.');
  return (await vscode.window.showInformationMessage(withoutLinks(asked), { modal: true, detail }, title)) === title;
}

/** @param size in bytes, as far as it is known. */
async function transfer(
  title: string,
  size: number | undefined,
  work: (options: TransferOptions) => Promise<void>,
): Promise<void> {
  await withProgress(title, (signal, report) => {
    let shown = 0;
    const onProgress = (bytes: number) => {
      if (size === undefined || size === 0) return;
      const percent = Math.min(100, Math.floor((100 * bytes) / size));
      if (percent <= shown) return;
      report(vscode.l10n.t('{0} %', percent), percent - shown);
      shown = percent;
    };
    return work({ signal, onProgress });
  });
}
