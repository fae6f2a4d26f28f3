import assert from 'node:assert/strict';
import { sharedControl } from '../control/controlledExtension';
import { away } from '../host/openVSCode';
import { until } from '../host/until';
import { suite } from './suite';

const checkRoute = 'GET /api/accounts/revision-date';
const items = [{ name: 'GitHub', username: 'robin', password: 'not-a-real-one' }];

describe('What goes on by itself', () => {
  const control = sharedControl();

  suite(
    'while nobody looks',
    () => ({
      ...control.setup(),
      account: { items },
      settings: { 'vaultside.vaultTimeout': 'never', 'vaultside.sync.intervalMinutes': 5 },
    }),
    (vaultside) => {
      beforeEach(async () => {
        await vaultside().beginUnlocked();
        vaultside().server.requests.clear();
      });

      const checks = () => vaultside().server.requests.count(checkRoute);

      it('asks the server for changes every so many minutes, and shows them', async () => {
        const { server, tree } = vaultside();
        await tree.expand('Types');
        await tree.expand('Logins');
        await control.pass(4);
        assert.equal(checks(), 0);
        const removed = server.account.ciphers.splice(0);
        server.touch();
        await control.pass(1);
        await tree.row('GitHub').waitFor({ state: 'hidden' });
        assert.equal(checks(), 1);
        await control.pass(5);
        await until('the next question', () => checks() === 2);
        server.account.ciphers.push(...removed);
        server.touch();
        await control.pass(5);
        await tree.waitForRow('Types');
      });

      it('asks nothing while the vault is locked', async () => {
        const { server } = vaultside();
        await vaultside().lock();
        await control.pass(24 * 60);
        assert.equal(server.requests.count(), 0);
        await vaultside().unlock();
        await until('the question at unlocking', () => checks() > 0);
        assert.equal(checks(), 1);
      });

      it('finds out that another window has locked, though nobody looks', async () => {
        const { vscode, workbench } = vaultside();
        await vaultside().untilKept();
        const second = await vscode.newWindow();
        await vaultside().waitForState('unlocked', second);
        await vaultside().waitForState('unlocked');
        await away(workbench.page, async () => {
          await second.page.bringToFront();
          await second.runCommand('Bitwarden: Lock Vault');
          await vaultside().waitForState('locked', second);
          await workbench.page.bringToFront();
          await vaultside().waitForState('locked');
        });
        await second.page.close();
      });
    },
  );

  suite(
    'with the interval set to 0',
    () => ({
      ...control.setup(),
      account: { items },
      settings: { 'vaultside.vaultTimeout': 'never', 'vaultside.sync.intervalMinutes': 0 },
    }),
    (vaultside) => {
      it('is nothing until it is asked for, or the setting changes', async () => {
        const { server, vscode, workbench } = vaultside();
        const checks = () => server.requests.count(checkRoute);
        await vaultside().beginUnlocked();
        server.requests.clear();
        await control.pass(24 * 60);
        await workbench.runCommand('Bitwarden: Sync Vault');
        await until('the question that was asked for', () => checks() > 0);
        assert.equal(checks(), 1);
        server.requests.clear();
        await vscode.writeSettings({ 'vaultside.sync.intervalMinutes': 5 });
        // The extension learns of the change a moment later.
        await until('a question without being asked to', async () => {
          await control.pass(5);
          return checks() > 0;
        });
      });
    },
  );
});
