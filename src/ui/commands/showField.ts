import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import type { Reveal } from '../reveal';
import { targetOf } from './target';

export async function showField(session: Session, reveal: Reveal, argument: unknown): Promise<void> {
  const target = await targetOf(session, argument, 'any', vscode.l10n.t('Show a field of which item?'));
  if (target !== undefined) await reveal.show(target.vault, target.item, target.field);
}
