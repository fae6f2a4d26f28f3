import type * as vscode from 'vscode';
import { printable } from '../base/printable';
import type { Field } from '../vault/fields';
import type { Item } from '../vault/items';
import { fieldWord } from './fieldWords';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** Of one length for every secret, so that it tells nothing. */
export const MASK = '••••••••';

export function itemName({ name, closed }: Pick<Item, 'name' | 'closed'>, l10n: L10n): string {
  if (name !== undefined) return printable(name) || l10n.t('(no name)');
  return closed === undefined ? l10n.t('(name cannot be read)') : l10n.t('(cannot be opened)');
}

export function fieldLabel({ ref, customName }: Pick<Field, 'ref' | 'customName'>, l10n: L10n): string {
  switch (ref.kind) {
    case 'content':
      return fieldWord(ref.name, l10n);
    case 'uri':
      return ref.index === 0 ? l10n.t('Address') : l10n.t('Address {0}', ref.index + 1);
    case 'notes':
      return l10n.t('Notes');
    case 'custom':
      if (customName === undefined) return l10n.t('(name cannot be read)');
      return printable(customName) || l10n.t('(no name)');
  }
}

/** What a linked field stands for. */
export function linkedLabel({ linkedTo }: Pick<Field, 'linkedTo'>, l10n: L10n): string {
  return linkedTo === undefined ? l10n.t('an unknown field') : fieldWord(linkedTo, l10n);
}

/** What a field has instead of a value that could be read; undefined where it has one. */
export function fieldNote(field: Field, l10n: L10n): string | undefined {
  switch (field.state) {
    case 'there':
      return undefined;
    case 'empty':
      return l10n.t('no value');
    case 'withheld':
      return l10n.t('hidden by your organisation');
    case 'unreadable':
      return l10n.t('cannot be opened');
    case 'linked':
      return l10n.t('linked to {0}', linkedLabel(field, l10n));
  }
}
