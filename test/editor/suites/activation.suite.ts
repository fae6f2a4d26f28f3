import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';

type Manifest = { contributes: { commands: { command: string }[] } };

function ours() {
  const extension = extensions.getExtension<unknown>('vaultside.vaultside');
  assert.ok(extension, 'the extension is installed');
  return extension;
}

describe('the extension in its host', () => {
  it('activates without a network and without a signed-in account', async () => {
    await ours().activate();
    assert.equal(ours().isActive, true);
  });

  it('registers every command that its manifest offers', async () => {
    await ours().activate();
    const known = new Set(await commands.getCommands(true));
    const { contributes } = ours().packageJSON as Manifest;
    const missing = contributes.commands.map(({ command }) => command).filter((command) => !known.has(command));
    assert.deepEqual(missing, []);
  });
});
