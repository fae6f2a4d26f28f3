import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { commandIds, type CommandId } from '../../../src/ui/commands/ids';
import { commandTitle } from '../../../src/ui/commands/titles';
import { contextDefaults } from '../../../src/ui/contextValues';
import { l10n } from './words';

interface Manifest {
  readonly icon: string;
  readonly l10n: string;
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown } };
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category: string; enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly { command: string; when?: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { scope: string; order: number }>> };
    readonly viewsContainers: { readonly activitybar: readonly { icon: string }[] };
  };
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { commands, menus, configuration, viewsContainers } = manifest.contributes;
const nls = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const translated = (key: string) => nls[key.replaceAll('%', '')];

describe('package.json', () => {
  it('declares the commands that are registered, and no others', () => {
    assert.deepEqual(commands.map(({ command }) => command).sort(), [...commandIds].sort());
  });

  it('uses one title for a command in the palette and on buttons', () => {
    for (const { command, title, category } of commands) {
      assert.equal(translated(title), commandTitle(command as CommandId, l10n));
      assert.equal(category, 'Bitwarden');
    }
  });

  it('names only commands that exist', () => {
    const named = [...JSON.stringify([manifest, nls]).matchAll(/(?:command:|"command":")(vaultside\.\w+)/g)];
    assert.ok(named.length > 50);
    for (const [, id] of named) assert.ok(commandIds.includes(id as CommandId), id);
  });

  it('uses only context keys that are set', () => {
    const conditions = JSON.stringify([menus, commands, JSON.parse(text)]).matchAll(
      /"(?:when|enablement)":"((?:[^"\\]|\\.)*)"/g,
    );
    const keys = [...conditions].flatMap(([, when]) => when?.match(/(?<![.\w])vaultside\.(?!vault\b)\w+/g) ?? []);
    assert.ok(keys.length > 20);
    for (const key of keys) assert.ok(key in contextDefaults, key);
  });

  it('has a text for every key, and no text without one', () => {
    const used = new Set([...text.matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...used].sort(), Object.keys(nls).sort());
  });

  it('lets no folder or workspace set anything', () => {
    for (const [name, { scope }] of Object.entries(configuration.properties)) assert.equal(scope, 'application', name);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, true);
  });

  it('starts with the status bar alone, on the side of the user first', () => {
    assert.deepEqual(manifest.activationEvents, ['onStartupFinished']);
    assert.equal(manifest.extensionKind[0], 'ui');
  });

  it('points at files that are there', () => {
    const files = [manifest.icon, ...viewsContainers.activitybar.map(({ icon }) => icon)];
    const pictures = [...text.matchAll(/"(?:svg|icon)": "(media\/[^"]+)"/g)].map(([, file]) => file ?? '');
    for (const file of [...files, ...pictures, `${manifest.l10n}/bundle.l10n.json`]) assert.ok(existsSync(file), file);
  });
});
