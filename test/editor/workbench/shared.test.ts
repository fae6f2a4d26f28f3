import assert from 'node:assert/strict';
import { until } from '../host/until';
import { Workbench } from '../host/workbench';
import { suite } from './suite';

const items = [{ name: 'GitHub', username: 'robin', password: 'not-a-real-one' }];

suite('All windows, unlocked with one', { account: { items } }, (vaultside) => {
  before(async () => {
    await vaultside().signInAndUnlock();
  });

  const keepers = () => vaultside().vscode.server.keepers();

  it('are unlocked after a reload, and in a second one, without a question', async () => {
    const { vscode, workbench, quickInput, tree } = vaultside();
    await vaultside().untilKept();
    assert.equal(keepers().length, 1);
    await vscode.reload();
    await vaultside().waitForState('unlocked');
    assert.equal(await quickInput.widget.isVisible(), false);
    await workbench.openSideBar('Bitwarden');
    await tree.expand('Types');
    await tree.waitForRow('Logins');

    const second = await vscode.newWindow();
    await vaultside().waitForState('unlocked', second);
    assert.equal(await second.quickInput.widget.isVisible(), false);
    assert.match(await second.statusTooltip('vaultside.status'), /Locks after 15 minutes without activity/);
    if (process.env.KEEPER_PICTURE) {
      await second.page.screenshot({ path: process.env.KEEPER_PICTURE });
    }
    await second.runCommand('Bitwarden: Lock Vault');
    await vaultside().waitForState('locked', second);
    await workbench.page.bringToFront();
    await vaultside().waitForState('locked');
    await until('the keeper to end', () => keepers().length === 0);

    // A box that asks for the master password closes when another window has answered.
    await workbench.runCommand('Bitwarden: Unlock Vault');
    await quickInput.waitForMessage('Master password of');
    await second.page.bringToFront();
    await vaultside().unlockIn(second);
    await workbench.page.bringToFront();
    await quickInput.waitUntilGone();
    await vaultside().waitForState('unlocked');
    await second.page.close();
  });

  it('are unlocked one by one with the setting for that, which ends the keeper', async () => {
    const { vscode } = vaultside();
    await vscode.writeSettings({ 'vaultside.unlock': 'thisWindow' });
    await until('the keeper to end', () => keepers().length === 0);
    await vaultside().waitForState('unlocked');
    const second = await vscode.newWindow();
    await vaultside().waitForState('locked', second);
    await second.page.close();
    await vscode.reload();
    await Workbench.ready(vscode.page);
    await vaultside().waitForState('locked');
  });
});
