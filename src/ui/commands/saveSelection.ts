import * as vscode from 'vscode';
import type { NewItem } from '../../vault/edit/itemEdit';
import { askInBox } from '../prompts/box';
import { unlockedVault } from '../prompts/unlock';
import { withoutLinks } from '../untrustedText';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { saveNew } from './saveNew';

/** Saves what is selected in the editor: a line as the password of a login, several as a secure note. */
export async function saveSelection(parts: Pick<Parts, 'sessions' | 'session' | 'itemView'>): Promise<void> {
  const { session } = parts;
  const editor = vscode.window.activeTextEditor;
  const text = editor?.document.getText(editor.selection) ?? '';
  if (editor === undefined || text.trim() === '') {
    void vscode.window.showInformationMessage(vscode.l10n.t('Select the text in an editor first.'));
    return;
  }
  const { document, selection } = editor;
  if ((await unlockedVault(session)) === undefined) return;
  const answer = await askInBox<string>({
    title: commandTitle('vaultside.saveSelection'),
    prompt: isLine(text)
      ? vscode.l10n.t('Name of the item. The selected text is its password.')
      : vscode.l10n.t('Name of the item. The selected text is its notes.'),
    value: nameBefore(document.lineAt(selection.start.line).text.slice(0, selection.start.character)),
    closeOn: session.onDidLock,
    accept: (entered) => {
      const name = entered.trim();
      return Promise.resolve(name === '' ? { again: vscode.l10n.t('Enter a name.') } : { value: name });
    },
  });
  if (answer.kind !== 'done') return;
  const { value: name } = answer;
  if ((await saveNew(parts, session, itemOf(name, text))) === undefined) return;
  const remove = vscode.l10n.t('Remove from File');
  const saved = vscode.l10n.t('{0} is saved. The text is still in the file.', name);
  if ((await vscode.window.showInformationMessage(withoutLinks(saved), remove)) !== remove) return;
  const shown = document.isClosed ? undefined : await vscode.window.showTextDocument(document);
  if (shown !== undefined && document.getText(selection) === text) await shown.edit((edit) => edit.delete(selection));
  else void vscode.window.showWarningMessage(vscode.l10n.t('The file has changed. Nothing was removed.'));
}

function isLine(text: string): boolean {
  return !/[\r\n]/.test(text.trim());
}

function itemOf(name: string, text: string): Pick<NewItem, 'type' | 'edit'> {
  return isLine(text)
    ? { type: 'login', edit: { name, content: { password: text.trim() } } }
    : { type: 'secureNote', edit: { name, notes: text } };
}

/** The word that the text is the value of: `API_TOKEN` in `API_TOKEN="…`. */
function nameBefore(line: string): string {
  return /([\p{L}\p{N}_.-]{1,64})["']?\s*[=:]\s*["'`]?$/u.exec(line)?.[1] ?? '';
}
