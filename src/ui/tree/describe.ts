import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { Field } from '../../vault/fields';
import type { Rights } from '../../vault/edit/itemChange';
import type { Group } from '../../vault/groups';
import type { Listed } from '../../vault/items';
import type { Wanted } from '../../vault/itemFields';
import type { ReadableVault } from '../../vault/read';
import { mayChangeFiles } from '../attachments/fileRights';
import type { Codicon, ItemIcon } from '../codicon';
import { actionsOn, valueKinds, viewItem } from '../itemActions';
import { changesOf } from '../itemChanges';
import { itemIcon, typeGroupName, typeName } from '../itemWords';
import { fieldLabel, fieldNote, itemName, itemNotes, itemsInWords, MASK, putAway, shownValue } from '../labels';
import { openUsername, openValue } from '../presentation';
import { isShared, mayShare } from '../sharing';
import { FILTERED, type FieldNode, type ItemNode, type VaultNode } from './nodes';

/**
 * A row of the tree, as plain data. No part of it ever holds a secret, but for the one-time code in the description of a row
 * that is seen.
 */
export interface Row {
  readonly label: string;
  readonly description: string | undefined;
  readonly icon: ItemIcon | undefined;
  readonly tooltip: string;
  readonly contextValue: string;
  readonly accessibilityLabel: string;
  readonly expands: boolean;
}

/** What rows need to know of the vault beside their node. */
export interface DescribedVault extends ReadableVault, Pick<Listed, 'collections'> {
  hasFields(itemId: string): boolean;
  hasAttachments(itemId: string): boolean;
  rights(itemId: string): Rights | undefined;
  thoseThere<W extends Wanted>(itemId: string, wanted: readonly W[]): readonly W[];
}

/**
 * @param vault undefined when it has just been locked.
 * @param code the one-time code that a row shows, in words: see LiveCodes.
 */
export function describeNode(node: VaultNode, vault: DescribedVault | undefined, code?: string): Row {
  switch (node.kind) {
    case 'group':
      return group(node.group);
    case 'page': {
      const { first, last, items } = node.page;
      const label = `${printable(itemName(first), 16)} – ${printable(itemName(last), 16)}`;
      return counted(label, items.length, items.length > 0, undefined, 'page');
    }
    case 'item':
      return item(node, vault);
    case 'field':
      return field(node, vault, code);
  }
}

function group(group: Group): Row {
  const { count, children } = group;
  // A folder of empty folders can be opened, too.
  const expands = count > 0 || children.length > 0;
  // Where only the names of other folders begin so, there is no folder to be renamed.
  const own = group.kind === 'folder' && group.ids.length > 0 ? '.own' : '';
  const row = counted(groupLabel(group), count, expands, groupIcon(group), `group.${group.kind}${own}`);
  const below = groupsBelow(group);
  if (below === undefined) return row;
  const spoken = `${row.label}, ${below.inWords}, ${itemsInWords(count)}`;
  return { ...row, description: String(below.number), tooltip: spoken, accessibilityLabel: spoken };
}

/** What the number beside "Folders", "Organizations" and "Types" counts: these, as the word says, and not the items in them. */
function groupsBelow({ kind, children }: Group): { readonly number: number; readonly inWords: string } | undefined {
  switch (kind) {
    case 'folders': {
      const number = foldersIn(children);
      return { number, inWords: number === 1 ? vscode.l10n.t('1 folder') : vscode.l10n.t('{0} folders', number) };
    }
    case 'organizations': {
      const { length: number } = children;
      const inWords = number === 1 ? vscode.l10n.t('1 organization') : vscode.l10n.t('{0} organizations', number);
      return { number, inWords };
    }
    case 'types': {
      const { length: number } = children;
      return { number, inWords: number === 1 ? vscode.l10n.t('1 type') : vscode.l10n.t('{0} types', number) };
    }
    case 'favorites':
    case 'allItems':
    case 'folder':
    case 'noFolder':
    case 'organization':
    case 'collection':
    case 'type':
    case 'archive':
    case 'trash':
      return undefined;
  }
}

function foldersIn(groups: readonly Group[]): number {
  return groups.reduce((sum, { kind, children }) => sum + (kind === 'folder' ? 1 : 0) + foldersIn(children), 0);
}

