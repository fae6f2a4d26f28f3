import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { TooLongError } from '../../vault/errors';
import { explainError } from '../errors/explainError';
import { askInBox } from './box';

/** Asks for the name of a folder. The box stays open until the name is taken, or the user gives up. */
export async function askFolderName(
  session: Session,
  options: {
    readonly title: string;
    /** What stands in the box; `selected`: the next key replaces it. */
    readonly value: string;
    readonly selected: boolean;
    /** Whether there is a folder of this name already. */
    readonly isTaken: (name: string) => boolean;
    readonly use: (name: string) => Promise<void>;
  },
): Promise<void> {
  const { title, value, selected, isTaken, use } = options;
  const { untilLock } = session;
  await askInBox({
    title,
    prompt: vscode.l10n.t('Name of the folder. "Work/Servers" is Servers inside Work.'),
    value,
    selection: selected ? undefined : [value.length, value.length],
    cancellable: false,
    closeOn: session.onDidLock,
    async accept(text) {
      const name = text.trim();
      if (name.replaceAll('/', '').trim() === '') return { again: vscode.l10n.t('Enter a name.') };
      if (isTaken(name)) return { again: vscode.l10n.t('There is a folder of this name already.') };
      try {
        await use(name);
        return { value: undefined };
      } catch (error) {
        // After a lock nothing of the vault is spoken of.
        if (untilLock.aborted) return { value: undefined };
        if (!(error instanceof TooLongError)) throw error;
        return { again: explainError(error)?.message ?? '' };
      }
    },
  });
}
