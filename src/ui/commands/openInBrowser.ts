import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import type { Reveal } from '../reveal';
import { targetOf } from './target';

export async function openInBrowser(session: Session, reveal: Reveal, argument: unknown): Promise<void> {
  const target = await targetOf(session, argument, 'uri', vscode.l10n.t('Open the address of which item?'));
  if (target !== undefined) await reveal.open(target.vault, target.item, target.field);
}