function counted(
  label: string,
  count: number,
  expands: boolean,
  icon: ItemIcon | undefined,
  contextValue: string,
): Row {
  const items = itemsInWords(count);
  return {
    label,
    description: String(count),
    icon,
    tooltip: `${label}, ${items}`,
    contextValue,
    accessibilityLabel: `${label}, ${items}`,
    expands,
  };
}

function groupLabel(group: Group): string {
  switch (group.kind) {
    case 'favorites':
      return vscode.l10n.t('Favorites');
    case 'allItems':
      return vscode.l10n.t('All Items');
    case 'folders':
      return vscode.l10n.t('Folders');
    case 'noFolder':
      return vscode.l10n.t('No folder');
    case 'organizations':
      return vscode.l10n.t('Organizations');
    case 'types':
      return vscode.l10n.t('Types');
    case 'archive':
      return vscode.l10n.t('Archive');
    case 'trash':
      return vscode.l10n.t('Trash');
    case 'type':
      return typeGroupName(group.type);
    case 'folder':
    case 'organization':
    case 'collection':
      return printable(group.name) || vscode.l10n.t('(no name)');
  }
}

function groupIcon(group: Group): ItemIcon {
  switch (group.kind) {
    case 'favorites':
      return 'star-full';
    case 'allItems':
      return 'list-unordered';
    case 'folders':
    case 'folder':
    case 'noFolder':
      return 'folder';
    case 'organizations':
    case 'organization':
      return 'organization';
    case 'collection':
      return 'library';
    case 'types':
      return 'list-tree';
    case 'archive':
      return 'archive';
    case 'trash':
      return 'trash';
    case 'type':
      return itemIcon(group.type);
  }
}

function item({ item, path }: ItemNode, vault: DescribedVault | undefined): Row {
  const name = itemName(item);
  const username = openUsername(item);
  // What a filter has found is one list, so each row says whether its item is archived or in the trash.
  const place = path.startsWith(FILTERED) ? putAway(item) : [];
  const notes = itemNotes(item);
  return {
    label: name,
    description: [...(username === '' ? [] : [username]), ...place].join(' · ') || undefined,
    icon: itemIcon(item.type),
    tooltip: [name, username, typeName(item.type), ...notes].filter((line) => line !== '').join('\n'),
    contextValue: viewItem('item', vault?.thoseThere(item.id, valueKinds) ?? [], [
      ...changesOf(item, vault?.rights(item.id)),
      ...(item.closed === undefined && vault?.hasAttachments(item.id) === true ? (['files'] as const) : []),
      ...(mayChangeFiles(item, vault?.rights(item.id)) ? (['mayAttach'] as const) : []),
      ...(vault !== undefined && mayShare(vault, item) ? (['mayShare'] as const) : []),
      ...(isShared(item) ? (['shared'] as const) : []),
    ]),
    accessibilityLabel: [name, typeName(item.type), username, ...notes].filter((part) => part !== '').join(', '),
    expands: vault?.hasFields(item.id) === true,
  };
}

function field({ field, item }: FieldNode, vault: DescribedVault | undefined, code: string | undefined): Row {
  const label = fieldLabel(field);
  const listed = vault && openValue(vault, item, field);
  const value = listed === undefined ? undefined : shownValue(field, listed);
  const note = fieldNote(field);
  const isLive = note === undefined && value === undefined && code !== undefined;
  // Whoever hears it has to know that a code is there for all to see. The digits change too often to be said.
  const spoken = note ?? value ?? (isLive ? vscode.l10n.t('shown live') : vscode.l10n.t('hidden'));
  return {
    label,
    description: field.state === 'empty' ? undefined : (note ?? value ?? code ?? MASK),
    icon: fieldIcon(field),
    tooltip: isLive ? label : `${label}: ${spoken}`,
    contextValue: viewItem('field', actionsOn(field)),
    accessibilityLabel: `${label}, ${spoken}`,
    expands: false,
  };
}

function fieldIcon({ state }: Field): Codicon | undefined {
  switch (state) {
    case 'withheld':
      return 'eye-closed';
    case 'linked':
      return 'link';
    case 'unreadable':
      return 'warning';
    case 'there':
    case 'empty':
      return undefined;
  }
}
