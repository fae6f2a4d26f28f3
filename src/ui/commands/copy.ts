import type { ItemAction } from '../../vault/items';
import type { Session } from '../../vault/session';
import type { Reveal } from '../reveal';
import { targetOf } from './target';

/** Copies a value of the item that the command was called on, or of one that the user picks. */
export async function copy(
  { session, reveal }: { session: Session; reveal: Reveal },
  argument: unknown,
  wanted: ItemAction | 'any',
  placeholder: string,
): Promise<void> {
  const target = await targetOf(session, argument, wanted, placeholder);
  if (target !== undefined) await reveal.copy(target.vault, target.item, target.field);
}
