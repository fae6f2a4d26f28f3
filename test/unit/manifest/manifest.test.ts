import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandId } from '../../../src/ui/commands/commandId';
import { commandIds, commands as commandTable } from '../../../src/ui/commands/commandTable';
import { contextDefaults } from '../../../src/ui/contextValues';
import { itemActions, itemMenu, viewItem } from '../../../src/ui/itemActions';
import { itemIcon } from '../../../src/ui/itemWords';
import { itemTypes } from '../../../src/bitwarden/wire/itemTypes';
import { generatorKeys } from '../../../src/ui/generator/generatorKeys';
import { searchKeys } from '../../../src/ui/search/searchKeys';
import { commandContributions, keyBindings } from '../../support/manifest';

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category: string;
  readonly enablement?: string;
}

interface Entry {
  readonly command: string;
  readonly when?: string;
}

interface KeyBinding extends Entry {
  readonly key: string;
  readonly mac: string;
  readonly args?: string | { readonly commands: readonly (string | Entry)[] };
}

interface Manifest {
  readonly main: string;
  readonly l10n: string;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown } };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly icons: Readonly<Record<string, { readonly default: Readonly<Record<string, string>> }>>;
    readonly menus: Readonly<Record<string, readonly Entry[]>>;
    readonly keybindings: readonly KeyBinding[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly id: string; readonly completionEvents: readonly string[] }[];
    }[];
  };
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { contributes, devDependencies } = manifest;
const words = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const ids: readonly string[] = commandIds;

