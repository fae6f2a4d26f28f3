import type * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { Field } from '../../vault/fields';
import type { Group } from '../../vault/groups';
import type { Item } from '../../vault/items';
import { listedValue, type ReadableVault, type Wanted } from '../../vault/read';
import type { Codicon } from '../codicon';
import { actionsOn, itemActions, viewItem } from '../itemActions';
import { itemIcon, typeGroupName, typeName } from '../itemTypeWords';
import { fieldLabel, fieldNote, itemName, MASK } from '../labels';
import { FILTERED, type FieldNode, type ItemNode, type VaultNode } from './nodes';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** A row of the tree, as plain data. No part of it ever holds a secret. */
export interface Row {
  readonly label: string;
  readonly description: string | undefined;
  readonly icon: Codicon | undefined;
  readonly tooltip: string;
  readonly contextValue: string;
  readonly accessibilityLabel: string;
  readonly expands: boolean;
}

/** What rows need to know of the vault beside their node. */
export interface DescribedVault extends ReadableVault {
  hasFields(itemId: string): boolean;
  thoseThere<W extends Wanted>(itemId: string, wanted: readonly W[]): readonly W[];
}

/** @param vault undefined when it has just been locked. */
export function describeNode(node: VaultNode, vault: DescribedVault | undefined, l10n: L10n): Row {
  switch (node.kind) {
    case 'group':
      return group(node.group, l10n);
    case 'page': {
      const { first, last, items } = node.page;
      const label = `${printable(itemName(first, l10n), 16)} – ${printable(itemName(last, l10n), 16)}`;
      return counted(label, items.length, items.length > 0, undefined, 'page', l10n);
    }
    case 'item':
      return item(node, vault, l10n);
    case 'field':
      return field(node, vault, l10n);
  }
}

function group(group: Group, l10n: L10n): Row {
  const { count, children } = group;
  // A folder of empty folders can be opened, too.
  const expands = count > 0 || children.length > 0;
  return counted(groupLabel(group, l10n), count, expands, groupIcon(group), `group.${group.kind}`, l10n);
}

function counted(
  label: string,
  count: number,
  expands: boolean,
  icon: Codicon | undefined,
  contextValue: string,
  l10n: L10n,
): Row {
  const items = count === 1 ? l10n.t('1 item') : l10n.t('{0} items', count);
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

function groupLabel(group: Group, l10n: L10n): string {
  switch (group.kind) {
    case 'favorites':
      return l10n.t('Favourites');
    case 'folders':
      return l10n.t('Folders');
    case 'noFolder':
      return l10n.t('No folder');
    case 'organizations':
      return l10n.t('Organisations');
    case 'types':
      return l10n.t('Types');
    case 'archive':
      return l10n.t('Archive');
    case 'trash':
      return l10n.t('Trash');
    case 'type':
      return typeGroupName(group.type, l10n);
    case 'folder':
    case 'organization':
    case 'collection':
      return printable(group.name) || l10n.t('(no name)');
  }
}

function groupIcon(group: Group): Codicon {
  switch (group.kind) {
    case 'favorites':
      return 'star-full';
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

function item({ item, path }: ItemNode, vault: DescribedVault | undefined, l10n: L10n): Row {
  const name = itemName(item, l10n);
  const username = printable(item.username ?? '');
  // Among what a filter found, these look like any other.
  const place = path.startsWith(FILTERED) ? putAway(item, l10n) : [];
  const notes = itemNotes(item, l10n);
  return {
    label: name,
    description: [...(username === '' ? [] : [username]), ...place].join(' · ') || undefined,
    icon: itemIcon(item.type),
    tooltip: [name, username, typeName(item.type, l10n), ...notes].filter((line) => line !== '').join('\n'),
    contextValue: viewItem('item', vault?.thoseThere(item.id, itemActions) ?? []),
    accessibilityLabel: [name, typeName(item.type, l10n), username, ...notes].filter((part) => part !== '').join(', '),
    expands: vault?.hasFields(item.id) === true,
  };
}

function itemNotes(item: Item, l10n: L10n): string[] {
  return [
    ...(item.favorite ? [l10n.t('favourite')] : []),
    ...(item.closed === 'unsupported'
      ? [l10n.t('open it in the web vault: Vaultside does not know its encryption')]
      : []),
    ...(item.closed === 'noKey' ? [l10n.t('cannot be opened: none of your keys fits')] : []),
    ...(item.reprompt ? [l10n.t('asks for the master password')] : []),
    ...(item.viewPassword ? [] : [l10n.t('passwords hidden by your organisation')]),
    ...putAway(item, l10n),
  ];
}

function putAway({ archived, trashed }: Item, l10n: L10n): string[] {
  return [...(archived ? [l10n.t('archived')] : []), ...(trashed ? [l10n.t('in the trash')] : [])];
}

function field({ field, item }: FieldNode, vault: DescribedVault | undefined, l10n: L10n): Row {
  const label = fieldLabel(field, l10n);
  const listed = vault && listedValue(vault, item.id, field);
  const value = listed === undefined ? undefined : printable(listed);
  const note = fieldNote(field, l10n);
  const spoken = note ?? value ?? l10n.t('hidden');
  return {
    label,
    description: field.state === 'empty' ? undefined : (note ?? value ?? MASK),
    icon: fieldIcon(field),
    tooltip: `${label}: ${spoken}`,
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
