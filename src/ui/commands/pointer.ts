/** What a command was called on. The tree hands over an ItemNode or a FieldNode; other extensions may send anything. */
export function pointerOf(argument: unknown): { itemId: string; fieldKey: string | undefined } | undefined {
  const itemId = text(member(argument, 'item'), 'id');
  return itemId === undefined ? undefined : { itemId, fieldKey: text(member(argument, 'field'), 'key') };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}
