import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { NewItem } from '../../vault/edit/itemEdit';
import { say } from '../announce';
import { withTreeProgress } from '../prompts/progress';
import { switchTo } from '../switchTo';
import type { Parts } from './command';

/**
 * Saves what was asked for in a few questions. Where that fails, it stands in the form of a new item, which goes on from there.
 *
 * @returns the id of the item; undefined: the vault was locked meanwhile.
 * @throws what createItem throws.
 */
export async function saveNew(
  { sessions, itemView }: Pick<Parts, 'sessions' | 'itemView'>,
  session: Session,
  { type, edit }: Pick<NewItem, 'type' | 'edit'>,
): Promise<string | undefined> {
  const { untilLock } = session;
  const names: string[] = [];
  const willSend = (name: string) => Promise.resolve(void names.push(name));
  try {
    const id = await withTreeProgress(() => session.createItem({ type, edit }, { names: [], willSend }));
    if (untilLock.aborted) return undefined;
    say(vscode.l10n.t('{0} saved', edit.name));
    return id;
  } catch (error) {
    // After a lock nothing of the vault is spoken of.
    if (untilLock.aborted) return undefined;
    if (switchTo(sessions, session)) await itemView.create(session, { type, edit, attempts: names });
    throw error;
  }
}
