import type { FieldRef } from '../../vault/fields';

/** What a command was called on. The tree hands over an ItemNode or a FieldNode; other extensions may send anything. */
export function rowArgument(argument: unknown): { itemId: string; ref: FieldRef | undefined } | undefined {
  const itemId = member(member(argument, 'item'), 'id');
  if (typeof itemId !== 'string') return undefined;
  return { itemId, ref: refFrom(member(member(argument, 'field'), 'ref')) };
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
