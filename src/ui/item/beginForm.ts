import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { ItemEdit } from '../../vault/edit/itemEdit';
import { GoneElsewhereError, NotReadableError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import { readOnly } from '../errors/vaultFailures';
import { isPresenting, refuseToShow } from '../presentation';
import type { ItemValues } from '../values/itemValues';
import { draftsOf } from './drafts';
import { emptyBase } from './formBase';
import { EditTarget, type KnownItem, NewTarget } from './formTargets';
import { FormState } from './formState';
import { type FormParts, ItemForm, type MakeForm } from './itemForm';

type Parts = FormParts & { readonly values: Pick<ItemValues, 'prove' | 'readStored'> };

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
  const draft = await draftsOf(session).of(itemId);
  if (untilLock.aborted) return undefined;
  const target = new EditTarget(parts.values, session, { item, proof, draft });
  const base = target.base();
  if (base === undefined) throw new GoneElsewhereError('item');
  return (page) => new ItemForm(target, new FormState(base, draft?.edit), parts, page);
}

/** Where a new item is begun. */
export interface NewItemOptions {
  readonly type: KnownItemType;
  readonly folderId?: string | undefined;
  /** Goes on with a new item that was not saved. */
  readonly draftId?: string;
  /** What is filled in already, and the encrypted names of attempts to save that. */
  readonly edit?: ItemEdit;
  readonly names?: readonly string[];
}

export async function newForm(
  parts: Parts,
  session: Session,
  { type, folderId, draftId, edit, names }: NewItemOptions,
): Promise<MakeForm | undefined> {
  if (refusesWhilePresenting()) return undefined;
  const { untilLock } = session;
  const draft = draftId === undefined ? undefined : await draftsOf(session).of(draftId);
  if (untilLock.aborted) return undefined;
  const target = new NewTarget(session, { id: randomUUID(), names, ...draft, type });
  const state = new FormState(emptyBase(type), draft?.edit ?? edit ?? (folderId === undefined ? {} : { folderId }));
  if (type === 'login' && state.uris.length === 0) state.add('uri');
  return (page) => new ItemForm(target, state, parts, page);
}

function refusesWhilePresenting(): boolean {
  const isRefused = isPresenting();
  if (isRefused) void refuseToShow();
  return isRefused;
}

/** Undefined: it cannot be changed, and a notification says why. */
export function editable({ state }: Session, itemId: string): KnownItem | undefined {
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
