import { groupTree, pageItems, type Group, type Page } from '../../vault/groups';
import { type Field, refKey } from '../../vault/fields';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';

/** `path` tells nodes apart, since one item may be in several groups. It may contain names of folders. */
export type VaultNode = GroupNode | PageNode | ItemNode | FieldNode;

/** The first part of the paths of what a filter has found. */
export const FILTERED = 'filter';

export interface GroupNode {
  readonly kind: 'group';
  readonly path: string;
  readonly group: Group;
}

/** Part of a list that is too long to be shown at once. */
export interface PageNode {
  readonly kind: 'page';
  readonly path: string;
  readonly page: Page;
}

export interface ItemNode {
  readonly kind: 'item';
  readonly path: string;
  readonly item: Item;
}

export interface FieldNode {
  readonly kind: 'field';
  readonly path: string;
  readonly item: Item;
  readonly field: Field;
}

export async function groupNodes(vault: OpenVault): Promise<readonly VaultNode[]> {
  return (await groupTree(vault)).map((group) => ({ kind: 'group', path: group.id, group }));
}

export function childNodes(node: VaultNode, vault: OpenVault): readonly VaultNode[] {
  switch (node.kind) {
    case 'group':
      return [
        ...node.group.children.map((group) => ({ kind: 'group', path: `${node.path}/${group.id}`, group }) as const),
        ...itemNodes(node.group.items, node.path),
      ];
    case 'page':
      return node.page.items.map((item) => itemNode(item, node.path));
    case 'item':
      return vault
        .fields(node.item.id)
        .map((field) => ({ kind: 'field', path: `${node.path}/${refKey(field.ref)}`, item: node.item, field }));
    case 'field':
      return [];
  }
}

/** The items themselves, or pages of them when they are many. */
export function itemNodes(items: readonly Item[], path: string): readonly VaultNode[] {
  const pages = pageItems(items);
  if (pages === undefined) return items.map((item) => itemNode(item, path));
  return pages.map((page, index) => ({ kind: 'page', path: `${path}/${index}`, page }));
}

function itemNode(item: Item, path: string): ItemNode {
  return { kind: 'item', path: `${path}/${item.id}`, item };
}
