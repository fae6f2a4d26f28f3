import * as vscode from 'vscode';
import type { CommandId } from '../commands/commandId';
import { keyLabel } from '../search/searchKeys';

/** A key of the open generator. */
export interface GeneratorKey {
  readonly command: CommandId;
  readonly does: 'copy' | 'insert' | 'regenerate' | 'shorter' | 'longer';
  readonly key: string;
  readonly mac: string;
}

/**
 * Enter with modifiers, as in a search, and arrows with Alt: nothing is typed there that they could edit. Insert has the
 * same key as there. `npm run manifest` writes the key bindings of package.json from this table.
 */
export const generatorKeys = [
  { command: 'vaultside.generatorCopy', does: 'copy', key: 'ctrl+enter', mac: 'cmd+enter' },
  { command: 'vaultside.generatorInsert', does: 'insert', key: 'alt+enter', mac: 'alt+enter' },
  { command: 'vaultside.generatorRegenerate', does: 'regenerate', key: 'shift+enter', mac: 'shift+enter' },
  { command: 'vaultside.generatorShorter', does: 'shorter', key: 'alt+left', mac: 'alt+left' },
  { command: 'vaultside.generatorLonger', does: 'longer', key: 'alt+right', mac: 'alt+right' },
] as const satisfies readonly GeneratorKey[];

export type GeneratorCommand = (typeof generatorKeys)[number]['command'];

/** While the generator is open, and nothing else has taken its place. */
const WHILE_OPEN = 'vaultside.generatorOpen && inQuickInput';

/** Entries of `keybindings` in package.json. */
export function generatorBindings() {
  return generatorKeys.map(({ command, key, mac }) => ({ command, key, mac, when: WHILE_OPEN }));
}

/** @returns the key as this system writes it, as "Alt+Enter". */
export function keyFor(does: GeneratorKey['does'], platform: NodeJS.Platform): string {
  const key = generatorKeys.find((each) => each.does === does);
  return key === undefined ? '' : keyLabel(key, platform).replace('Left', '←').replace('Right', '→');
}

/** The keys in a line: "Enter Copy · Alt+Enter Insert · Shift+Enter Another". */
export function generatorKeysLine(platform: NodeJS.Platform, hasLength: boolean): string {
  const short = (does: GeneratorKey['does']) => keyFor(does, platform).replace('Enter', '↵');
  const words = [
    `↵ ${vscode.l10n.t('Copy')}`,
    `${short('insert')} ${vscode.l10n.t('Insert')}`,
    `${short('regenerate')} ${vscode.l10n.t('Another')}`,
    ...(hasLength ? [`${short('shorter')}/${short('longer').slice(-1)} ${vscode.l10n.t('Shorter/Longer')}`] : []),
  ];
  return words.join(' · ');
}
