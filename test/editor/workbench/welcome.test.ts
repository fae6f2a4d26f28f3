import assert from 'node:assert/strict';
import { misbehaviours, accessToken } from '../../server/misbehaviours';
import { createAccount } from '../../server/accounts';
import { startServer } from '../../server/server';
import { until } from '../host/until';
import { suite } from './suite';

suite('An empty vault', { account: { items: [], folders: [] } }, (vaultside) => {
  it('is told in place of a tree, with what can be done', async () => {
    const { tree, workbench } = vaultside();
    await vaultside().signInAndUnlock();
    await tree.welcome().getByText('There is nothing in the vault yet.').waitFor();
    await tree.welcome().getByRole('button', { name: 'Sync Vault' }).click();
    await workbench.page.getByText('The vault is up to date.').waitFor();
  });
});

suite('In place of a tree', { account: { items: [{ name: 'GitHub' }] } }, (vaultside) => {
  beforeEach(() => vaultside().beginUnlocked());

  it('stands that no item matches the filter, and how to see them again', async () => {
    const { tree, workbench, quickInput } = vaultside();
    await workbench.runCommand('Bitwarden: Filter Items');
    await quickInput.submit('nothing is called like that');
    await tree.welcome().getByText('No item matches the filter.').waitFor();
    await tree.welcome().getByRole('button', { name: 'Clear Filter' }).click();
    await tree.waitForRow('Types');
  });

  it('stands that the key was rejected, and that the vault can be unlocked all the same', async () => {
    const { tree, workbench, quickInput, server } = vaultside();
    server.rotateApiKey();
    server.expireTokens();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await vaultside().waitForState('unlocked, Key Rejected');
    await workbench.runCommand('Bitwarden: Lock Vault');
    await tree.welcome().getByText('The server no longer accepts the API key').waitFor();
    await tree.welcome().getByRole('button', { name: 'Unlock Vault' }).click();
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked, Key Rejected');
    await tree.waitForRow('Types');
    await workbench.runCommand('Bitwarden: Lock Vault');
    await tree.welcome().getByRole('button', { name: 'Enter New client_secret' }).click();
    await quickInput.waitForMessage('client_secret that belongs to');
    await quickInput.submit(server.account.clientSecret);
    await vaultside().waitForState('locked');
  });

  it('stands that the server answered for another account, and how to sign in again', async () => {
    const { tree, workbench, quickInput, server } = vaultside();
    const stranger = await createAccount({ email: 'stranger@example.test' });
    const theirs = await startServer({ dialect: 'official', accounts: [stranger] });
    const token = theirs.issueToken();
    await theirs.close();
    server.expireTokens();
    server.faults.arm('/identity/connect/token', accessToken(token), 1);
    await workbench.clearNotifications();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await vaultside().waitForState('locked, Sign In Again');
    await workbench.waitForNotification('The server answered for another account, so the session was ended.');
    await tree.welcome().getByText('The server answered for another account').waitFor();
    await tree.welcome().getByRole('button', { name: 'Sign In Again' }).click();
    await quickInput.waitFor('Unlock Vault');
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked');
  });

  it('stands that there is no vault here yet and why, until there is', async () => {
    const { tree, workbench, quickInput, server } = vaultside();
    await vaultside().beginSignedOut();
    await workbench.clearNotifications();
    server.faults.arm('/api/sync', misbehaviours.serverError);
    await vaultside().enterKey();
    await workbench.waitForNotification('There is no copy of the vault on this computer yet.');
    await vaultside().waitForState('locked, Sync Failed');
    await tree.welcome().getByText('There is no copy of the vault on this computer yet').waitFor();
    server.faults.clear();
    await tree.welcome().getByRole('button', { name: 'Sync Vault' }).click();
    await tree.welcome().getByRole('button', { name: 'Unlock Vault' }).click();
    await quickInput.waitFor('Unlock Vault');
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked');
  });

  it('waits for the first vault before the master password can be typed', async () => {
    const { workbench, quickInput, server } = vaultside();
    await vaultside().beginSignedOut();
    await workbench.clearNotifications();
    const held = server.faults.arm('/api/sync', misbehaviours.hold);
    await vaultside().enterKey();
    await quickInput.waitForMessage('Fetching the vault…');
    await held.arrived();
    await quickInput.waitUntilBusy();
    await workbench.page.keyboard.type('too early');
    assert.equal(await quickInput.box.inputValue(), '');
    await quickInput.cancel();
    await workbench.runCommand('Bitwarden: Unlock Vault');
    await quickInput.waitForMessage('Fetching the vault…');
    held.remove();
    await quickInput.waitForMessage('Master password of');
    assert.deepEqual(await workbench.notifications(), []);
    await workbench.page.keyboard.type(server.account.password);
    await workbench.page.keyboard.press('Enter');
    await vaultside().waitForState('unlocked');
  });

  it('stands nothing until Vaultside has started, not even that there is no data provider, as VS Code says then', async () => {
    const { vscode } = vaultside();
    if ((await vaultside().state()).startsWith('unlocked')) await vaultside().lock();
    const seen: string[] = [];
    await vscode.page.exposeFunction('textOfSideBar', (text: string) => seen.push(text));
    await vscode.page.addInitScript(`
      let last;
      const look = () => {
        const text = document.querySelector('.sidebar .pane-body')?.innerText ?? '';
        if (text !== last) textOfSideBar((last = text));
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    `);
    await vscode.reload();
    await vaultside().waitForState('locked');
    await vaultside().tree.welcome().getByText('The vault is locked.').waitFor();
    await until('what has been on the screen', () => seen.some((text) => text.includes('The vault is locked.')));
    assert.deepEqual(
      seen.filter((text) => text.includes('data provider')),
      [],
    );
  });
});
