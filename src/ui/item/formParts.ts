import * as vscode from 'vscode';
import type { ItemPart } from '../../vault/edit/itemEdit';
import { fieldWord } from '../itemWords';

/** The part that a control is of. */
export function partOfKey(key: string): ItemPart {
  const [of = '', name = ''] = key.split('.');
  if (of === 'content') return { kind: 'content', name };
  if (of.startsWith('uri')) return { kind: 'uris' };
  if (of.startsWith('field')) return { kind: 'fields' };
  return { kind: of as 'name' | 'notes' | 'folder' | 'favorite' | 'reprompt' };
}

/** What a sentence calls it. */
export function partWord(part: ItemPart): string {
  switch (part.kind) {
    case 'name':
      return vscode.l10n.t('Name');
    case 'notes':
      return vscode.l10n.t('Notes');
    case 'folder':
      return vscode.l10n.t('Folder');
    case 'favorite':
      return vscode.l10n.t('Favorite');
    case 'reprompt':
      return vscode.l10n.t('Ask for the master password again');
    case 'uris':
      return vscode.l10n.t('Websites');
    case 'fields':
      return vscode.l10n.t('Custom fields');
    case 'content':
      return part.name === 'totp' ? vscode.l10n.t('Authenticator key') : fieldWord(part.name);
  }
}
