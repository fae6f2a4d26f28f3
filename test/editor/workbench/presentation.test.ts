import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { ItemPage } from '../host/itemPage';
import { until } from '../host/until';
import { suite } from './suite';

const viewport = { width: 1100, height: 1000 };

suite('Presentation mode', { account: demoVault, viewport }, (vaultside) => {
  const item = () => new ItemPage(vaultside().workbench.page);

  before(async () => {
    await vaultside().signInAndUnlock();
    await vaultside().tree.expand('Favorites');
    await vaultside().tree.expand('GitHub');
    await vaultside().tree.click('GitHub');
    await item().waitFor('GitHub');
  });

  it('hides at once what is in clear, in the tree, in the item and in the status bar', async () => {
    const { workbench, tree, server } = vaultside();
    const { email } = server.account;
    await item().focus('Password');
    await item().press(' ');
    await item().row('Password').locator('.revealed').waitFor();
    const username = await item().value('Username').innerText();
    const password = await item().value('Password').innerText();
    assert.match(await workbench.statusTooltip('vaultside.status'), new RegExp(email));

    await workbench.runCommand('Bitwarden: Turn Presentation Mode On');
    await vaultside().waitForState('unlocked, presentation mode');
    await item().value('Username').filter({ hasText: '••••••••' }).waitFor();
    await until('the row to be masked', async () => {
      const rows = await tree.rows();
      return rows.find(({ label }) => label === 'Username')?.description === '••••••••';
    });
    const everything = `${await item().everything()}${await vaultside().wholePage()}`;
    for (const word of [username, password, email]) assert.ok(!everything.includes(word), word);
    const tooltip = await workbench.statusTooltip('vaultside.status');
    assert.match(tooltip, /Presentation mode: values are hidden/);
    assert.ok(!tooltip.includes(email));
  });

  it('shows nothing, and copies all the same', async () => {
    const { workbench, tree } = vaultside();
    await tree.chooseFromContextMenu('Username', 'Show Field');
    await workbench.waitForNotification('Nothing is shown in presentation mode.');
    await tree.pressInline('Username', 'Copy Field');
    await workbench.waitForStatus('vaultside.copied', 'Copied');
    await workbench.clearNotifications();
  });

  it('ends by its command, and everything is as before', async () => {
    await vaultside().workbench.runCommand('Bitwarden: Turn Presentation Mode Off');
    await vaultside().waitForState('unlocked');
    await item().value('Username').filter({ hasText: /^\w/ }).waitFor();
  });
});