describe('The manifest', () => {
  it('says of commands what follows from their table (else: npm run manifest)', () => {
    const { commands, menus, keybindings } = contributes;
    assert.deepEqual(
      { commands, menus, keybindings },
      { ...commandContributions(), keybindings: keyBindings(keybindings) },
    );
  });

  it('has the icons that VS Code has not, and the page of an item takes them for the same', () => {
    const ours = itemTypes.map(({ name }) => itemIcon(name)).filter((icon) => icon.startsWith('vaultside-'));
    assert.deepEqual(ours.toSorted(), Object.keys(contributes.icons).sort());
    const styles = readFileSync('src/pages/item.css', 'utf8');
    for (const icon of ours) {
      const { fontPath, fontCharacter } = contributes.icons[icon]!.default;
      assert.ok(existsSync(fontPath!), fontPath);
      assert.ok(styles.includes(`.codicon-${icon}::before {\n  content: '${fontCharacter}'`), icon);
    }
  });

  it('calls a command the same in a welcome text as everywhere else', () => {
    const buttons = Object.values(words).flatMap((word) => [...word.matchAll(/^\[(.*)\]\(command:(.*)\)$/gm)]);
    assert.ok(buttons.length > 5);
    for (const [, label, id] of buttons) assert.equal(label, words[id!.replace(/^vaultside/, 'command')], id);
  });

  it('offers each action on the rows that have such a value, and on no other', () => {
    for (const { command, value, menu } of itemActions) {
      const patterns = itemMenu().flatMap((entry) => (entry.command === command ? [pattern(entry)] : []));
      assert.ok(patterns.length > 0, command);
      for (const row of ['item', 'field'] as const) {
        const shown = (has: readonly (typeof value)[]) =>
          patterns.some((each) =>
            each.test(
              viewItem(
                row,
                has.map((one) => ({ value: one })),
              ),
            ),
          );
        const others = itemActions.map((other) => other.value).filter((other) => other !== value);
        assert.equal(shown([value]), row === 'item' || menu.onFields, `${command} on ${row}`);
        assert.equal(shown(others), false, `${command} on ${row}`);
      }
    }
  });

  it('writes titles in title case', () => {
    const small = new Set(['in', 'from', 'with', 'the', 'of', 'to', 'a', 'as', 'and', 'client_secret']);
    for (const { title } of contributes.commands) {
      const lower = translated(title)
        .split(/[\s-]/)
        .filter((word, at) => (at === 0 || !small.has(word)) && !/^[A-Z]/.test(word));
      assert.deepEqual(lower, [], translated(title));
    }
  });

  it('binds no key that types something, or edits what was typed, on any keyboard', () => {
    const inSearch = contributes.keybindings.filter(({ when }) => when?.includes('vaultside.searchOpen'));
    assert.equal(inSearch.length, searchKeys.length);
    for (const { key, mac } of inSearch) {
      assert.match(key, /^(?:(?:ctrl|shift|alt)\+)+enter$/);
      assert.match(mac, /^(?:(?:cmd|shift|alt)\+)+enter$/);
    }
    // Nothing is typed while the generator is open.
    const inGenerator = contributes.keybindings.filter(({ when }) => when?.includes('vaultside.generatorOpen'));
    assert.equal(inGenerator.length, generatorKeys.length);
    for (const { key, mac } of inGenerator) assert.match(`${key} ${mac}`, /^(?:\S+\+enter|alt\+(?:left|right)) \S+$/);
    for (const [name, keys] of [
      ['key', inSearch.map(({ key }) => key)],
      ['mac', inSearch.map(({ mac }) => mac)],
    ] as const) {
      assert.equal(new Set(keys).size, keys.length, name);
    }
    // AltGr is Ctrl and Alt, and types a character with most letters.
    for (const { key, mac } of contributes.keybindings) assert.doesNotMatch(`${key} ${mac}`, /alt\+[a-z](?: |$)/);
  });

  it('has a word for every key, and a key for every word', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key!);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(words).sort());
    assert.deepEqual(
      Object.entries(words).filter(([, word]) => word.trim() === ''),
      [],
    );
  });

  it('asks for no context key that is never set, and for no value that it never has', () => {
    assert.ok(allClauses().length > 50);
    const ours = Object.keys(contextDefaults).map((key) => `vaultside.${key}`);
    const focus = ['focusedView', 'listFocus', 'inputFocus', 'inQuickInput', 'terminalFocus'];
    const others = ['view', 'viewItem', ...focus, 'treeElementCanExpand', 'treeElementCanCollapse', 'false'];
    for (const clause of allClauses()) {
      const withoutPatterns = clause.replace(/=~ \/(?:\\.|[^/\\])+\//g, '');
      for (const part of withoutPatterns.split(/&&|\|\|/)) {
        const [key = '', value] = part
          .trim()
          .replace(/^!/, '')
          .split(/ [!=]= /);
        assert.ok(ours.includes(key) || others.includes(key.trim()), `${key} in "${clause}"`);
        if (value !== undefined && key in values) assert.ok(values[key]?.includes(value), `${part} in "${clause}"`);
      }
    }
  });

  it('names no icon that the oldest VS Code cannot draw', () => {
    const named = /\$\(([a-z-]+)(?:~[a-z]+)?\)|ThemeIcon\('([^'~]+)[^']*'\)|\bicon: '([^'~]+)[^']*'/g;
    const comments = /\/\*\*?[\s\S]*?\*\/|\/\/.*/g;
    const namesIn = (source: string) => [...source.matchAll(named)].map((found) => found[1] ?? found[2] ?? found[3]!);
    const sources = readdirSync('src/ui', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => namesIn(readFileSync(join('src/ui', name), 'utf8').replace(comments, '')));
    const declared = namesIn(text);
    // See src/ui/codicon.ts: a later version has icons that VS Code 1.105 lacks.
    assert.equal(devDependencies['@vscode/codicons'], '0.0.40');
    const file = 'node_modules/@vscode/codicons/src/template/mapping.json';
    const codicons = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    assert.ok(declared.length > 10 && sources.length > 20, `${declared.length} and ${sources.length}`);
    assert.deepEqual(
      [...declared, ...sources].filter((name) => !(name in codicons) && !(name in contributes.icons)),
      [],
    );
  });

  it('names no command and no view that does not exist', () => {
    const chained = contributes.keybindings.flatMap(({ args }) => (typeof args === 'object' ? args.commands : []));
    const named = [
      ...contributes.keybindings.filter(({ args }) => typeof args !== 'object'),
      ...Object.values(contributes.menus).flat(),
      ...chained.filter((entry) => typeof entry !== 'string'),
    ].map(({ command }) => command);
    const linked = Object.values(words).flatMap((word) =>
      [...word.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id!),
    );
    const executed = [...source().matchAll(/executeCommand\('(vaultside\.\w+)'/g)].map(([, id]) => id!);
    assert.ok(Math.min(named.length, linked.length, executed.length) > 0);
    assert.deepEqual(
      [...named, ...linked, ...executed].filter((id) => !ids.includes(id)),
      [],
    );
    const views = Object.values(contributes.views)
      .flat()
      .map(({ id }) => id);
    assert.deepEqual(
      contributes.viewsWelcome.filter(({ view }) => !views.includes(view)),
      [],
    );
  });

  it('lists every command under both names by which people look for it', () => {
    for (const { category } of contributes.commands) assert.match(category, /\bVaultside\b.*\bBitwarden\b/);
  });

  it('ticks a step of the walkthrough by what was done, not by a command that may have failed', () => {
    const steps = contributes.walkthroughs.flatMap(({ steps: all }) => all);
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['key', 'signIn', 'unlock', 'copy', 'rotate'],
    );
    for (const { id, completionEvents } of steps) {
      assert.ok(completionEvents.length > 0, `VS Code would take the links of ${id}`);
      for (const event of completionEvents) assert.match(event, /^onContext:vaultside\./);
    }
  });

  it('has no button in the walkthrough that would lead nowhere', () => {
    const texts = Object.entries(words).filter(([key]) => /^walkthrough\..*\.description$/.test(key));
    const buttons = texts.flatMap(([, word]) =>
      [...word.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id as CommandId),
    );
    assert.ok(buttons.length >= 4);
    const begins = (id: CommandId) => id === 'vaultside.signIn' || commandTable[id].signsInFirst === true;
    assert.deepEqual(
      buttons.filter((id) => !begins(id)),
      [],
    );
  });

  it('has every file that it names', () => {
    const pictures = [...text.matchAll(/"(media\/[^"]+)"/g)].map(([, path]) => path!);
    assert.ok(pictures.length > 0);
    assert.deepEqual(
      [...pictures, `${manifest.l10n}/bundle.l10n.json`].filter((path) => !existsSync(path)),
      [],
    );
  });

  it('lets no folder and no workspace have a say in a setting', () => {
    const scopes = Object.values(contributes.configuration.properties).map(({ scope }) => scope);
    assert.ok(scopes.length > 0);
    assert.deepEqual([...new Set(scopes)], ['application']);
  });

  it('starts after everything else, beside the user, and in folders that are not trusted', () => {
    assert.deepEqual(manifest.activationEvents, ['onStartupFinished']);
    assert.equal(manifest.extensionKind[0], 'ui');
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, true);
    assert.equal(manifest.main, './dist/extension.js');
  });
});

