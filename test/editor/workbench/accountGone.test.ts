import assert from 'node:assert/strict';
import { until } from '../host/until';
import { suite } from './suite';
import type { Vaultside } from './vaultside';

/** Signs out while a box is open. The palette would close the box; the question whether to sign out does not. */
async function signOutBeside(message: string, { workbench, quickInput }: Vaultside): Promise<void> {
  await quickInput.waitForMessage(message);
  await workbench.page.keyboard.press('Control+Alt+O');
  await workbench.modal();
  await quickInput.waitForMessage(message);
  await workbench.pressModal('Sign Out');
}

suite('When the account goes', {}, (vaultside) => {
  beforeEach(() => vaultside().beginUnlocked());

  it('closes the question for the master password', async () => {
    await vaultside().workbench.runCommand('Bitwarden: View API Key');
    await signOutBeside('Enter your master password to confirm.', vaultside());
    await vaultside().quickInput.waitUntilGone();
    await vaultside().waitForState('signed out');
  });

  it('closes the question for a new client_secret', async () => {
    const { workbench, server } = vaultside();
    server.rotateApiKey();
    server.expireTokens();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await vaultside().waitForState('unlocked, Key Rejected');
    await workbench.runCommand('Bitwarden: Enter New client_secret');
    await signOutBeside('client_secret that belongs to', vaultside());
    await vaultside().quickInput.waitUntilGone();
    await vaultside().waitForState('signed out');
  });

  it('shows nothing of the client_secret that it offered before', async () => {
    const { workbench, quickInput, server } = vaultside();
    await vaultside().lock();
    await workbench.runCommand('Bitwarden: View API Key');
    await quickInput.waitForMessage('Enter your master password to confirm.');
    await vaultside().enterMasterPassword();
    await workbench.waitForNotification('The client_secret is on the clipboard');
    await vaultside().signOut();
    await workbench.pressNotification('The client_secret is on the clipboard', 'Show client_secret');
    // VS Code handles this key after what the button does.
    await workbench.page.keyboard.press('Control+Alt+G');
    const channel = workbench.page.locator('.part.panel select').first();
    await until('the log to be shown', async () => (await channel.inputValue()) === 'Vaultside for Bitwarden');
    assert.ok(!(await vaultside().wholePage()).includes(server.account.clientSecret));
  });
});

suite(
  'When an account without a master password goes',
  {
    account: { masterPassword: false },
  },
  (vaultside) => {
    it('closes the question for the code', async () => {
      const { workbench, quickInput } = vaultside();
      await vaultside().signInWithoutUnlocking();
      await workbench.runCommand('Bitwarden: View API Key');
      await signOutBeside('Enter the code that was sent to you by email.', vaultside());
      await quickInput.waitUntilGone();
      await vaultside().waitForState('signed out');
    });
  },
);
