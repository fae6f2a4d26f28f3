import assert from 'node:assert/strict';
import { createAccount } from '../../server/accounts';
import { misbehaviours } from '../../server/misbehaviours';
import { ControlledExtension } from '../control/controlledExtension';
import { until } from '../host/until';
import { Workbench } from '../host/workbench';
import { suite } from './suite';
import type { Vaultside } from './vaultside';

const rotateRoute = 'POST /api/accounts/rotate-api-key';
const keyRoute = 'POST /api/accounts/api-key';
const tokenRoute = 'POST /identity/connect/token';

/** What the tests of two windows work with. */
interface Both {
  readonly vaultside: () => Vaultside;
  readonly second: () => Workbench;
  readonly inSecond: (spoken: string) => Promise<void>;
  readonly inBoth: (spoken: string) => Promise<void>;
}

/** Two windows of one account, both unlocked when a test begins. */
function twoWindows(name: string, setup: Parameters<typeof suite>[1], tests: (both: Both) => void): void {
  suite(name, setup, (vaultside) => {
    let second: Workbench;

    const inSecond = (spoken: string) => vaultside().waitForState(spoken, second);
    const inBoth = async (spoken: string) => {
      await vaultside().waitForState(spoken);
      await inSecond(spoken);
    };

    before(async () => {
      await vaultside().signInAndUnlock();
      second = await vaultside().vscode.newWindow();
      await inSecond('locked');
    });

    beforeEach(async () => {
      await vaultside().workbench.page.bringToFront();
      if ((await vaultside().afterSyncing()) === 'locked') await vaultside().unlock();
      await vaultside().beginUnlocked();
      await second.page.bringToFront();
      await inSecond('locked');
      await vaultside().unlockIn(second);
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

    it('are locked by one while the other waits for its API key, which then reaches no clipboard', async () => {
      const { workbench, server } = vaultside();
      await second.writeClipboard('what was there before');
      const held = server.faults.arm(keyRoute, misbehaviours.holdAnswer, 1);
      await second.runCommand('Bitwarden: View API Key');
      await second.quickInput.waitForMessage('Enter your master password to confirm.');
      await second.quickInput.submit(server.account.password);
      await held.arrived();
      await workbench.page.bringToFront();
      await workbench.runCommand('Bitwarden: Lock Vault');
      await inBoth('locked');
      held.release();
      await second.page.bringToFront();
      await second.waitForNotification('The vault is locked.');
      assert.equal(await second.clipboard(), 'what was there before');
      await second.clearNotifications();
      await workbench.page.bringToFront();
      await vaultside().unlock();
    });

    tests({ vaultside, second: () => second, inSecond, inBoth });
  });
}

const account = { items: [{ name: 'GitHub', password: 'not-a-real-one' }] };
/** So that each window is in a state of its own. That one unlocks all is shown by `shared.test.ts`. */
const settings = { 'vaultside.unlock': 'thisWindow' };

/** The two windows share their secrets and get events for changes, as on desktop VS Code. */
describe('Two windows', () => {
  const control = new ControlledExtension({ sharedSecrets: 'telling' });

  after(() => {
    control.remove();
  });

  twoWindows(
    'of one account',
    () => ({ ...control.setup(), account, settings }),
    ({ vaultside, second, inSecond, inBoth }) => {
      it('go on with the key that one has rotated, and neither calls it rejected', async () => {
        const { workbench, server } = vaultside();
        const tokenInUse = () => server.requests.to('GET /api/accounts/revision-date').at(-1)?.headers.authorization;
        const syncInSecond = async (before: () => void = () => undefined) => {
          // One that is under way, as after a rotation, would be that of the command.
          await vaultside().waitForState('unlocked', second());
          server.requests.clear();
          before();
          await second().page.bringToFront();
          await second().runCommand('Bitwarden: Sync Vault');
          return until('a request of the second window', tokenInUse);
        };
        const oldToken = await syncInSecond();
        await workbench.page.bringToFront();
        await vaultside().rotateApiKey();
        assert.notEqual(await syncInSecond(), oldToken, 'the session got with the old key is not used any more');
        // A sync of the first window that is still under way would sign in before the second one could.
        await vaultside().afterSyncing();
        await syncInSecond(() => server.expireTokens());
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
        await second().page.bringToFront();
        assert.deepEqual(await second().notifications(), []);
        await second().runCommand('Bitwarden: Enter New client_secret');
        await second().quickInput.waitForMessage('client_secret that belongs to');
        await second().quickInput.submit(server.account.clientSecret);
        await second().waitForNotification('Signed in with the new client_secret.');
        await inBoth('unlocked');
        await second().clearNotifications();
      });

      it('are signed out by one; what the other was asking is closed, or goes to nobody else', async () => {
        const { workbench, server } = vaultside();
        const next = await createAccount({ email: 'next@example.test' });
        server.accounts.push(next);
        await second().runCommand('Bitwarden: Sign Out');
        await second().modal();
        await workbench.page.bringToFront();
        await vaultside().signOut();
        await inSecond('signed out');

        const [first] = server.accounts.splice(0, 1);
        await vaultside().signIn();
        await vaultside().quickInput.cancel();
        await inBoth('locked');
        await second().page.bringToFront();
        await second().pressModal('Sign Out');
        await second().waitForNotification('The account was changed meanwhile, in another window. Nothing was done.');
        await inBoth('locked');

        await second().clearNotifications();
        await second().runCommand('Bitwarden: Unlock Vault');
        await second().quickInput.waitForMessage('Master password of next@example.test');
        await workbench.page.bringToFront();
        await vaultside().signOut();
        await second().page.bringToFront();
        await second().quickInput.waitUntilGone();
        await until('all files to be gone', () => vaultside().storedFiles().length === 0);

        server.accounts.splice(0, 1, first!);
        await workbench.page.bringToFront();
        await vaultside().signInAndUnlock();
      });
    },
  );
});

/**
 * Each window reads the secrets when it is opened, and gets no event for changes. What the other must know goes by
 * files.
 */
twoWindows('Two windows of a browser', { account, settings }, ({ vaultside, second, inSecond, inBoth }) => {
  const reloadSecond = async () => {
    await second().page.reload();
    await Workbench.ready(second().page);
  };

  it('are both locked when one finds that the account was changed, and both go on when one has signed in again', async () => {
    const { workbench, server } = vaultside();
    server.clock.advance(1);
    server.changeSecurityStamp();
    await workbench.page.bringToFront();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await inBoth('locked, Sign In Again');
    await workbench.clearNotifications();
    await workbench.runCommand('Bitwarden: Sign In Again');
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked');
    await inSecond('locked');
    await second().page.bringToFront();
    await second().clearNotifications();
  });

  it('say so in the second where the first has stored another API key, which it uses once it is reloaded', async () => {
    const { workbench, server } = vaultside();
    await workbench.page.bringToFront();
    await vaultside().rotateApiKey();
    await workbench.clearNotifications();
    await inSecond('unlocked, Reload Window');
    await second().page.bringToFront();
    await reloadSecond();
    await inSecond('locked');
    await vaultside().afterSyncing();
    server.expireTokens();
    server.requests.clear();
    await second().runCommand('Bitwarden: Sync Vault');
    const signIn = await until('a sign-in', () => server.requests.to(tokenRoute)[0]);
    assert.equal(new URLSearchParams(signIn.body).get('client_secret'), server.account.clientSecret);
    await inSecond('locked');
  });

  it('are signed out by one', async () => {
    await vaultside().workbench.page.bringToFront();
    await vaultside().signOut();
    await inSecond('signed out');
    await until('all files to be gone', () => vaultside().storedFiles().length === 0);
    await vaultside().signInAndUnlock();
    await reloadSecond();
    await inSecond('locked');
  });
});