/** The values of the context keys that have more than true and false. */
const values: Readonly<Record<string, readonly string[]>> = {
  'vaultside.state': ['starting', 'unreadable', 'signedOut', 'locked', 'unlocked'],
  'vaultside.dropped': ['no', 'keyRejected', 'accountGone', 'storedElsewhere', 'stampChanged', 'otherUser'],
};

function pattern({ when }: { readonly when: string }): RegExp {
  return new RegExp(/viewItem =~ \/(.*)\/$/.exec(when)![1]!);
}

/** The code of all files of ours without their comments. */
function source(): string {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const code = files.map((name) => readFileSync(join('src', name), 'utf8').replace(/^ *(\*|\/\*|\/\/).*$/gm, ''));
  return code.join('\n');
}

function translated(title: string): string {
  return words[title.replace(/^%|%$/g, '')] ?? '';
}

function allClauses(): string[] {
  const entries: readonly { readonly when?: string }[] = [
    ...Object.values(contributes.menus).flat(),
    ...contributes.keybindings,
    ...contributes.viewsWelcome,
  ];
  const awaited = contributes.walkthroughs
    .flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents))
    .flatMap((event) => /^onContext:(.*)$/.exec(event)?.[1] ?? []);
  return [
    ...entries.flatMap(({ when }) => when ?? []),
    ...contributes.commands.flatMap(({ enablement }) => enablement ?? []),
    ...awaited,
  ];
}
