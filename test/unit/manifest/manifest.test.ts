import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandIds } from '../../../src/ui/commands/ids';
import { commandTitle } from '../../../src/ui/commands/titles';
import { contextDefaults } from '../../../src/ui/contextValues';
import { itemActions, itemMenu } from '../../../src/ui/itemActions';
import { codicons } from '../../support/codicons';

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly enablement?: string;
  readonly icon?: string;
}

interface Entry {
  readonly command: string;
  readonly when?: string;
}

interface Setting {
  readonly scope?: string;
  readonly type: string;
  readonly default: unknown;
  readonly markdownDescription: string;
}

interface Manifest {
  readonly main: string;
  readonly l10n: string;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown } };
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly menus: Readonly<Record<string, readonly Entry[]>>;
    readonly keybindings: readonly (Entry & { readonly args: { readonly commands: readonly (string | Entry)[] } })[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly walkthroughs: readonly { readonly steps: readonly { readonly completionEvents: readonly string[] }[] }[];
  };
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { contributes } = manifest;
const words = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const ids: readonly string[] = commandIds;

describe('The manifest', () => {
  it('offers exactly the commands that are registered', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), [...ids].sort());
  });

  it('files every command under Bitwarden, with the title that its buttons have', () => {
    for (const { command, category, title } of contributes.commands) {
      assert.equal(category, 'Bitwarden', command);
      const id = commandIds.find((known) => known === command)!;
      assert.equal(translated(title), commandTitle(id, { t: (message: unknown) => String(message) }));
    }
  });

  it('writes titles in title case', () => {
    const small = new Set(['in', 'with', 'the', 'of', 'to', 'a', 'and', 'client_secret']);
    for (const { title } of contributes.commands) {
      const lower = translated(title)
        .split(/[\s-]/)
        .filter((word, at) => (at === 0 || !small.has(word)) && !/^[A-Z]/.test(word));
      assert.deepEqual(lower, [], translated(title));
    }
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
    const ours = Object.keys(contextDefaults);
    const tree = ['treeElementCanExpand', 'treeElementCanCollapse'];
    const others = ['view', 'viewItem', 'focusedView', 'listFocus', 'inputFocus', ...tree, 'false'];
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

  it('has the menu and the icons of rows that follow from the actions on items', () => {
    assert.deepEqual(contributes.menus['view/item/context'], itemMenu());
    for (const { command, icon } of itemActions) {
      const declared = contributes.commands.find((each) => each.command === command);
      assert.deepEqual([declared?.icon, declared?.enablement], [`$(${icon})`, 'vaultside.usable'], command);
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
    assert.ok(declared.length > 10 && sources.length > 20, `${declared.length} and ${sources.length}`);
    assert.deepEqual(
      [...declared, ...sources].filter((name) => !codicons.has(name)),
      [],
    );
  });

  it('says of every command when it can do something, but for those that always can', () => {
    assert.deepEqual(
      contributes.commands.filter(({ enablement }) => enablement === undefined).map(({ command }) => command),
      ['vaultside.openApiKeyPage', 'vaultside.showActions', 'vaultside.openSettings', 'vaultside.openLogs'],
    );
  });

  it('names no command and no view that does not exist', () => {
    const chained = contributes.keybindings.flatMap(({ args }) => args.commands);
    const named = [
      ...Object.values(contributes.menus).flat(),
      ...chained.filter((entry) => typeof entry !== 'string'),
    ].map(({ command }) => command);
    const linked = Object.values(words).flatMap((word) =>
      [...word.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id!),
    );
    const events = contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents));
    const awaited = events.flatMap((event) => /^onCommand:(.*)$/.exec(event)?.[1] ?? []);
    assert.ok(Math.min(named.length, linked.length, awaited.length) > 0);
    assert.deepEqual(
      [...named, ...linked, ...awaited].filter((id) => !ids.includes(id)),
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

  it('has every file that it names', () => {
    const pictures = [...text.matchAll(/"(media\/[^"]+)"/g)].map(([, path]) => path!);
    assert.ok(pictures.length > 0);
    assert.deepEqual(
      [...pictures, `${manifest.l10n}/bundle.l10n.json`].filter((path) => !existsSync(path)),
      [],
    );
  });

  it('lets no folder and no workspace have a say in a setting', () => {
    const settings = Object.entries(contributes.configuration.properties);
    assert.deepEqual(
      settings.map(([name, setting]) => [name, setting.scope, setting.default]),
      [
        ['vaultside.vaultTimeout', 'application', '15'],
        ['vaultside.clipboard.clearAfterSeconds', 'application', 30],
        ['vaultside.sync.intervalMinutes', 'application', 10],
        ['vaultside.signIn.useEnvironment', 'application', false],
      ],
    );
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
