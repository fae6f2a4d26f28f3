import * as vscode from 'vscode';
import type { ItemType } from '../bitwarden/wire/itemTypes';
import { type Field, type FieldRef, isContent } from '../vault/fields';
import type { ItemChangeKind } from '../vault/edit/itemChange';
import type { Item } from '../vault/items';
import type { Codicon } from './codicon';
import type { CommandId } from './commands/commandId';

/** Something that a user can do with a value of an item. */
export interface ItemAction {
  readonly command: CommandId;
  /** `insert` types it at the cursors of a text editor, `terminal` into a terminal. */
  readonly does: 'copy' | 'show' | 'open' | 'insert' | 'terminal';
  /** The word in `viewItem` of a row that has such a value. */
  readonly value: 'username' | 'password' | 'totp' | 'cardNumber' | 'publicKey' | 'uri' | 'any';
  readonly fits: (ref: FieldRef) => boolean;
  /** The action is only for addresses that a browser may be sent to. */
  readonly opens?: boolean;
  readonly icon: Codicon;
  /** The question that is asked when the command is called without a row. */
  question(): string;
  /** The place of the action in the context menu of items and, if `onFields`, of fields. */
  readonly menu: { readonly group: string; readonly onFields: boolean };
  /**
   * On which rows there is a button for the action, and its place among the buttons. `without`: only on those that have
   * no such value, so that an item has one button for what people come for.
   */
  readonly inline?: {
    readonly group: string;
    readonly on: 'item' | 'field';
    readonly without?: ItemAction['value'];
  };
  /** The rows of a search have a button for the action. */
  readonly inSearch: boolean;
}

/**
 * All actions on items, the most likely first. The `viewItem` of the rows, their menus and buttons, the buttons of a
 * search and the commands are made from this list. A test compares package.json with it.
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
    inline: { group: 'inline@2', on: 'item', without: 'password' },
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
    inline: { group: 'inline@2', on: 'item' },
    inSearch: true,
  },
  {
    command: 'vaultside.copyPublicKey',
    does: 'copy',
    value: 'publicKey',
    fits: (ref) => isContent(ref, 'publicKey'),
    icon: 'key',
    question: () => vscode.l10n.t('Copy the public key of which item?'),
    menu: { group: '1_copy@5', onFields: false },
    inline: { group: 'inline@2', on: 'item' },
    inSearch: true,
  },
  {
    command: 'vaultside.copyField',
    does: 'copy',
    value: 'any',
    fits: () => true,
    icon: 'copy',
    question: () => vscode.l10n.t('Copy a field of which item?'),
    menu: { group: '1_copy@6', onFields: true },
    inline: { group: 'inline@1', on: 'field' },
    inSearch: false,
  },
  {
    command: 'vaultside.insertPassword',
    does: 'insert',
    value: 'password',
    fits: (ref) => isContent(ref, 'password'),
    icon: 'insert',
    question: () => vscode.l10n.t('Insert the password of which item?'),
    menu: { group: '2_insert@1', onFields: false },
    inSearch: false,
  },
  {
    command: 'vaultside.insertTotp',
    does: 'insert',
    value: 'totp',
    fits: (ref) => isContent(ref, 'totp'),
    icon: 'insert',
    question: () => vscode.l10n.t('Insert the TOTP code (authenticator code) of which item?'),
    menu: { group: '2_insert@2', onFields: false },
    inSearch: false,
  },
  {
    command: 'vaultside.insertField',
    does: 'insert',
    value: 'any',
    fits: () => true,
    icon: 'insert',
    question: () => vscode.l10n.t('Insert a field of which item?'),
    menu: { group: '2_insert@3', onFields: true },
    inSearch: false,
  },
  {
    command: 'vaultside.copyToTerminal',
    does: 'terminal',
    value: 'any',
    fits: () => true,
    icon: 'terminal',
    question: () => vscode.l10n.t('Copy a field of which item to the terminal?'),
    menu: { group: '2_insert@4', onFields: true },
    inSearch: false,
  },
  {
    command: 'vaultside.showField',
    does: 'show',
    value: 'any',
    fits: () => true,
    icon: 'eye',
    question: () => vscode.l10n.t('Show a field of which item?'),
    menu: { group: '3_show@1', onFields: true },
    inSearch: false,
  },
  {
    command: 'vaultside.openInBrowser',
    does: 'open',
    value: 'uri',
    fits: ({ kind }) => kind === 'uri',
    opens: true,
    icon: 'link-external',
    question: () => vscode.l10n.t('Open the website of which item?'),
    menu: { group: '3_show@2', onFields: true },
    inSearch: true,
  },
] as const satisfies readonly ItemAction[];

export type ItemCommand = (typeof itemActions)[number]['command'];

export function itemAction(command: ItemCommand): ItemAction {
  const found = itemActions.find((action) => action.command === command);
  if (found === undefined) throw new TypeError(command);
  return found;
}

/** One action for each kind of value: what a row has to look for. */
export const valueKinds: readonly ItemAction[] = itemActions.filter(
  ({ value }, at) => itemActions.findIndex((other) => other.value === value) === at,
);

