import assert from 'node:assert/strict';
import { createAccount } from '../../server/accounts';
import { ControlledExtension } from '../control/controlledExtension';
import { until } from '../host/until';
import type { Workbench } from '../host/workbench';
import { suite } from './suite';

const rotateRoute = 'POST /api/accounts/rotate-api-key';
const tokenRoute = 'POST /identity/connect/token';

/** Two windows that share their secrets and hear of changes, as those of desktop VS Code do. */
describe('Two windows', () => {
  const control = new ControlledExtension({ sharedSecrets: 'telling' });

  after(() => {
    control.remove();
  });

  suite(
    'of one account',
    () => ({ ...control.setup(), account: { items: [{ name: 'GitHub', password: 'not-a-real-one' }] } }),
    (vaultside) => {
      let second: Workbench;

      const inSecond = (spoken: string) => vaultside().waitForState(spoken, second);
      const inBoth = async (spoken: string) => {
        await vaultside().waitForState(spoken);
        await inSecond(spoken);
      };

      async function unlockSecond(): Promise<void> {
        await second.runCommand('Bitwarden: Unlock Vault');
        await second.quickInput.waitForMessage('Master password of');
        await second.quickInput.submit(vaultside().server.account.password);
        await inSecond('unlocked');
      }

      before(async () => {
        await vaultside().signInAndUnlock();
        second = await vaultside().vscode.newWindow();
        await inSecond('locked');
      });

      beforeEach(async () => {
        await vaultside().workbench.page.bringToFront();
        await vaultside().beginUnlocked();
        await second.page.bringToFront();
        await inSecond('locked');
        await unlockSecond();
        vaultside().server.requests.clear();
      });

      afterEach(async () => {
        await second.dismiss();
        await vaultside().workbench.page.bringToFront();
        await vaultside().lock();
      });

      after(async () => {
        await second.page.close();
      });

      it('are locked by one, and what shows a secret closes in both', async () => {
        const { workbench } = vaultside();
        await second.runCommand('Bitwarden: Show Field');
        await second.quickInput.choose('GitHub');
        await second.quickInput.choose('Password');
        await second.quickInput.waitForPlaceholder('Closes by itself after');
        await workbench.page.bringToFront();
        await workbench.runCommand('Bitwarden: Lock Vault');
        await inBoth('locked');
        await second.page.bringToFront();
        await second.quickInput.waitUntilGone();
        await workbench.page.bringToFront();
        await vaultside().unlock();
      });

      it('go on with the key that one has rotated, and neither calls it rejected', async () => {
        const { workbench, quickInput, server } = vaultside();
        const tokenInUse = () => server.requests.to('GET /api/accounts/revision-date').at(-1)?.headers.authorization;
        const syncInSecond = async () => {
          server.requests.clear();
          await second.page.bringToFront();
          await second.runCommand('Bitwarden: Sync Vault');
          return until('a request of the second window', tokenInUse);
        };
        const oldToken = await syncInSecond();
        await workbench.page.bringToFront();
        await workbench.runCommand('Bitwarden: Rotate API Key');
        await workbench.modal();
        await workbench.pressModal('Rotate API Key');
        await quickInput.waitForMessage('Enter your master password to confirm.');
        await quickInput.submit(server.account.password);
        await workbench.waitForNotification('The API key was rotated, and Vaultside is signed in with the new one.');
        assert.notEqual(await syncInSecond(), oldToken, 'the session got with the old key is not used any more');
        server.expireTokens();
        await syncInSecond();
        const signIn = await until('a sign-in', () => server.requests.to(tokenRoute)[0]);
        assert.equal(new URLSearchParams(signIn.body).get('client_secret'), server.account.clientSecret);
        await inBoth('unlocked');
        assert.equal(server.requests.count(rotateRoute), 0);
      });

      it('both know of a key that was rotated elsewhere, one says so, and either takes the new one', async () => {
        const { workbench, server } = vaultside();
        server.rotateApiKey();
        server.expireTokens();
        await workbench.page.bringToFront();
        await workbench.clearNotifications();
        await workbench.runCommand('Bitwarden: Sync Vault');
        await inBoth('unlocked, Key Rejected');
        await workbench.waitForNotification('it was rotated elsewhere');
        await second.page.bringToFront();
        assert.deepEqual(await second.notifications(), []);
        await second.runCommand('Bitwarden: Enter New client_secret');
        await second.quickInput.waitForMessage('client_secret that belongs to');
        await second.quickInput.submit(server.account.clientSecret);
        await second.waitForNotification('Signed in with the new client_secret.');
        await inBoth('unlocked');
        await second.clearNotifications();
      });

      it('are signed out by one; what the other was asking is closed, or goes to nobody else', async () => {
        const { workbench, server } = vaultside();
        const next = await createAccount({ email: 'next@example.test' });
        server.accounts.push(next);
        await second.runCommand('Bitwarden: Sign Out');
        await second.modal();
        await workbench.page.bringToFront();
        await vaultside().signOut();
        await inSecond('signed out');

        const [first] = server.accounts.splice(0, 1);
        await vaultside().signIn();
        await vaultside().quickInput.cancel();
        await inBoth('locked');
        await second.page.bringToFront();
        await second.pressModal('Sign Out');
        await second.waitForNotification('The account was changed meanwhile, in another window. Nothing was done.');
        await inBoth('locked');

        await second.clearNotifications();
        await second.runCommand('Bitwarden: Unlock Vault');
        await second.quickInput.waitForMessage('Master password of next@example.test');
        await workbench.page.bringToFront();
        await vaultside().signOut();
        await second.page.bringToFront();
        await second.quickInput.waitUntilGone();
        await until('all files to be gone', () => vaultside().storedFiles().length === 0);

        server.accounts.splice(0, 1, first!);
        await workbench.page.bringToFront();
        await vaultside().signInAndUnlock();
      });
    },
  );
});
