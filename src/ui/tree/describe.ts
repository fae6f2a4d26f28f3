import type * as vscode from 'vscode';
import type { Group } from '../../vault/groups';
import { actionsOf, fieldFits, type Item } from '../../vault/items';
import { fieldLabel, itemIcon, itemName, MASK, typeGroupName, typeName } from '../labels';
import { printable } from '../untrustedText';
import { FILTERED, type FieldNode, type ItemNode, type VaultNode } from './nodes';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** A row of the tree, as plain data. No part of it ever holds a secret. */
export interface Row {
  readonly label: string;
  readonly description: string | undefined;
  readonly icon: string | undefined;
  readonly tooltip: string;
  readonly contextValue: string;
  readonly accessibilityLabel: string;
  readonly expands: boolean;
}

/** @param openValue what of a field may stand in a list; undefined for everything else. */
export function describeNode(node: VaultNode, openValue: (node: FieldNode) => string | undefined, l10n: L10n): Row {
  switch (node.kind) {
    case 'group':
      return group(node.group, l10n);
    case 'page': {
      const { first, last, items } = node.page;
      const label = `${shortened(itemName(first, l10n))} – ${shortened(itemName(last, l10n))}`;
      return counted(label, items.length, undefined, 'page', l10n);
    }
    case 'item':
      return item(node, l10n);
    case 'field':
      return field(node, openValue(node), l10n);
  }
}

function group(group: Group, l10n: L10n): Row {
  return counted(groupLabel(group, l10n), group.count, groupIcon(group), `group.${group.kind}`, l10n);
}

function counted(label: string, count: number, icon: string | undefined, contextValue: string, l10n: L10n): Row {
  const items = count === 1 ? l10n.t('1 item') : l10n.t('{0} items', count);
  return {
    label,
    description: String(count),
    icon,
    tooltip: `${label}, ${items}`,
    contextValue,
    accessibilityLabel: `${label}, ${items}`,
    expands: count > 0,
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

function groupIcon(group: Group): string {
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

function item({ item, path }: ItemNode, l10n: L10n): Row {
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
    // What the menus may offer; `viewItem` in package.json looks for these words.
    contextValue: ['item', ...actionsOf(item)].join('.'),
    accessibilityLabel: [name, typeName(item.type, l10n), username, ...notes].filter((part) => part !== '').join(', '),
    expands: !item.unsupported,
  };
}

function itemNotes(item: Item, l10n: L10n): string[] {
  return [
    ...(item.favorite ? [l10n.t('favourite')] : []),
    ...(item.unsupported ? [l10n.t('open it in the web vault: Vaultside does not know its encryption')] : []),
    ...(item.reprompt ? [l10n.t('asks for the master password')] : []),
    ...(item.viewPassword ? [] : [l10n.t('passwords hidden by your organisation')]),
    ...putAway(item, l10n),
  ];
}

function putAway({ archived, trashed }: Item, l10n: L10n): string[] {
  return [...(archived ? [l10n.t('archived')] : []), ...(trashed ? [l10n.t('in the trash')] : [])];
}

function field({ field }: FieldNode, openValue: string | undefined, l10n: L10n): Row {
  const label = fieldLabel(field, l10n);
  const value = openValue === undefined ? undefined : printable(openValue);
  const spoken = field.withheld ? l10n.t('hidden by your organisation') : (value ?? l10n.t('hidden'));
  return {
    label,
    description: field.withheld ? l10n.t('hidden by your organisation') : (value ?? MASK),
    icon: field.withheld ? 'eye-closed' : undefined,
    tooltip: `${label}: ${spoken}`,
    contextValue: field.withheld ? 'field.withheld' : fieldFits(field, 'uri') ? 'field.uri' : 'field.value',
    accessibilityLabel: `${label}, ${spoken}`,
    expands: false,
  };
}

function shortened(name: string): string {
  return name.length > 16 ? `${name.slice(0, 15)}…` : name;
}