/** What people come to an item for, by its type: the first of these values that it has. */
const mainValues: Readonly<Record<ItemType, readonly string[]>> = {
  login: ['password', 'totp', 'username'],
  secureNote: [],
  card: ['number'],
  identity: ['email', 'username', 'phone', 'lastName'],
  sshKey: ['publicKey'],
  bankAccount: ['accountNumber', 'iban'],
  driversLicense: ['licenseNumber'],
  passport: ['passportNumber'],
  unknown: [],
};

/**
 * The value that a key copies of an item whose row is in use, and that its page offers first. Undefined where nothing of
 * it can be read.
 *
 * @param fields of the item.
 */
export function mainField({ type }: Pick<Item, 'type'>, fields: readonly Field[]): Field | undefined {
  const there = fields.filter(({ state }) => state === 'there');
  const main = mainValues[type].map((name) => there.find(({ ref }) => isContent(ref, name)));
  const notes = type === 'secureNote' ? there.find(({ ref }) => ref.kind === 'notes') : undefined;
  return main.find((field) => field !== undefined) ?? notes ?? there.find(({ masked }) => masked) ?? there[0];
}

/** What can be done with a value of an item. */
export function actionsOn({ ref, state, opens }: Field): readonly ItemAction[] {
  if (state !== 'there') return [];
  return itemActions.filter((action: ItemAction) => action.fits(ref) && (action.opens !== true || opens));
}

/** The context value of a row, such as `item.password.uri.any`, by which its menus choose their entries. */
export function viewItem(
  row: 'item' | 'field',
  actions: readonly Pick<ItemAction, 'value'>[],
  /** What can be done with an item as a whole, and with its files. */
  more: readonly (ItemChangeKind | 'mayAttach' | 'files' | 'mayShare' | 'shared')[] = [],
): string {
  return [row, ...new Set(actions.map(({ value }) => value)), ...more].join('.');
}

interface MenuEntry {
  readonly command: ItemCommand;
  readonly when: string;
  readonly group: string;
}

/** The entries of `view/item/context` in package.json. */
export function itemMenu(): readonly MenuEntry[] {
  const entry = (command: ItemCommand, rows: string, value: string, group: string) => ({
    command,
    when: `view == vaultside.vault && viewItem =~ /${rows}\\b${value}\\b/`,
    group,
  });
  const buttonRows = ({ on, without }: NonNullable<ItemAction['inline']>) =>
    `^${on}\\b${without === undefined ? '' : `(?!.*\\b${without}\\b)`}.*`;
  return itemActions.flatMap(({ command, value, menu, ...rest }) => [
    ...('inline' in rest ? [entry(command, buttonRows(rest.inline), value, rest.inline.group)] : []),
    entry(command, menu.onFields ? '' : '^item\\b.*', value, menu.group),
  ]);
}
