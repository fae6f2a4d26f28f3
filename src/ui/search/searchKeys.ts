import * as vscode from 'vscode';
import type { CommandId } from '../commands/commandId';
import { itemAction, type ItemCommand } from '../itemActions';

/** A key that does something else with the active row of a search than Enter does. */
export interface SearchKey {
  readonly command: CommandId;
  /** What it does with the item. */
  readonly does: ItemCommand | 'vaultside.viewItem';
  readonly key: `${string}enter`;
  readonly mac: `${string}enter`;
  /** What it gives, in a word. */
  word(): string;
}

/**
 * The keys of a search, in the order in which its title names them. All are Enter with modifiers: letters with Alt type
 * characters on macOS, those with Ctrl and Alt do so on many keyboards, and those with Ctrl alone edit what was typed.
 * `npm run manifest` writes the key bindings of package.json from this table.
 */
export const searchKeys = [
  {
    command: 'vaultside.searchCopyUsername',
    does: 'vaultside.copyUsername',
    key: 'ctrl+enter',
    mac: 'cmd+enter',
    word: () => vscode.l10n.t('Username'),
  },
  {
    command: 'vaultside.searchCopyTotp',
    does: 'vaultside.copyTotp',
    key: 'shift+enter',
    mac: 'shift+enter',
    word: () => vscode.l10n.t('Code'),
  },
  {
    command: 'vaultside.searchInsertPassword',
    does: 'vaultside.insertPassword',
    key: 'alt+enter',
    mac: 'alt+enter',
    word: () => vscode.l10n.t('Insert'),
  },
  {
    command: 'vaultside.searchOpenInBrowser',
    does: 'vaultside.openInBrowser',
    key: 'ctrl+shift+enter',
    mac: 'shift+cmd+enter',
    word: () => vscode.l10n.t('Open'),
  },
  {
    command: 'vaultside.searchViewItem',
    does: 'vaultside.viewItem',
    key: 'shift+alt+enter',
    mac: 'shift+alt+enter',
    word: () => vscode.l10n.t('View'),
  },
] as const satisfies readonly SearchKey[];

export type SearchCommand = (typeof searchKeys)[number]['command'];

/** While a search is open, and nothing else has taken its place. */
const WHILE_OPEN = 'vaultside.searchOpen && inQuickInput';

/**
 * Opens the search from anywhere, also from a terminal, which leaves the strokes of a chord to VS Code. No default of
 * VS Code has it, and neither stroke alone does harm: V would paste the password that was just copied. On macOS Cmd+K alone
 * clears a terminal.
 */
export const openingKey = {
  command: 'vaultside.searchVault',
  key: 'ctrl+k ctrl+g',
  mac: 'ctrl+cmd+k ctrl+cmd+g',
} as const;

/** What the key passes as argument in a terminal: what is inserted then goes there. */
export const FROM_TERMINAL = 'terminal';

interface KeyBinding {
  readonly command: CommandId;
  readonly key: string;
  readonly mac: string;
  readonly when?: string;
  readonly args?: string;
}

/** The entries of `keybindings` in package.json. Of two for the same key the later one comes first. */
export function searchBindings(): readonly KeyBinding[] {
  const inTerminal = { ...openingKey, when: 'terminalFocus', args: FROM_TERMINAL };
  return [
    openingKey,
    inTerminal,
    ...searchKeys.map(({ command, key, mac }) => ({ command, key, mac, when: WHILE_OPEN })),
  ];
}

/** The default keys in a line that fits above the list: "Copy: ↵ Password, Ctrl+↵ Username · Alt+↵ Insert". */
export function keysLine(platform: NodeJS.Platform): string {
  const others = searchKeys.filter((key) => !copies(key)).map((key) => shortKey(key, platform));
  return [copyKeysLine(platform), ...others].join(' · ');
}

/** The part of that line about what is copied. It ends with the one-time code. */
export function copyKeysLine(platform: NodeJS.Platform): string {
  const others = searchKeys.filter(copies).map((key) => shortKey(key, platform));
  return vscode.l10n.t('Copy: {0}', [`↵ ${vscode.l10n.t('Password')}`, ...others].join(', '));
}

function copies({ does }: SearchKey): boolean {
  return does !== 'vaultside.viewItem' && itemAction(does).does === 'copy';
}

function shortKey(key: SearchKey, platform: NodeJS.Platform): string {
  return `${keyLabel(key, platform).replace('Enter', '↵')} ${key.word()}`;
}

/** A key as VS Code's menus write it on this system. */
export function keyLabel(
  { key, mac }: { readonly key: string; readonly mac: string },
  platform: NodeJS.Platform,
): string {
  const isMac = platform === 'darwin';
  const strokes = (isMac ? mac : key).split('+').map((part) => (isMac ? MAC_SIGNS[part] : undefined) ?? capital(part));
  return strokes.join(isMac ? '' : '+');
}

const MAC_SIGNS: Readonly<Record<string, string>> = { cmd: '⌘', shift: '⇧', alt: '⌥', ctrl: '⌃', enter: '↵' };

function capital(part: string): string {
  return part.charAt(0).toUpperCase() + part.slice(1);
}
