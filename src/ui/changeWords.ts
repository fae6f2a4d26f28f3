import * as vscode from 'vscode';
import { printable } from '../base/printable';
import type { ItemChangeKind } from '../vault/edit/itemChange';
import type { Item } from '../vault/items';
import { itemName, itemsInWords } from './labels';

/** In characters. */
const LONGEST_NAME = 40;

/** The name of a single item, or how many they are. */
export function theItems(items: readonly Item[]): string {
  const [first, ...others] = items;
  return first !== undefined && others.length === 0
    ? printable(itemName(first), LONGEST_NAME)
    : itemsInWords(items.length);
}

/** @param what see theItems. */
export function changedWords(kind: ItemChangeKind, what: string): string {
  switch (kind) {
    case 'favorite':
      return vscode.l10n.t('{0} added to favorites', what);
    case 'unfavorite':
      return vscode.l10n.t('{0} removed from favorites', what);
    case 'move':
      return vscode.l10n.t('{0} moved', what);
    case 'archive':
      return vscode.l10n.t('{0} archived', what);
    case 'unarchive':
      return vscode.l10n.t('{0} taken out of the archive', what);
    case 'trash':
      return vscode.l10n.t('{0} moved to the trash', what);
    case 'restore':
      return vscode.l10n.t('{0} restored', what);
    case 'delete':
      return vscode.l10n.t('{0} deleted permanently', what);
  }
}

/** Where the vault could not be brought up to date after it. @param what see theItems. */
export function changedLaterWords(kind: ItemChangeKind, what: string): string {
  return vscode.l10n.t('{0}. The list shows it after the next sync.', changedWords(kind, what));
}

/** Why nothing is done with the items that were chosen, or with any. */
export function nothingToChange(kind: ItemChangeKind): string {
  switch (kind) {
    case 'favorite':
      return vscode.l10n.t('There is nothing to add to your favorites.');
    case 'unfavorite':
      return vscode.l10n.t('There is nothing to remove from your favorites.');
    case 'move':
      return vscode.l10n.t('There is nothing to move. Items in the trash have to be restored first.');
    case 'archive':
      return vscode.l10n.t('There is nothing to archive. Items in the trash have to be restored first.');
    case 'unarchive':
      return vscode.l10n.t('There is nothing to take out of the archive.');
    case 'trash':
      return vscode.l10n.t('There is nothing to move to the trash.');
    case 'restore':
      return vscode.l10n.t('There is nothing to restore from the trash.');
    case 'delete':
      return vscode.l10n.t('There is nothing to delete permanently. Items have to be moved to the trash first.');
  }
}

/** Where the organisation does not let the user. @param what see theItems. */
export function notAllowedWords(kind: ItemChangeKind, what: string): string {
  return kind === 'restore'
    ? vscode.l10n.t('Your organization does not let you restore {0}.', what)
    : vscode.l10n.t('Your organization does not let you delete {0}.', what);
}

export function leftWords(left: number, of: number): string {
  return vscode.l10n.t(
    '{0} not changed: gone, changed elsewhere, or not allowed by your organization.',
    partOf(left, of),
  );
}

/** As in "2 of 5 items". */
export function partOf(count: number, of: number): string {
  return vscode.l10n.t('{0} of {1}', count, itemsInWords(of));
}

/** @param made see changedWords. */
export function cancelledWords(made: string): string {
  return vscode.l10n.t('Canceled. {0}.', made);
}

/** @param made see changedWords. What was under way at the lock may be done as well. */
export function lockedWords(made: string): string {
  return vscode.l10n.t('The vault was locked before all was done. At least {0}.', made);
}
