import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { until } from '../host/until';
import { suite } from './suite';

const tokenRoute = 'POST /identity/connect/token';

suite('Locking, reloading, starting again, signing out', { account: demoVault }, (vaultside) => {
  before(async () => {
    await vaultside().signInAndUnlock();
  });

  it('clears the clipboard and the tree on lock', async () => {
    const { tree, workbench } = vaultside();
    await tree.expand('Favorites');
    await tree.pressInline('GitHub', 'Copy Password');
    await until('password to be copied', async () => (await workbench.clipboard()) === 'fake-Octocat-Horse-42');
    await vaultside().lock();
    await vaultside().waitForState('locked');
    assert.deepEqual(await tree.rows(), []);
    await until('clipboard to be cleared', async () => (await workbench.clipboard()) === '');
    await vaultside().unlock();
  });

  /** Waits until it is closed, for less than the 30 s after which a shown value closes by itself. */
  async function untilClosedByLock(): Promise<void> {
    await vaultside().quickInput.widget.waitFor({ state: 'hidden', timeout: 15_000 });
  }

  async function viewApiKey(): Promise<void> {
    await vaultside().workbench.runCommand('Bitwarden: View API Key');
    await vaultside().quickInput.waitForMessage('Enter your master password to confirm.');
    await vaultside().enterMasterPassword();
  }

  const secretOnScreen: Record<string, () => Promise<void>> = {
    'a value that is shown': async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Show Field');
      await vaultside().searchFor('github', 'GitHub');
      await quickInput.choose('Password');
      await quickInput.waitForPlaceholder('Closes by itself after');
      await quickInput.row('fake-Octocat-Horse-42').waitFor();
    },
    'the search': async () => {
      await vaultside().workbench.runCommand('Bitwarden: Search Vault');
      await vaultside()
        .quickInput.row(/GitHub$/)
        .first()
        .waitFor();
    },
    'the choice of a field': async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Copy Field');
      await vaultside().searchFor('github', 'GitHub');
      await quickInput.row('Personal access token').waitFor();
    },
    'the filter': async () => {
      await vaultside().workbench.runCommand('Bitwarden: Filter Items');
      await vaultside().quickInput.waitForMessage('Name, username, website');
    },
    'the client_secret that is shown': async () => {
      await viewApiKey();
      await vaultside().workbench.pressNotification('The client_secret is on the clipboard', 'Show client_secret');
      await vaultside().quickInput.waitForPlaceholder('Closes by itself after');
    },
    'the question for the master password of an item': async () => {
      const { tree, quickInput } = vaultside();
      await tree.pressInline('AWS (sandbox)', 'Copy Password');
      await quickInput.waitForMessage('AWS (sandbox) asks for your master password again.');
    },
  };
  for (const [what, open] of Object.entries(secretOnScreen)) {
    it(`closes ${what} on lock, and clears the clipboard`, async () => {
      const { tree, workbench } = vaultside();
      await tree.expand('Favorites');
      await tree.pressInline('GitHub', 'Copy Password');
      await until('password to be copied', async () => (await workbench.clipboard()) === 'fake-Octocat-Horse-42');
      await open();
      await workbench.page.keyboard.press('Control+Alt+L');
      await untilClosedByLock();
      await vaultside().waitForState('locked');
      await until('clipboard to be cleared', async () => (await workbench.clipboard()) === '');
      await vaultside().unlock();
    });
  }

  it('asks again before it shows the client_secret that it offered before the lock', async () => {
    const { workbench, quickInput } = vaultside();
    await viewApiKey();
    await workbench.waitForNotification('The client_secret is on the clipboard');
    await workbench.page.keyboard.press('Control+Alt+L');
    await vaultside().waitForState('locked');
    await workbench.pressNotification('The client_secret is on the clipboard', 'Show client_secret');
    await quickInput.waitForMessage('Enter your master password to confirm.');
    await quickInput.cancel();
    await vaultside().unlock();
  });

  const press = (key: string) => () => vaultside().workbench.page.keyboard.press(key);
  const closings = [
    { how: 'at Enter', close: press('Enter') },
    {
      how: 'on lock',
      close: async () => {
        await press('Control+Alt+L')();
        await untilClosedByLock();
      },
    },
  ];
  for (const { how, close } of closings) {
    it(`leaves nothing in the page of a value that was shown, when it closes ${how}`, async () => {
      const { workbench, quickInput } = vaultside();
      const inPage = async (text: string) => (await vaultside().wholePage()).includes(text);
      await workbench.runCommand('Bitwarden: Show Field');
      await vaultside().searchFor('GitHub', 'GitHub');
      await quickInput.choose('Password');
      await until('the password to be shown', () => inPage('fake-Octocat-Horse-42'));
      await close();
      await quickInput.waitUntilGone();
      assert.equal(await inPage('fake-Octocat-Horse-42'), false);
      if (how === 'on lock') await vaultside().unlock();
    });
  }

  it('does not disturb a window by another one that opens, is unlocked along with it, and closes', async () => {
    const { tree, vscode, workbench, server } = vaultside();
    await vaultside().untilKept();
    server.requests.clear();
    const second = await vscode.newWindow();
    // With its page the secrets of a window go, so one that goes in the middle of a sync may sign in once more.
    await until('the sync after unlocking', () => server.requests.count('GET /api/accounts/revision-date') > 0);
    await vaultside().afterSyncing(second);
    await second.page.close();
    await workbench.page.bringToFront();
    await tree.expand('Favorites');
    await tree.pressInline('GitHub', 'Copy Password');
    await until('password to be copied', async () => (await workbench.clipboard()) === 'fake-Octocat-Horse-42');
    await workbench.runCommand('Bitwarden: Sync Vault');
    await workbench.page.getByText('The vault is up to date.').waitFor();
    assert.equal(server.requests.count(tokenRoute), 0, 'both windows share one session');
    // Besides, the latest lock stays on record for windows that have not seen it, as does the latest unlock for all windows,
    // what was copied until it is cleared, and which window listens to the hub.
    const passing = /\.(lockSignal|kept|used)$|^copied-|^live-/;
    const files = vaultside().storedFiles();
    assert.deepEqual(
      files.filter((name) => !passing.test(name)),
      vaultside().filesOfAccount,
    );
  });

  it('is locked after the reload of a locked window, still signed in, and keeps the session', async () => {
    const { vscode, server } = vaultside();
    await vaultside().lock();
    await vscode.reload();
    await vaultside().waitForState('locked');
    await vaultside().unlock();
    await vaultside().waitForState('unlocked');
    assert.equal(server.requests.count(tokenRoute), 0);
  });

  it('starts, unlocks, browses and copies with no server in reach, and says that it is offline', async () => {
    const { vscode, tree, workbench } = vaultside();
    await vaultside().takeServerDown();
    await vscode.restart();
    await vaultside().waitForState('locked');
    await vaultside().unlock();
    await vaultside().waitForState('unlocked, Offline');
    await tree.expand('Favorites');
    await tree.pressInline('GitHub', 'Copy Password');
    await until('password to be copied', async () => (await workbench.clipboard()) === 'fake-Octocat-Horse-42');
    assert.match(await workbench.statusTooltip('vaultside.status'), /cannot be reached/);

    await vaultside().bringServerBack();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await workbench.page.getByText('The vault is up to date.').waitFor();
    await vaultside().waitForState('unlocked');
  });

  it('leaves nothing behind on sign-out', async () => {
    const { vscode, workbench, tree } = vaultside();
    assert.notDeepEqual(vaultside().storedFiles(), []);
    await workbench.runCommand('Bitwarden: Sign Out');
    assert.match((await workbench.modal()).detail, /removed from this computer, in all windows/);
    await workbench.pressModal('Sign Out');
    await tree.welcome().getByText('Sign in with the personal API key').waitFor();
    await vaultside().waitForState('signed out');
    await until('all files to be gone', () => vaultside().storedFiles().length === 0);
    await vscode.reload();
    await vaultside().waitForState('signed out');
  });
});
