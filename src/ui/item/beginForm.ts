import * as vscode from 'vscode';
import type { Draft } from '../../account/drafts';
import type { Session } from '../../account/session';
import type { ItemEdit, NewItem } from '../../vault/edit/itemEdit';
import { GoneElsewhereError, NotReadableError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import { readOnly } from '../errors/vaultFailures';
import { isPresenting, refuseToShow } from '../presentation';
import type { ItemValues } from '../values/itemValues';
import { emptyBase } from './formBase';
import { type EditDraft, EditTarget, type KnownItem, NewTarget } from './formTargets';
import { FormState } from './formState';
import { type FormParts, ItemForm, type MakeForm } from './itemForm';

type Parts = FormParts & { readonly values: Pick<ItemValues, 'prove' | 'readStored' | 'withProof'> };

/**
 * The form of an item, with what was changed in it before and not saved.
 *
 * @returns undefined where the item cannot be changed, which a notification says, and where the user did not give the master
 * password that it asks for.
 */
export async function editForm(parts: Parts, session: Session, itemId: string): Promise<MakeForm | undefined> {
  if (refusesWhilePresenting()) return undefined;
  const { untilLock } = session;
  const item = editable(session, itemId);
  if (item === undefined) return undefined;
  const proof = item.reprompt ? await parts.values.prove(session, [item], 'edit') : undefined;
  if (item.reprompt && proof === undefined) return undefined;
  const draft = await draftOf(session, itemId);
  if (untilLock.aborted) return undefined;
  const target = new EditTarget(parts.values, session, { item, proof, draft });
  const base = target.base();
  if (base === undefined) throw new GoneElsewhereError('item');
  return (page) => new ItemForm(target, new FormState(base, draft?.content.edit), parts, page, draft !== undefined);
}

/** What was changed in the form of an item and not saved; of several the latest. */
export async function draftOf({ drafts }: Session, itemId: string): Promise<EditDraft | undefined> {
  const isOfItem = (draft: Draft): draft is EditDraft =>
    draft.content.kind === 'edit' && draft.content.itemId === itemId;
  return (await drafts.all()).find(isOfItem);
}

/** What the form of a new item begins with. */
export interface NewItemStart extends Omit<NewItem, 'edit'> {
  readonly edit?: ItemEdit;
  /** Of the draft that it goes on with. */
  readonly id?: string;
  /** The encrypted names of attempts to save it: see Attempts. */
  readonly attempts?: readonly string[];
}

export async function newForm(parts: Parts, session: Session, start: NewItemStart): Promise<MakeForm | undefined> {
  if (refusesWhilePresenting()) return undefined;
  const { type, edit, id, attempts } = start;
  const target = new NewTarget(session, start);
  const state = new FormState(emptyBase(type), edit);
  // What could not be saved is kept from the beginning.
  const isUnsaved = edit !== undefined && attempts !== undefined;
  if (isUnsaved && id === undefined) await target.keep(edit);
  if (type === 'login' && state.uris.length === 0) state.add('uri');
  return (page) => new ItemForm(target, state, parts, page, isUnsaved);
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
