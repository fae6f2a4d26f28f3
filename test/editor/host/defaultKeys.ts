import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, type VSCodeVersion } from './installed';

export type System = 'win' | 'linux' | 'mac';

/** VS Code's numbers for keys (vscode: src/vs/base/common/keyCodes.ts). */
const MODIFIERS = { ctrlCmd: 2048, shift: 1024, alt: 512, winCtrl: 256 };
const LETTER_A = 31;

/** What VS Code binds by default: each key as a list of strokes. */
export interface DefaultKeys {
  /** Some binding has exactly these strokes. */
  isBound(key: string, system: System): boolean;
  /** How many there are in the file of the program, to see that it was read. */
  readonly count: number;
}

/**
 * Reads the default key bindings out of the program of a VS Code server and of the extensions that it brings along. A binding
 * counts for every system that it may be for.
 */
export function defaultKeys(version: VSCodeVersion): DefaultKeys {
  const { root } = installed().servers[version];
  const program = readFileSync(join(root, 'out/vs/code/browser/workbench/workbench.js'), 'utf8');
  const chordOf = /primary:([\w$]+)\(\d+,\d+\)/.exec(program)?.[1] ?? '';
  const key = `(?:\\d+|${escaped(chordOf)}\\(\\d+,\\d+\\))`;
  const binding = new RegExp(`(?:(win|linux|mac):\\{)?(?:primary:(${key})|secondary:\\[((?:${key},?)+)\\])`, 'g');
  const bound = { win: new Set<string>(), linux: new Set<string>(), mac: new Set<string>() };
  let count = 0;
  for (const [, system, primary = '', secondary = ''] of program.matchAll(binding)) {
    for (const [one] of `${primary},${secondary}`.matchAll(new RegExp(key, 'g'))) {
      count++;
      const strokes = [...one.matchAll(/\d+/g)].join(' ');
      for (const each of system === undefined ? (['win', 'linux', 'mac'] as const) : [system as System]) {
        bound[each].add(strokes);
      }
    }
  }
  const ofExtensions = keysOfExtensions(join(root, 'extensions'));
  return {
    count,
    isBound: (wanted, system) =>
      bound[system].has(strokesOf(wanted, system)) || ofExtensions[system].has(sorted(wanted)),
  };
}

type ExtensionBinding = { readonly key?: string; readonly when?: string } & Readonly<Partial<Record<System, string>>>;

function keysOfExtensions(folder: string): Record<System, Set<string>> {
  const keys = { win: new Set<string>(), linux: new Set<string>(), mac: new Set<string>() };
  for (const name of readdirSync(folder)) {
    const file = join(folder, name, 'package.json');
    if (!existsSync(file)) continue;
    const { contributes } = JSON.parse(readFileSync(file, 'utf8')) as {
      contributes?: { keybindings?: readonly ExtensionBinding[] };
    };
    for (const binding of contributes?.keybindings ?? []) {
      if (binding.when?.endsWith('&& isMac') === true) {
        if (binding.key !== undefined) keys.mac.add(sorted(binding.key));
        continue;
      }
      for (const system of ['win', 'linux', 'mac'] as const) {
        const key = binding[system] ?? binding.key;
        if (key !== undefined) keys[system].add(sorted(key));
      }
    }
  }
  return keys;
}

/** A key as the program has it: a number for each stroke. Letters and Enter are enough here. */
function strokesOf(key: string, system: System): string {
  const isMac = system === 'mac';
  const numbers: Record<string, number> = {
    ...{ ctrl: isMac ? MODIFIERS.winCtrl : MODIFIERS.ctrlCmd, cmd: MODIFIERS.ctrlCmd },
    ...{ shift: MODIFIERS.shift, alt: MODIFIERS.alt, enter: 3 },
  };
  const numberOf = (part: string) => numbers[part] ?? LETTER_A + part.charCodeAt(0) - 'a'.charCodeAt(0);
  return key
    .split(' ')
    .map((stroke) => stroke.split('+').reduce((sum, part) => sum + numberOf(part), 0))
    .join(' ');
}

/** The same text for the same key, however its modifiers are ordered. */
function sorted(key: string): string {
  const strokes = key.toLowerCase().split(' ');
  return strokes.map((stroke) => stroke.split('+').sort().join('+')).join(' ');
}

function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}
