import assert from 'node:assert/strict';
import { createAccount } from '../../server/accounts';
import { startServer, type TestServer } from '../../server/server';
import { until } from '../host/until';
import { suite } from './suite';
import { typeInKey } from './typeInKey';

const first = 'robin@example.test';
const second = 'work@example.test';

suite(
  'Two accounts',
  { account: { email: first, items: [{ name: 'Home router', username: 'robin', password: 'first-password' }] } },
  (vaultside) => {
    let next: TestServer;

    before(async () => {
      const account = await createAccount({
        email: second,
        password: 'another password',
        items: [{ name: 'Work mail', username: 'r.northwind', password: 'second-password' }],
      });
      next = await startServer({ dialect: 'vaultwarden', accounts: [account] });
      await vaultside().beginUnlocked();
    });
    after(() => next.close());

    const names = async () => (await vaultside().tree.rows()).map(({ label }) => label);
    const picture = async (name: string) => {
      const folder = process.env.PICTURES;
      if (folder !== undefined) await vaultside().workbench.page.screenshot({ path: `${folder}/${name}.png` });
    };

    it('adds another one, which is in use then, with its name in the status bar and above the tree', async () => {
      const { workbench, quickInput, tree } = vaultside();
      await typeInKey(workbench, { server: next.url, ...next.account }, false, 'Bitwarden: Add Account');
      await quickInput.waitForMessage(`Master password of ${second}`);
      await vaultside().waitForState(`${second}, locked`);
      await workbench.page.getByText(`Vault (${second})`).first().waitFor();
      await picture('locked');
      await quickInput.submit('another password');
      await vaultside().waitForState(`${second}, unlocked`);
      await workbench.openSideBar('Bitwarden');
      await tree.waitForRow('All Items');
      await tree.expand('All Items');
      await tree.waitForRow('Work mail');
      await workbench.page.getByText(`Account: ${second}`).first().waitFor();
      await picture('unlocked');
    });

    it('gives one of them a vault timeout of its own', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Set Vault Timeout');
      await quickInput.waitForPlaceholder('When does the vault of this account lock');
      await picture('timeout');
      await quickInput.choose('After 5 minutes without activity');
      await workbench.waitForNotification(`${second}: Vault timeout · After 5 minutes without activity`);
      assert.match(await workbench.statusTooltip('vaultside.status'), /Locks after 5 minutes without activity/);
    });

    it('switches to the first, whose vault is open as it was', async () => {
      const { workbench, quickInput, tree } = vaultside();
      await workbench.runCommand('Bitwarden: Switch Account');
      await quickInput.waitForPlaceholder('Which account');
      await picture('switch');
      const rows = await quickInput.rows();
      assert.deepEqual(rows.map(({ label }) => label).sort(), [first, second]);
      await quickInput.choose(first);
      await vaultside().waitForState(`${first}, unlocked`);
      await until('its rows', async () => !(await names()).includes('Work mail'));
      await tree.expand('All Items');
      await tree.waitForRow('Home router');
    });

    it('searches both, and copies from the one that is not in use', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Search Vault');
      await quickInput.waitForPlaceholder('Search by name');
      await quickInput.press('Search All Accounts');
      await quickInput.waitForPlaceholder('Search all accounts');
      await until('rows of both', async () => {
        const labels = (await quickInput.rows()).map(({ label }) => label);
        return ['Home router', 'Work mail'].every((label) => labels.includes(label));
      });
      await picture('search');
      await vaultside().searchFor('mail', 'Work mail');
      await until('the password', async () => (await workbench.clipboard()) === 'second-password');
      await workbench.runCommand('Bitwarden: Search Vault');
      await quickInput.waitForPlaceholder('Search by name');
      await quickInput.press('Search All Accounts');
      await until('what was used last of both', async () => {
        const [row] = await quickInput.rows();
        return row?.label === 'Work mail' && row.description.endsWith(`r.northwind · ${second}`);
      });
      assert.deepEqual(await quickInput.sections(), ['Recent', 'All Items']);
      await quickInput.cancel();
      await vaultside().waitForState(`${first}, unlocked`);
    });

    it('signs one out that is chosen, and the other one stays', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Sign Out');
      await quickInput.waitForPlaceholder('Sign out which account?');
      await quickInput.choose(second);
      const { message } = await workbench.modal();
      assert.equal(message, `Sign out ${second}?`);
      await workbench.pressModal('Sign Out');
      await vaultside().waitForState('unlocked');
      assert.ok((await names()).includes('Home router'));
      assert.equal(
        next.requests.to().some(({ body }) => body.includes(vaultside().server.account.clientSecret)),
        false,
      );
    });
  },
);
