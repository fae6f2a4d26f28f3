import * as vscode from 'vscode';
import type { Draft, EditDraft } from '../../account/drafts';
import type { Session } from '../../account/session';
import type { ItemEdit, NewItem } from '../../vault/edit/itemEdit';
import { GoneElsewhereError, NotReadableError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import { readOnly } from '../errors/vaultFailures';
import { isPresenting, refuseToShow } from '../presentation';
import type { ItemValues } from '../values/itemValues';
import { emptyBase } from './formBase';
import { EditTarget, type KnownItem, NewTarget } from './formTargets';
import { FormState } from './formState';
import { type FormParts, ItemForm, type MakeForm } from './itemForm';

type Parts = FormParts & { readonly values: Pick<ItemValues, 'prove' | 'readStored' | 'withProof'> };

/**
 * The form of an item, with what was changed in it before and not saved.
 *
 * @param draftId which draft it goes on with; undefined: the latest, if there is one.
 * @returns undefined where the item cannot be changed or that draft is gone, which a notification says, and where the user did
 * not give the master password that it asks for.
 */
export async function editForm(
  parts: Parts,
  session: Session,
  itemId: string,
  draftId?: string,
): Promise<MakeForm | undefined> {
  if (refusesWhilePresenting()) return undefined;
  const { untilLock } = session;
  const item = editable(session, itemId);
  if (item === undefined) return undefined;
  const proof = item.reprompt ? await parts.values.prove(session, [item], 'edit') : undefined;
  if (item.reprompt && proof === undefined) return undefined;
  const id = draftId ?? (await session.drafts.ofItem(itemId))[0]?.id;
  const draft = id === undefined ? undefined : await session.drafts.take(id);
  if (untilLock.aborted) return undefined;
  if (draftId !== undefined && draft === undefined) {
    void sayGone();
    return undefined;
  }
  const target = new EditTarget(parts.values, session, { item, proof, draft: isEdit(draft) ? draft : undefined });
  const base = target.base();
  if (base === undefined) throw new GoneElsewhereError('item');
  const edit = isEdit(draft) ? draft.content.edit : undefined;
  return (page) => new ItemForm(target, new FormState(base, edit), parts, page, edit !== undefined);
}

function isEdit(draft: Draft | undefined): draft is EditDraft {
  return draft?.content.kind === 'edit';
}

/** What the form of a new item begins with. */
export interface NewItemStart extends Omit<NewItem, 'edit'> {
  readonly edit?: ItemEdit;
  /** Of the draft that it goes on with. */
  readonly id?: string;
  /** The encrypted names of attempts to save it: see Attempts. */
  readonly attempts?: readonly string[];
}

/** @returns undefined where the draft is gone, which a notification says. */
export async function newForm(parts: Parts, session: Session, start: NewItemStart): Promise<MakeForm | undefined> {
  if (refusesWhilePresenting()) return undefined;
  const { untilLock } = session;
  const draft = start.id === undefined ? undefined : await session.drafts.take(start.id);
  if (untilLock.aborted) return undefined;
  if (start.id !== undefined && draft === undefined) {
    void sayGone();
    return undefined;
  }
  const begun = draft?.content.kind === 'new' ? draft.content.item : start;
  const { type, edit } = begun;
  const attempts = draft?.attempts ?? start.attempts ?? [];
  const target = new NewTarget(session, { ...begun, attempts, ...(draft === undefined ? {} : { id: draft.id }) });
  const state = new FormState(emptyBase(type), edit);
  // What could not be saved is kept from the beginning, and so is what was changed in an item that is gone.
  const isUnsaved = start.attempts !== undefined && draft?.content.kind !== 'new';
  const isKept = edit !== undefined && isUnsaved ? await target.keepIfPossible(edit) : draft !== undefined;
  if (type === 'login' && state.uris.length === 0) state.add('uri');
  return (page) => new ItemForm(target, state, parts, page, isKept);
}

/**
 * What the form of a new item begins with where a draft is of an item that cannot be changed any more.
 *
 * @param draftId undefined: the latest of the item, if there is one.
 * @returns undefined where the item can be changed, or there is no draft.
 */
export async function startOfStranded(
  session: Session,
  itemId: string,
  draftId?: string,
): Promise<NewItemStart | undefined> {
  const vault = session.state.kind === 'unlocked' ? session.state.vault : undefined;
  const item = vault?.item(itemId);
  if (vault === undefined || (item !== undefined && vault.whyReadOnly(itemId) === undefined)) return undefined;
  const drafts = await session.drafts.ofItem(itemId);
  const draft = draftId === undefined ? drafts[0] : drafts.find(({ id }) => id === draftId);
  const made = draft && vault.newItemFrom(Buffer.from(draft.content.base), draft.content.edit);
  if (draft === undefined || made === undefined) return undefined;
  const { folderId = null } = made.edit;
  const isThere = vault.folders.some(({ id }) => id === folderId);
  return { type: made.type, edit: { ...made.edit, folderId: isThere ? folderId : null }, id: draft.id, attempts: [] };
}

function sayGone(): Thenable<unknown> {
  const text = vscode.l10n.t('This draft is gone: it was saved, discarded, or opened in another window.');
  return vscode.window.showInformationMessage(text);
}

function refusesWhilePresenting(): boolean {
  const isRefused = isPresenting();
  if (isRefused) void refuseToShow();
  return isRefused;
}

/** Undefined: it cannot be changed, and a notification says why. */
function editable({ state }: Session, itemId: string): KnownItem | undefined {
  const item = state.kind === 'unlocked' ? state.vault.item(itemId) : undefined;
  if (state.kind !== 'unlocked' || item === undefined) throw new NotReadableError('no such item');
  const reason = state.vault.whyReadOnly(itemId);
  if (reason === undefined && isKnown(item)) return item;
  void vscode.window.showInformationMessage(readOnly(reason ?? 'unknown'));
  return undefined;
}

function isKnown(item: Item): item is KnownItem {
  return item.type !== 'unknown';
}
