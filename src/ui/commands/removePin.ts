import * as vscode from 'vscode';
import { noticeAbout } from '../accountNames';
import type { Parts } from './command';

export async function removePin({ sessions, session }: Pick<Parts, 'sessions' | 'session'>): Promise<void> {
  const hadPin = await session.hasPin();
  await session.removePin();
  const message = hadPin
    ? vscode.l10n.t('The PIN is removed. The master password unlocks.')
    : vscode.l10n.t('There is no PIN. The master password unlocks.');
  void vscode.window.showInformationMessage(noticeAbout(message, sessions, session));
}
