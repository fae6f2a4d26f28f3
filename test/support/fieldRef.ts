import { contentRef, customRef, type FieldRef, notesRef, refKey, uriRef } from '../../src/vault/fields';

/** References as tests write them down: `password`, `uri.0`, `custom.2`, `notes`, `number`. */
export function fieldRef(text: string): FieldRef {
  const [kind, index] = text.split('.');
  if (kind === 'uri') return uriRef(Number(index));
  if (kind === 'custom') return customRef(Number(index));
  return text === 'notes' ? notesRef : contentRef(text);
}

/** The reverse of {@link fieldRef}. */
export function refText(ref: FieldRef): string {
  return refKey(ref).replace(/^content\./, '');
}
