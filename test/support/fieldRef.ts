import {
  contentRef,
  customRef,
  type FieldRef,
  formerPasswordRef,
  notesRef,
  refKey,
  uriRef,
} from '../../src/vault/fields';

/** References as tests write them down: `password`, `uri.0`, `custom.2`, `notes`, `number`, `formerPassword.0`. */
export function fieldRef(text: string): FieldRef {
  const [kind, index] = text.split('.');
  if (kind === 'uri') return uriRef(Number(index));
  if (kind === 'custom') return customRef(Number(index));
  if (kind === 'formerPassword') return formerPasswordRef(Number(index));
  return text === 'notes' ? notesRef : contentRef(text);
}

/** The reverse of {@link fieldRef}. */
export function refText(ref: FieldRef): string {
  return refKey(ref).replace(/^content\./, '');
}
