import assert from 'node:assert/strict';
import { sharedControl } from '../control/controlledExtension';
import { away } from '../host/openVSCode';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { anyKeyFromBase64 } from '../../support/keys';
import { ItemPage } from '../host/itemPage';
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
        // What was fetched shows before the sync is over, from when on the minutes count.
        let minutes = 0;
        await until('the next question', async () => {
          if (minutes++ < 6) await control.pass(1);
          return checks() === 2;
        });
        assert.ok(minutes >= 5);
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
    'with a server that tells of changes',
    () => ({
      ...control.setup(),
      account: { items: [...items, { name: 'GitLab', username: 'kim' }] },
      server: { hub: true },
      settings: { 'vaultside.vaultTimeout': 'never' },
    }),
    (vaultside) => {
      it('shows what changes elsewhere at once, and leaves open rows, an open item and a filter as they are', async () => {
        const { server, tree, workbench } = vaultside();
        const { account } = server;
        const userKey = anyKeyFromBase64(account.plainUserKey);
        const [gitHub, gitLab] = account.ciphers;
        const rename = (name: string) => {
          gitLab!.name = sealText(name, userKey);
          server.tell({ kind: 'item', what: 'changed', cipher: gitLab! });
        };
        await vaultside().beginUnlocked();
        await until('the hub to be listened to', () => server.hub.listeners === 1);
        await tree.expand('Types');
        await tree.expand('Logins');
        await tree.expand('GitHub');
        await tree.click('GitHub');
        const page = new ItemPage(workbench.page);
        await page.waitFor('GitHub');
        await page.focus('Username');
        rename('GitTea');
        await tree.waitForRow('GitTea');
        assert.equal(await tree.row('GitHub').getAttribute('aria-expanded'), 'true');
        await page.waitForFocus('Username');
        await workbench.runCommand('Bitwarden: Filter Items');
        await workbench.quickInput.submit('Git');
        await tree.waitForRow('GitTea');
        rename('Gitolite');
        await tree.waitForRow('Gitolite');
        assert.deepEqual(
          (await tree.rows()).map(({ label }) => label).filter((label) => label.startsWith('Git')),
          ['GitHub', 'Gitolite'],
        );
        await workbench.runCommand('Bitwarden: Clear Filter');
        account.ciphers.splice(account.ciphers.indexOf(gitHub!), 1);
        server.tell({ kind: 'item', what: 'deleted', cipher: gitHub! });
        await tree.row('GitHub').waitFor({ state: 'hidden' });
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
        assert.deepEqual(server.hub.attempts, []);
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
