import { readFileSync, writeFileSync } from 'node:fs';
import { commandIds, commands } from '../../src/ui/commands/commandTable';
import type { CommandId } from '../../src/ui/commands/commandId';
import type { Condition } from '../../src/ui/contextValues';
import { itemMenu } from '../../src/ui/itemActions';
import { generatorBindings } from '../../src/ui/generator/generatorKeys';
import { searchBindings } from '../../src/ui/search/searchKeys';

interface MenuEntry {
  readonly command: CommandId;
  readonly when: string;
  readonly group?: string;
}

interface KeyBinding {
  readonly command: string;
}

/** What package.json must contain about commands. All of it is made from their table. */
export function commandContributions() {
  return {
    commands: commandIds.map((id) => {
      const { icon, needs } = commands[id];
      return {
        command: id,
        title: `%${id.replace(/^vaultside/, 'command')}%`,
        category: 'Vaultside (Bitwarden)',
        ...(icon === undefined ? {} : { icon: `$(${icon})` }),
        ...(Object.keys(needs).length === 0 ? {} : { enablement: clause(needs) }),
      };
    }),
    menus: {
      'view/title': titleMenu(),
      'view/item/context': [...rowMenu(), ...itemMenu()],
      commandPalette: commandIds
        .filter((id) => commands[id].hidden)
        .map((id): MenuEntry => ({ command: id, when: 'false' })),
    },
  };
}

function titleMenu(): MenuEntry[] {
  return commandIds.flatMap((id) =>
    commands[id].menus
      .filter((place) => place.in === 'view/title')
      .map(({ group, when }) => ({
        command: id,
        when: ['view == vaultside.vault', clause(commands[id].needs), when === undefined ? '' : clause(when)]
          .filter(Boolean)
          .join(' && '),
        group,
      })),
  );
}

function rowMenu(): MenuEntry[] {
  return commandIds.flatMap((id) =>
    commands[id].menus
      .filter((place) => place.in === 'view/item/context')
      .map(({ group }) => ({ command: id, when: 'view == vaultside.vault && viewItem =~ /^item\\b/', group })),
  );
}

/** A condition as a when clause. VS Code takes a key that is not set for false. */
function clause(condition: Condition): string {
  return Object.entries(condition)
    .map(([key, value]) => {
      if (typeof value === 'boolean') return `${value ? '' : '!'}vaultside.${key}`;
      return `vaultside.${key} == ${value}`;
    })
    .join(' && ');
}

/** The key bindings of package.json: those that are written by hand, and those of the search and the generator, which are not. */
export function keyBindings(present: readonly KeyBinding[]): readonly object[] {
  const ours = [...searchBindings(), ...generatorBindings()];
  return [...present.filter(({ command }) => !ours.some((each) => each.command === command)), ...ours];
}

/** `npm run manifest` */
if (require.main === module) {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: { keybindings: readonly KeyBinding[] };
  };
  const keybindings = keyBindings(manifest.contributes.keybindings);
  Object.assign(manifest.contributes, commandContributions(), { keybindings });
  writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
}
