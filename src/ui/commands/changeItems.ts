import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { applies, asksForMasterPassword, isAllowed, isMade, type ItemChange } from '../../vault/edit/itemChange';
import { NotReadableError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import type { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import { say } from '../announce';
import { changedLaterWords, changedWords, leftWords, notAllowedWords, nothingToChange, theItems } from '../changeWords';
import { type ItemChangeCommand, itemChanges } from '../itemChanges';
import { AccountWatch } from '../prompts/accountWatch';
import { itemName } from '../labels';
import { openUsername } from '../presentation';
import { askToChoose } from '../prompts/choice';
import { withTreeProgress } from '../prompts/progress';
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
  const change = await changeOf(session, vault, kind, argument, theItems(changed));
  if (change === undefined) return;
  // What was dropped where it is already.
  if (changed.every((item) => isMade(change, item))) return;
  if (!(await isConfirmed(change, changed, commandTitle(command)))) return;
  watch.checkNotLocked();
  const asking = asksForMasterPassword(kind) ? changed.filter(({ reprompt }) => reprompt) : [];
  const proof = asking.length === 0 ? undefined : await values.prove(session, asking, 'delete');
  if (asking.length > 0 && proof === undefined) return;
  await make(session, change, changed, fitting.length + gone, proof);
}

async function make(
  session: Session,
  change: ItemChange,
  items: readonly Item[],
  asked: number,
  proof: MasterPasswordProof | undefined,
): Promise<void> {
  const { untilLock } = session;
  const ids = items.map(({ id }) => id);
  const what = theItems(items);
  let unmade: number | undefined;
  try {
    unmade = await withTreeProgress(() => session.changeItems(change, ids, proof));
  } catch (error) {
    // After a lock nothing of the vault is spoken of.
    if (untilLock.aborted) return;
    throw error;
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

async function changeOf(
  session: Session,
  vault: OpenVault,
  kind: ItemChange['kind'],
  argument: unknown,
  what: string,
): Promise<ItemChange | undefined> {
  if (kind !== 'move') return { kind };
  if (argument instanceof DroppedItems) return { kind, folderId: argument.folderId };
  const folders = vault.folders.map(({ id, name }) => ({ label: withoutIcons(name), value: id }));
  const answer = await askToChoose<string | null>({
    title: commandTitle('vaultside.moveToFolder'),
    placeholder: vscode.l10n.t('Move {0} to which folder?', what),
    closeOn: session.onDidLock,
    choices: [...folders, { label: vscode.l10n.t('No folder'), value: null }],
  });
  return answer.kind === 'done' ? { kind, folderId: answer.value } : undefined;
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
          vscode.l10n.t('What is in the trash can be restored until the server empties it, as a rule after 30 days.'),
        ];
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, title)) === title;
}
