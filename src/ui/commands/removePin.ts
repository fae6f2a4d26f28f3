import * as vscode from 'vscode';
import { noticeAbout } from '../accountNames';
import type { Parts } from './command';

export async function removePin({ sessions, session }: Pick<Parts, 'sessions' | 'session'>): Promise<void> {
  await session.removePin();
  const message = vscode.l10n.t('The PIN is removed. The master password unlocks.');
  void vscode.window.showInformationMessage(noticeAbout(message, sessions, session));
}
