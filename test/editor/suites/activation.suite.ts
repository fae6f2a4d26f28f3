import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, extensions } from 'vscode';
import { until } from '../host/until';
import { commandIds } from '../../../src/ui/commands/commandTable';
import type { CommandId } from '../../../src/ui/commands/commandId';

/** Commands that open a web page, also when nobody is signed in. */
const leavesTheEditor: readonly CommandId[] = ['vaultside.openApiKeyPage'];

/** Arguments that other extensions might pass, and the one of the tree's key bindings. */
const strangeArguments = [undefined, null, 'selection', 7, [], { item: null }, { item: { id: 'none' } }];

describe('The extension in its host', () => {
  before(async () => {
    await ours().activate();
    await until('the log', () => logFile() !== undefined);
  });

  it('is there for the user alone: other extensions get nothing from it', () => {
    assert.equal(ours().isActive, true);
    assert.equal(ours().exports, undefined);
  });

  it('registers the commands of its manifest and no other', async () => {
    const { contributes } = ours().packageJSON as { contributes: { commands: { command: string }[] } };
    const offered = contributes.commands.map(({ command }) => command).sort();
    const known = (await commands.getCommands(true)).filter((id) => id.startsWith('vaultside.'));
    // VS Code makes some commands for every view, with its name.
    assert.deepEqual(known.filter((id) => !/^vaultside\.(vault|item|starting)\./.test(id)).sort(), offered);
    assert.deepEqual([...commandIds].sort(), offered);
  });

  for (const id of commandIds.filter((command) => !leavesTheEditor.includes(command))) {
    it(`returns nothing from ${id} when nobody is signed in, and fails with nothing`, async () => {
      const before = log().length;
      for (const argument of strangeArguments) assert.equal(await outcome(id, argument), undefined);
      assert.equal(log().slice(before), '');
    });
  }
});

/**
 * Reads the log. A command that cannot do something says so in a notification, which cannot be seen from in here, and
 * in the log.
 */
function log(): string {
  return readFileSync(logFile()!, 'utf8');
}

/** The log file. Once it exists, what the extension logs is in it at once. */
function logFile(): string | undefined {
  const folder = process.env.SUITE_LOGS!;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const ours = files.find((name) => name.endsWith('Vaultside for Bitwarden.log'));
  return ours && join(folder, ours);
}

function ours() {
  const extension = extensions.getExtension<unknown>('vaultside.vaultside');
  assert.ok(extension, 'the extension is installed');
  return extension;
}

/** Runs a command, and declines whatever it asks. */
async function outcome(id: string, argument: unknown): Promise<unknown> {
  const result = Promise.resolve(commands.executeCommand(id, argument)).then((value: unknown) => ({ value }));
  for (;;) {
    const declined = commands
      .executeCommand('workbench.action.closeQuickOpen')
      .then(() => commands.executeCommand('notifications.clearAll'))
      .then(() => undefined);
    const first = await Promise.race([result, declined]);
    if (first) return first.value;
  }
}
