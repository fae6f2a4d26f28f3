import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { NewItem } from '../../vault/edit/itemEdit';
import { say } from '../announce';
import { withTreeProgress } from '../prompts/progress';
import { switchTo } from '../switchTo';
import type { Parts } from './command';

/**
 * Saves what was asked for in a few questions, of which a draft is kept until then. Where that fails, it stands in the form of a
 * new item, which goes on from there.
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
  const { NewTarget } = await import('../item/formTargets');
  const target = new NewTarget(session, { type });
  const isKept = await target.keepIfPossible(edit, OWN);
  try {
    const id = await withTreeProgress(() => target.save(edit, OWN));
    if (untilLock.aborted) return undefined;
    say(vscode.l10n.t('{0} saved', edit.name));
    return id;
  } catch (error) {
    // After a lock nothing of the vault is spoken of.
    if (untilLock.aborted) return undefined;
    const { draftId, attempts } = target;
    const start = { type, edit, attempts, ...(isKept ? { id: draftId } : {}) };
    if (switchTo(sessions, session)) await itemView.create(session, start);
    throw error;
  }
}

/** The user's own. */
const OWN = { organizationId: '', collectionIds: [] };
