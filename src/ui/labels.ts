import * as vscode from 'vscode';
import { printable } from '../base/printable';
import type { Field } from '../vault/fields';
import type { Item } from '../vault/items';
import { fieldWord } from './itemWords';
import { openUsername } from './presentation';

/** Shown in the place of a secret. Always of the same length, so that it does not tell how long the secret is. */
export const MASK = '••••••••';

export function itemName({ name, closed }: Pick<Item, 'name' | 'closed'>): string {
  if (name !== undefined) return printable(name) || vscode.l10n.t('(no name)');
  return closed === undefined ? vscode.l10n.t('(name cannot be read)') : vscode.l10n.t('(cannot be opened)');
}

export function itemsInWords(count: number): string {
  return count === 1 ? vscode.l10n.t('1 item') : vscode.l10n.t('{0} items', count);
}

/** What is special about an item. */
export function itemNotes(item: Item): string[] {
  return [
    ...(item.favorite ? [vscode.l10n.t('favorite')] : []),
    ...(item.closed === 'unsupported'
      ? [vscode.l10n.t('open it in the web vault: Vaultside does not know its encryption')]
      : []),
    ...(item.closed === 'noKey' ? [vscode.l10n.t('cannot be opened: none of your keys fits')] : []),
    ...(item.reprompt ? [vscode.l10n.t('asks for the master password')] : []),
    ...(item.viewPassword ? [] : [vscode.l10n.t('passwords hidden by your organization')]),
    ...putAway(item),
  ];
}

/** Where an item is when it is not among the others. One that was archived before it was deleted is in the trash. */
export function putAway({ archived, trashed }: Pick<Item, 'archived' | 'trashed'>): string[] {
  if (trashed) return [vscode.l10n.t('in the trash')];
  return archived ? [vscode.l10n.t('archived')] : [];
}

export function fieldLabel({ ref, customName }: Pick<Field, 'ref' | 'customName'>): string {
  switch (ref.kind) {
    case 'content':
      return fieldWord(ref.name);
    case 'uri':
      return ref.index === 0 ? vscode.l10n.t('Website') : vscode.l10n.t('Website {0}', ref.index + 1);
    case 'notes':
      return vscode.l10n.t('Notes');
    case 'formerPassword':
      return vscode.l10n.t('Former password');
    case 'custom':
      if (customName === undefined) return vscode.l10n.t('(name cannot be read)');
      return printable(customName) || vscode.l10n.t('(no name)');
  }
}

/**
 * A value and whose it is, as in "Password of GitHub (robin-demo)": short enough for a notice, and no more than the rows
 * of item and field show.
 */
export function whoseValue(item: Item, field: Pick<Field, 'ref' | 'customName'>): string {
  const [label, name] = [printable(fieldLabel(field), LONGEST_PART), printable(itemName(item), LONGEST_PART)];
  const username = printable(openUsername(item), LONGEST_PART);
  return username === ''
    ? vscode.l10n.t('{0} of {1}', label, name)
    : vscode.l10n.t('{0} of {1} ({2})', label, name, username);
}

/** In characters, of each name in a notice. */
const LONGEST_PART = 40;

/** @param what see whoseValue. */
export function copiedWords(what: string): string {
  return vscode.l10n.t('{0} copied', what);
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
      return vscode.l10n.t('hidden by your organization');
    case 'unreadable':
      return vscode.l10n.t('cannot be opened');
    case 'linked':
      return vscode.l10n.t('linked to {0}', linkedLabel(field));
  }
}

/** Of a field that is no secret: what is shown of its value in one line. */
export function shownValue({ isBoolean }: Field, value: string): string {
  if (!isBoolean) return printable(value);
  return value === 'true' ? vscode.l10n.t('Yes') : vscode.l10n.t('No');
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

export function formatDate(milliseconds: number): string {
  return new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium' }).format(milliseconds);
}

export function sizeInWords(bytes: number): string {
  const format = (value: number, unit: string) =>
    new Intl.NumberFormat(vscode.env.language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
  if (bytes < 1_000) return format(bytes, 'byte');
  return bytes < 1_000_000 ? format(bytes / 1_000, 'kilobyte') : format(bytes / 1_000_000, 'megabyte');
}
