import * as vscode from 'vscode';
import { printable } from '../base/printable';
import type { Field } from '../vault/fields';
import type { Item } from '../vault/items';
import { fieldWord } from './itemWords';

/** Shown in the place of a secret. Always of the same length, so that it does not tell how long the secret is. */
export const MASK = '••••••••';

export function itemName({ name, closed }: Pick<Item, 'name' | 'closed'>): string {
  if (name !== undefined) return printable(name) || vscode.l10n.t('(no name)');
  return closed === undefined ? vscode.l10n.t('(name cannot be read)') : vscode.l10n.t('(cannot be opened)');
}

export function fieldLabel({ ref, customName }: Pick<Field, 'ref' | 'customName'>): string {
  switch (ref.kind) {
    case 'content':
      return fieldWord(ref.name);
    case 'uri':
      return ref.index === 0 ? vscode.l10n.t('Address') : vscode.l10n.t('Address {0}', ref.index + 1);
    case 'notes':
      return vscode.l10n.t('Notes');
    case 'custom':
      if (customName === undefined) return vscode.l10n.t('(name cannot be read)');
      return printable(customName) || vscode.l10n.t('(no name)');
  }
}

/** The name of the field that a linked field refers to. */
export function linkedLabel({ linkedTo }: Pick<Field, 'linkedTo'>): string {
  return linkedTo === undefined ? vscode.l10n.t('an unknown field') : fieldWord(linkedTo);
}

/** What is shown where a field has no value that can be read. Undefined for a field that has one. */
export function fieldNote(field: Field): string | undefined {
  switch (field.state) {
    case 'there':
      return undefined;
    case 'empty':
      return vscode.l10n.t('no value');
    case 'withheld':
      return vscode.l10n.t('hidden by your organisation');
    case 'unreadable':
      return vscode.l10n.t('cannot be opened');
    case 'linked':
      return vscode.l10n.t('linked to {0}', linkedLabel(field));
  }
}

/** A time of today as "14:32", any other with its date. */
export function formatTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(vscode.env.language, {
    ...(today ? {} : { dateStyle: 'medium' as const }),
    timeStyle: 'short',
  }).format(date);
}
