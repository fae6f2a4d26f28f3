import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { unlockedVault } from '../prompts/unlock';
import type { ErrorReporter } from '../errors/errorReporter';
import type { VaultTree } from '../tree/vaultTree';
import { commandTitle } from './commandId';

/** Filters the tree while the user types. Escape brings back the filter of before, or none. */
export async function filter(session: Session, tree: VaultTree, reporter: ErrorReporter): Promise<void> {
  if ((await unlockedVault(session)) === undefined) return;
  await vscode.commands.executeCommand('vaultside.vault.focus');
  const before = tree.filterQuery ?? '';
  const box = vscode.window.createInputBox();
  box.title = commandTitle('vaultside.filter');
  box.prompt = vscode.l10n.t('Name, username, website, folder, collection or organization. Empty shows everything.');
  box.value = before;
  const set = (query: string) => {
    tree.setFilter(query).catch((error: unknown) => reporter.failure('filter', error, session));
  };
  const locking = session.onDidLock(() => box.hide());
  let kept = false;
  box.onDidChangeValue(set);
  box.onDidAccept(() => {
    kept = true;
    box.hide();
  });
  box.onDidHide(() => {
    locking.dispose();
    box.dispose();
    if (!kept) set(before);
  });
  box.show();
}
