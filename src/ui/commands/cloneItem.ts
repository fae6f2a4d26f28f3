import * as vscode from 'vscode';
import { TooLongError } from '../../vault/errors';
import { say } from '../announce';
import { explainError } from '../errors/explainError';
import { readOnly } from '../errors/vaultFailures';
import { itemName } from '../labels';
import { askInBox } from '../prompts/box';
import { switchTo } from '../switchTo';
import { chooseItem } from './chooseItem';
import type { Parts } from './command';
import { commandTitle } from './commandId';

/** Makes a copy of the item that the command was called on, or of one that the user picks, and shows it. */
export async function cloneItem(
  { sessions, session, values, itemView }: Pick<Parts, 'sessions' | 'session' | 'values' | 'itemView'>,
  argument: unknown,
): Promise<void> {
  const { untilLock } = session;
  const chosen = await chooseItem(session, argument, 'vaultside.cloneItem', vscode.l10n.t('Clone which item?'));
  if (chosen === undefined) return;
  const { vault, item } = chosen;
  const reason = vault.whyReadOnly(item.id);
  if (reason !== undefined && reason !== 'notAllowed') {
    void vscode.window.showInformationMessage(readOnly(reason));
    return;
  }
  const proof = item.reprompt ? await values.prove(session, [item], 'edit') : undefined;
  if (item.reprompt && proof === undefined) return;
  const names: string[] = [];
  const answer = await askInBox<string>({
    title: commandTitle('vaultside.cloneItem'),
    prompt: vscode.l10n.t('Name of the copy'),
    // The words of official clients.
    value: vscode.l10n.t('{0} - Clone', item.name ?? itemName(item)),
    cancellable: false,
    closeOn: session.onDidLock,
    async accept(text) {
      const name = text.trim();
      if (name === '') return { again: vscode.l10n.t('Enter a name.') };
      const willSend = (sealed: string) => Promise.resolve(void names.push(sealed));
      try {
        return { value: await session.cloneItem(item.id, name, proof, { names: [...names], willSend }) };
      } catch (error) {
        // After a lock nothing of the vault is spoken of.
        if (untilLock.aborted) return { value: '' };
        const sentence = explainError(error)?.message;
        // As long as the box is open, an attempt that may have been made after all is known, and the next one is no second copy.
        const mayGoOn = error instanceof TooLongError || names.length > 0;
        if (!mayGoOn || sentence === undefined) throw error;
        return { again: sentence };
      }
    },
  });
  if (answer.kind !== 'done' || answer.value === '') return;
  say(vscode.l10n.t('Item cloned'));
  if (switchTo(sessions, session)) await itemView.open(answer.value, false);
}
