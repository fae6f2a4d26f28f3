import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { until } from '../host/until';
import { suite } from './suite';

suite(
  'A folder that is not trusted',
  {
    account: demoVault,
    trusted: false,
    keyInEnvironment: true,
    settings: { 'vaultside.clipboard.clearAfterSeconds': 600 },
    files: {
      '.vscode/settings.json': JSON.stringify({
        'vaultside.clipboard.clearAfterSeconds': 0,
        'vaultside.signIn.useEnvironment': true,
      }),
      '.git/config': '[remote "origin"]\n\turl = https://dash.cloudflare.com/app.git\n',
    },
  },
  (vaultside) => {
    const sections = async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Search Vault');
      await quickInput.waitForPlaceholder('Search by name');
      const titles = await quickInput.sections();
      await quickInput.cancel();
      return titles;
    };

    it('is one in which everything works, and that changes no setting', async () => {
      const { workbench, quickInput, tree, server } = vaultside();
      await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
      await workbench.runCommand('Bitwarden: Sign In with API Key');
      await quickInput.choose('Self-hosted');
      await quickInput.waitForMessage(/Address of your server|Connects to/);
      await quickInput.submit(server.url);
      await quickInput.choose('Use the key from the environment');
      await quickInput.waitFor('Unlock Vault');
      await vaultside().enterMasterPassword();
      await tree.expand('Favorites');
      await tree.pressInline('GitHub', 'Copy Password');
      await workbench.waitForStatus('vaultside.copied', / · (600|5\d\d) s/);
      await until('password to be copied', async () => (await workbench.clipboard()) === 'fake-Octocat-Horse-42');
    });

    it('is not read for its git remotes before it is trusted', async () => {
      await vaultside().beginUnlocked();
      assert.ok(!(await sections()).includes('This Workspace'));
    });

    it('does not change a setting by being trusted either', async () => {
      const { workbench, tree } = vaultside();
      await vaultside().beginUnlocked();
      await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).click();
      await workbench.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
      await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'hidden' });
      await tree.expand('Favorites');
      await tree.pressInline('GitHub', 'Copy Password');
      await workbench.waitForStatus('vaultside.copied', / · (600|5\d\d) s/);
      assert.deepEqual(await workbench.notifications(), []);
      assert.ok((await sections()).includes('This Workspace'));
    });
  },
);
