import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import {
  applies,
  asksForMasterPassword,
  isAllowed,
  isMade,
  type ItemChange,
  takesLong,
} from '../../vault/edit/itemChange';
import { NotReadableError } from '../../vault/errors';
import { folderRows } from '../../vault/groups';
import type { Item } from '../../vault/items';
import type { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import { say } from '../announce';
import {
  cancelledWords,
  changedLaterWords,
  changedWords,
  leftWords,
  lockedWords,
  notAllowedWords,
  nothingToChange,
  partOf,
  theItems,
} from '../changeWords';
import { type ItemChangeCommand, itemChanges } from '../itemChanges';
import { AccountWatch } from '../prompts/accountWatch';
import { itemName } from '../labels';
import { openUsername } from '../presentation';
import { askToChoose } from '../prompts/choice';
import { withProgress, withTreeProgress } from '../prompts/progress';
import { unlockedVault } from '../prompts/unlock';
import { pickItem } from '../search/pickItem';
import { DroppedItems } from '../tree/dragItems';
import { withoutIcons, withoutLinks } from '../untrustedText';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { FROM_FOCUS, itemArgument } from './rowArgument';

/**
 * Makes a change with the items that the command was called on, with those that are selected along with them, or with one
 * that the user picks. What it cannot be made with is left out, and it is said why.
 */
export async function changeItems(
  { session, values, tree }: Pick<Parts, 'session' | 'values' | 'tree'>,
  itemChange: ItemChangeCommand,
  argument: unknown,
  selected: unknown,
): Promise<void> {
  if (argument instanceof DroppedItems && argument.accountId !== session.accountId) return;
  const watch = new AccountWatch(session);
  const isKey = argument === FROM_FOCUS;
  const ids = isKey ? chosenIds(tree.focused, tree.selection) : chosenIds(argument, selected);
  // On the row of a group a key does nothing.
  if (isKey && ids.length === 0) return;
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const items = ids.flatMap((id) => vault.item(id) ?? []);
  const gone = ids.length - items.length;
  if (gone > 0 && items.length === 0) throw new NotReadableError('no such item');
  // The key deletes: what is in the trash already, for good.
  const isForGood = isKey && itemChange.kind === 'trash' && items.every(({ trashed }) => trashed);
  const { kind, command } = (isForGood ? itemChanges.find((each) => each.kind === 'delete') : undefined) ?? itemChange;
  const isAllowedFor = ({ id }: Item) => {
    const rights = vault.rights(id);
    return rights !== undefined && isAllowed(kind, rights);
  };
  if (items.length === 0) {
    const picked = await pick(
      session,
      vault,
      { title: commandTitle(command), placeholder: itemChange.question() },
      (item) => applies(kind, item) && isAllowedFor(item),
    );
    if (picked === 'none') void vscode.window.showInformationMessage(nothingToChange(kind));
    if (picked === undefined || picked === 'none') return;
    items.push(picked);
  }
  const fitting = items.filter((item) => applies(kind, item));
  const changed = fitting.filter(isAllowedFor);
  if (changed.length === 0) {
    const reason = fitting.length === 0 ? nothingToChange(kind) : notAllowedWords(kind, theItems(fitting));
    void vscode.window.showInformationMessage(withoutLinks(reason));
    return;
  }
  const target = await targetOf(session, vault, kind, argument, theItems(changed));
  if (target === undefined) return;
  const { change, folderIds } = target;
  // What was dropped where it is already.
  const isThere = (item: Item) => isMade(change, item) || folderIds.includes(item.folderId ?? '');
  const left = changed.filter((item) => !isThere(item));
  if (left.length === 0) return;
  if (!(await isConfirmed(change, left, commandTitle(command)))) return;
  watch.checkNotLocked();
  const asking = asksForMasterPassword(kind) ? left.filter(({ reprompt }) => reprompt) : [];
  const proof = asking.length === 0 ? undefined : await values.prove(session, asking, 'delete');
  if (asking.length > 0 && proof === undefined) return;
  await make(
    session,
    commandTitle(command),
    change,
    left,
    fitting.length + gone - (changed.length - left.length),
    proof,
  );
}

async function make(
  session: Session,
  title: string,
  change: ItemChange,
  items: readonly Item[],
  asked: number,
  proof: MasterPasswordProof | undefined,
): Promise<void> {
  const { untilLock } = session;
  const ids = items.map(({ id }) => id);
  const what = theItems(items);
  let madeSoFar = 0;
  let signal: AbortSignal | undefined;
  const madeWords = (made: number) => changedWords(change.kind, partOf(made, items.length));
  let unmade: number | undefined;
  try {
    unmade = takesLong(change, items.length)
      ? await withProgress(title, (cancelled, report) => {
          signal = cancelled;
          const onProgress = (made: number) => {
            report(partOf(made, items.length), (100 * (made - madeSoFar)) / items.length);
            madeSoFar = made;
          };
          return session.changeItems(change, ids, proof, { signal: cancelled, onProgress });
        })
      : await withTreeProgress(() => session.changeItems(change, ids, proof));
  } catch (error) {
    if (!untilLock.aborted) throw error;
    // After a lock nothing of the vault is spoken of, but how far it was.
    if (madeSoFar > 0) void vscode.window.showWarningMessage(lockedWords(madeWords(madeSoFar)));
    return;
  }
  if (signal?.aborted === true && unmade !== 0) {
    const made = unmade === undefined ? madeSoFar : items.length - unmade;
    void vscode.window.showWarningMessage(cancelledWords(madeWords(made)));
    return;
  }
  if (unmade === undefined) {
    void vscode.window.showWarningMessage(withoutLinks(changedLaterWords(change.kind, what)));
    return;
  }
  const left = unmade + asked - items.length;
  if (left === 0) say(changedWords(change.kind, what));
  else void vscode.window.showWarningMessage(leftWords(left, asked));
}

/** The ids of the items whose rows these are, each once. */
function chosenIds(calledOn: unknown, selected: unknown): readonly string[] {
  if (calledOn instanceof DroppedItems) return calledOn.itemIds;
  const rows: readonly unknown[] = Array.isArray(selected) && selected.includes(calledOn) ? selected : [calledOn];
  return [...new Set(rows.flatMap((row) => itemArgument(row) ?? []))];
}

/** Undefined: the user gave up. `none`: there is nothing to pick. */
async function pick(
  session: Session,
  vault: OpenVault,
  words: { readonly title: string; readonly placeholder: string },
  matches: (item: Item) => boolean,
): Promise<Item | 'none' | undefined> {
  const fitting = vault.items.filter(matches);
  if (fitting.length === 0) return 'none';
  if (fitting.some(({ archived, trashed }) => !archived && !trashed)) {
    return (await pickItem(session, vault, { ...words, matches }))?.item;
  }
  // The search leaves out what is archived or in the trash.
  const answer = await askToChoose({
    ...words,
    closeOn: session.onDidLock,
    choices: fitting.map((item) => ({
      label: withoutIcons(itemName(item)),
      description: withoutIcons(openUsername(item)),
      value: item,
    })),
  });
  return answer.kind === 'done' ? answer.value : undefined;
}

/** @returns the change, and the folders in which nothing has to be moved: those of one row. Undefined: the user gave up. */
async function targetOf(
  session: Session,
  vault: OpenVault,
  kind: ItemChange['kind'],
  argument: unknown,
  what: string,
): Promise<{ readonly change: ItemChange; readonly folderIds: readonly string[] } | undefined> {
  if (kind !== 'move') return { change: { kind }, folderIds: [] };
  const into = (ids: readonly string[]) => ({ change: { kind, folderId: ids[0] ?? null }, folderIds: ids });
  if (argument instanceof DroppedItems) return into(argument.folderIds);
  const folders = folderRows(vault).map(({ name, ids }) => ({ label: withoutIcons(name), value: ids }));
  const answer = await askToChoose<readonly string[]>({
    title: commandTitle('vaultside.moveToFolder'),
    placeholder: vscode.l10n.t('Move {0} to which folder?', what),
    closeOn: session.onDidLock,
    choices: [...folders, { label: vscode.l10n.t('No folder'), value: [] }],
  });
  return answer.kind === 'done' ? into(answer.value) : undefined;
}

/** A single item is moved to the trash without a question, since it can be restored. */
async function isConfirmed({ kind }: ItemChange, items: readonly Item[], title: string): Promise<boolean> {
  const { length } = items;
  if (kind !== 'delete' && (kind !== 'trash' || length === 1)) return true;
  const what = theItems(items);
  const [question, detail] =
    kind === 'delete'
      ? [vscode.l10n.t('Delete {0} permanently?', what), vscode.l10n.t('This cannot be undone.')]
      : [
          vscode.l10n.t('Move {0} to the trash?', what),
          vscode.l10n.t('Items in the trash can be restored until the server deletes them, usually after 30 days.'),
        ];
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, title)) === title;
}
