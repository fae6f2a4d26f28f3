import type { FieldRef } from '../../vault/fields';

/** What the key bindings of the tree pass as argument: VS Code does not tell them the row. */
export const FROM_FOCUS = 'focus';

/** What a command was called on. The tree hands over an ItemNode or a FieldNode; other extensions may send anything. */
export function rowArgument(argument: unknown): { itemId: string; ref: FieldRef | undefined } | undefined {
  const itemId = member(member(argument, 'item'), 'id');
  if (typeof itemId !== 'string') return undefined;
  return { itemId, ref: refFrom(member(member(argument, 'field'), 'ref')) };
}

/** The id of the item that a command was called on as a whole, by its row. */
export function itemArgument(argument: unknown): string | undefined {
  return member(argument, 'field') === undefined ? rowArgument(argument)?.itemId : undefined;
}

/**
 * The folder that a command was called on, by its row.
 *
 * @returns `ids` is empty where only the names of other folders begin so.
 */
export function folderArgument(argument: unknown): { fullName: string; ids: readonly string[] } | undefined {
  const group = member(argument, 'group');
  const [fullName, ids] = [member(group, 'fullName'), member(group, 'ids')];
  if (member(group, 'kind') !== 'folder' || typeof fullName !== 'string' || !Array.isArray(ids)) return undefined;
  return { fullName, ids: ids.filter((id) => typeof id === 'string') };
}

function refFrom(value: unknown): FieldRef | undefined {
  const [kind, name, index] = [member(value, 'kind'), member(value, 'name'), member(value, 'index')];
  if (kind === 'notes') return { kind };
  if (kind === 'content' && typeof name === 'string') return { kind, name };
  if ((kind === 'uri' || kind === 'custom') && typeof index === 'number') return { kind, index };
  return undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
