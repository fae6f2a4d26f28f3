import * as vscode from 'vscode';
import { type Field, type FieldRef, isContent } from '../vault/fields';
import type { Codicon } from './codicon';
import type { CommandId } from './commands/titles';

/** Something that can be done with a value of an item. */
export interface ItemAction {
  readonly command: CommandId;
  readonly does: 'copy' | 'show' | 'open';
  /** The word in `viewItem` of a row that has such a value. */
  readonly value: 'username' | 'password' | 'totp' | 'cardNumber' | 'uri' | 'any';
  readonly fits: (ref: FieldRef) => boolean;
  /** For addresses that a browser may be sent to, and those alone. */
  readonly opens?: boolean;
  readonly icon: Codicon;
  /** Asked where the command is called without a row. */
  question(): string;
  /** Where it stands in the context menu, on rows of items and, where it is so said, of fields. */
  readonly menu: { readonly group: string; readonly onFields: boolean };
  /** On which rows there is a button for it, and where. */
  readonly inline?: { readonly group: string; readonly on: 'item' | 'field' };
  /** There is a button for it in the rows of a search. */
  readonly inSearch: boolean;
}

/**
 * All actions on items, the likeliest first: `viewItem` of the rows, their menus and buttons, those of a search and the
 * commands follow from it. A test compares the manifest.
 */
export const itemActions = [
  {
    command: 'vaultside.copyPassword',
    does: 'copy',
    value: 'password',
    fits: (ref) => isContent(ref, 'password'),
    icon: 'key',
    question: () => vscode.l10n.t('Copy the password of which item?'),
    menu: { group: '1_copy@1', onFields: false },
    inline: { group: 'inline@2', on: 'item' },
    inSearch: true,
  },
  {
    command: 'vaultside.copyUsername',
    does: 'copy',
    value: 'username',
    fits: (ref) => isContent(ref, 'username'),
    icon: 'account',
    question: () => vscode.l10n.t('Copy the username of which item?'),
    menu: { group: '1_copy@2', onFields: false },
    inline: { group: 'inline@1', on: 'item' },
    inSearch: true,
  },
  {
    command: 'vaultside.copyTotp',
    does: 'copy',
    value: 'totp',
    fits: (ref) => isContent(ref, 'totp'),
    icon: 'watch',
    question: () => vscode.l10n.t('Copy the TOTP code (authenticator code) of which item?'),
    menu: { group: '1_copy@3', onFields: false },
    inSearch: true,
  },
  {
    command: 'vaultside.copyCardNumber',
    does: 'copy',
    value: 'cardNumber',
    fits: (ref) => isContent(ref, 'number'),
    icon: 'credit-card',
    question: () => vscode.l10n.t('Copy the number of which card?'),
    menu: { group: '1_copy@4', onFields: false },
    inSearch: true,
  },
  {
    command: 'vaultside.copyField',
    does: 'copy',
    value: 'any',
    fits: () => true,
    icon: 'copy',
    question: () => vscode.l10n.t('Copy a field of which item?'),
    menu: { group: '1_copy@5', onFields: true },
    inline: { group: 'inline@1', on: 'field' },
    inSearch: false,
  },
  {
    command: 'vaultside.showField',
    does: 'show',
    value: 'any',
    fits: () => true,
    icon: 'eye',
    question: () => vscode.l10n.t('Show a field of which item?'),
    menu: { group: '2_show@1', onFields: true },
    inSearch: false,
  },
  {
    command: 'vaultside.openInBrowser',
    does: 'open',
    value: 'uri',
    fits: ({ kind }) => kind === 'uri',
    opens: true,
    icon: 'link-external',
    question: () => vscode.l10n.t('Open the address of which item?'),
    menu: { group: '2_show@2', onFields: true },
    inSearch: true,
  },
] as const satisfies readonly ItemAction[];

export type ItemCommand = (typeof itemActions)[number]['command'];

export function itemAction(command: ItemCommand): ItemAction {
  const found = itemActions.find((action) => action.command === command);
  if (found === undefined) throw new TypeError(command);
  return found;
}

/** What can be done with a value of an item. */
export function actionsOn({ ref, state, opens }: Field): readonly ItemAction[] {
  if (state !== 'there') return [];
  return itemActions.filter((action: ItemAction) => action.fits(ref) && (action.opens !== true || opens));
}

/** What the menus of a row go by: `item.password.uri.any`. */
export function viewItem(row: 'item' | 'field', actions: readonly Pick<ItemAction, 'value'>[]): string {
  return [row, ...new Set(actions.map(({ value }) => value))].join('.');
}

interface MenuEntry {
  readonly command: ItemCommand;
  readonly when: string;
  readonly group: string;
}

/** What `view/item/context` of the manifest has to hold. */
export function itemMenu(): readonly MenuEntry[] {
  const entry = (command: ItemCommand, rows: string, value: string, group: string) => ({
    command,
    when: `view == vaultside.vault && viewItem =~ /${rows}\\b${value}\\b/`,
    group,
  });
  return itemActions.flatMap(({ command, value, menu, ...rest }) => [
    ...('inline' in rest ? [entry(command, `^${rest.inline.on}\\b.*`, value, rest.inline.group)] : []),
    entry(command, menu.onFields ? '' : '^item\\b.*', value, menu.group),
  ]);
}
