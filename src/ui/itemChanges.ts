import * as vscode from 'vscode';
import { applies, isAllowed, type ItemChangeKind, type Rights } from '../vault/edit/itemChange';
import type { Item } from '../vault/items';
import type { Codicon } from './codicon';
import type { CommandId } from './commands/commandId';

/** Something that a user can do with items as a whole. */
export interface ItemChangeCommand {
  readonly command: CommandId;
  /** Also the word in `viewItem` of a row with which it can be done. */
  readonly kind: ItemChangeKind;
  readonly icon: Codicon;
  /** The place in the context menu of items. */
  readonly group: string;
  /** The question that is asked when the command is called without a row. */
  question(): string;
}

/** All of them. The menus of the rows and the commands are made from this list. */
export const itemChanges = [
  {
    command: 'vaultside.addToFavorites',
    kind: 'favorite',
    icon: 'star-add',
    group: '4_change@1',
    question: () => vscode.l10n.t('Add which item to your favorites?'),
  },
  {
    command: 'vaultside.removeFromFavorites',
    kind: 'unfavorite',
    icon: 'star-delete',
    group: '4_change@1',
    question: () => vscode.l10n.t('Remove which item from your favorites?'),
  },
  {
    command: 'vaultside.moveToFolder',
    kind: 'move',
    icon: 'folder-opened',
    group: '4_change@2',
    question: () => vscode.l10n.t('Move which item to another folder?'),
  },
  {
    command: 'vaultside.archiveItem',
    kind: 'archive',
    icon: 'archive',
    group: '4_change@3',
    question: () => vscode.l10n.t('Archive which item?'),
  },
  {
    command: 'vaultside.unarchiveItem',
    kind: 'unarchive',
    icon: 'inbox',
    group: '4_change@3',
    question: () => vscode.l10n.t('Take which item out of the archive?'),
  },
  {
    command: 'vaultside.restoreItem',
    kind: 'restore',
    icon: 'discard',
    group: '5_trash@1',
    question: () => vscode.l10n.t('Restore which item from the trash?'),
  },
  {
    command: 'vaultside.moveToTrash',
    kind: 'trash',
    icon: 'trash',
    group: '5_trash@2',
    question: () => vscode.l10n.t('Move which item to the trash?'),
  },
  {
    command: 'vaultside.deleteItem',
    kind: 'delete',
    icon: 'trash',
    group: '5_trash@3',
    question: () => vscode.l10n.t('Delete which item permanently?'),
  },
] as const satisfies readonly ItemChangeCommand[];

export type ChangeCommand = (typeof itemChanges)[number]['command'];

/** What can be done with an item. @param rights undefined: it is gone. */
export function changesOf(item: Item, rights: Rights | undefined): readonly ItemChangeKind[] {
  if (rights === undefined) return [];
  return itemChanges.map(({ kind }) => kind).filter((kind) => applies(kind, item) && isAllowed(kind, rights));
}
