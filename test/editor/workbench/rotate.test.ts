import assert from 'node:assert/strict';
import { misbehaviours } from '../../server/misbehaviours';
import { until } from '../host/until';
import { suite } from './suite';
import type { Vaultside } from './vaultside';

const rotateRoute = 'POST /api/accounts/rotate-api-key';
const keyRoute = 'POST /api/accounts/api-key';
const tokenRoute = 'POST /identity/connect/token';

/** The client_secret that the last sign-in was done with. */
function lastSecretUsed({ server }: Vaultside): string | null {
  return new URLSearchParams(server.requests.to(tokenRoute).at(-1)?.body).get('client_secret');
}

async function toMasterPassword(vaultside: Vaultside): Promise<void> {
  await vaultside.confirmRotation();
  await vaultside.quickInput.waitForMessage('Enter your master password to confirm.');
}

for (const dialect of ['official', 'vaultwarden'] as const) {
  suite(`Rotating the API key on ${dialect}`, { server: { dialect, basePath: '/vault' } }, (vaultside) => {
    beforeEach(async () => {
      await vaultside().beginUnlocked();
      await vaultside().workbench.clearNotifications();
      vaultside().server.requests.clear();
    });

    it('copies the key once the master password is right, and shows it only when asked', async () => {
      const { workbench, quickInput, server } = vaultside();
      const { clientId, clientSecret, password } = server.account;
      await workbench.runCommand('Bitwarden: View API Key');
      await quickInput.waitForMessage('Enter your master password to confirm.');
      assert.ok(await quickInput.isMasked());
      await quickInput.submit('wrong');
      await quickInput.waitForMessage('Wrong master password. Try again.');
      assert.equal(server.requests.count(keyRoute), 0);
      await quickInput.submit(password);
      await workbench.waitForNotification(`The client_secret is on the clipboard. The client_id is ${clientId}.`);
      assert.equal(await workbench.clipboard(), clientSecret);
      assert.equal((await vaultside().wholePage()).includes(clientSecret), false);
      await workbench.pressNotification('The client_secret is on the clipboard', 'Show client_secret');
      await quickInput.waitForPlaceholder('Closes by itself after');
      await quickInput.row(clientSecret).waitFor();
      await quickInput.cancel();
    });

    it('says what else will stop working, and does nothing without a yes', async () => {
      const { workbench, server } = vaultside();
      await workbench.runCommand('Bitwarden: Rotate API Key');
      const { message, detail } = await workbench.modal();
      assert.equal(message, `Rotate the API key of ${server.account.email} at ${server.url.replace('http://', '')}?`);
      for (const named of ['Bitwarden CLI', 'CI jobs', 'scripts', 'other computers', 'up to one hour', 'up to two'])
        assert.ok(detail.includes(named), `${named} in: ${detail}`);
      await workbench.pressModal('Cancel');
      assert.equal(server.requests.count(), 0);
    });

    it('asks until the master password is right, and rotates then', async () => {
      const { workbench, quickInput, server } = vaultside();
      const before = server.account.clientSecret;
      await workbench.runCommand('Bitwarden: Sync Vault');
      const tokenInUse = () => server.requests.to('GET /api/accounts/revision-date').at(-1)?.headers.authorization;
      const oldToken = await until('a request with the old token', tokenInUse);
      await toMasterPassword(vaultside());
      await quickInput.submit('wrong');
      await quickInput.waitForMessage('Wrong master password. Try again.');
      assert.equal(server.requests.count(rotateRoute), 0);
      await quickInput.submit(server.account.password);
      await workbench.waitForNotification('The API key was rotated, and Vaultside is signed in with the new one.');
      await workbench.waitForNotification('Sessions of the old key last for up to one hour on Bitwarden servers');
      assert.equal(server.requests.count(rotateRoute), 1);
      assert.notEqual(server.account.clientSecret, before);
      assert.equal(lastSecretUsed(vaultside()), server.account.clientSecret, 'signed in with the new one');

      server.requests.clear();
      await workbench.runCommand('Bitwarden: Sync Vault');
      const newToken = await until('a request with the new token', tokenInUse);
      assert.notEqual(newToken, oldToken, 'the session got with the old key is not used any more');
      await vaultside().waitForState('unlocked');
      assert.equal((await vaultside().wholePage()).includes(server.account.clientSecret), false);
    });

    it('ends all other sessions where that is wanted, and stays unlocked', async () => {
      const { workbench, quickInput, server } = vaultside();
      await toMasterPassword(vaultside());
      await quickInput.submit(server.account.password);
      await workbench.waitForNotification('The API key was rotated');
      const stamp = server.account.securityStamp;
      await workbench.pressNotification('The API key was rotated', 'Deauthorize All Sessions');
      assert.match((await workbench.modal()).detail, /has to sign in again/);
      await workbench.pressModal('Deauthorize All Sessions');
      await quickInput.waitForMessage('Enter your master password to confirm.');
      await quickInput.submit(server.account.password);
      await workbench.waitForNotification('All other sessions were deauthorized.');
      assert.notEqual(server.account.securityStamp, stamp);
      await vaultside().waitForState('unlocked');
    });

    it('fetches the new key where the answer got lost', async () => {
      const { workbench, quickInput, server } = vaultside();
      const before = server.account.clientSecret;
      server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
      await toMasterPassword(vaultside());
      await quickInput.submit(server.account.password);
      await workbench.waitForNotification('The API key was rotated, and Vaultside is signed in with the new one.');
      assert.notEqual(server.account.clientSecret, before);
      assert.equal(server.requests.count(rotateRoute), 1, 'a rotation is never repeated');
      assert.equal(server.requests.count(keyRoute), 1);
      assert.equal(lastSecretUsed(vaultside()), server.account.clientSecret);
    });

    it('leaves a way on where the answer got lost and the new key cannot be fetched yet', async () => {
      const { workbench, quickInput, server } = vaultside();
      const before = server.account.clientSecret;
      server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
      server.faults.arm(keyRoute, misbehaviours.serverError);
      await toMasterPassword(vaultside());
      await quickInput.submit(server.account.password);
      await workbench.waitForNotification('The answer to the rotation was lost');
      await vaultside().waitForState('unlocked, Finish Rotation');
      assert.notEqual(server.account.clientSecret, before);

      server.faults.clear();
      server.requests.clear();
      await workbench.pressNotification('The answer to the rotation was lost', 'Finish Rotation');
      await quickInput.waitForMessage('Enter your master password to confirm.');
      await quickInput.submit(server.account.password);
      await vaultside().waitForState('unlocked');
      await workbench.waitForNotification('The rotation is finished: the new API key is stored and in use.');
      assert.deepEqual([server.requests.count(rotateRoute), server.requests.count(keyRoute)], [0, 1]);
      await workbench.runCommand('Bitwarden: Sync Vault');
      await workbench.page.getByText('The vault is up to date.').waitFor();
      assert.equal(lastSecretUsed(vaultside()), server.account.clientSecret);
    });
  });
}

suite('A rotation of the API key', {}, (vaultside) => {
  before(() => vaultside().signInAndUnlock());

  it('is finished when VS Code was killed in the middle of it', async () => {
    const { workbench, quickInput, tree, server, vscode } = vaultside();
    const before = server.account.clientSecret;
    const held = server.faults.arm(rotateRoute, misbehaviours.holdAnswer, 1);
    await toMasterPassword(vaultside());
    await quickInput.submit(server.account.password);
    await held.arrived();
    await vscode.restart();
    held.release();
    assert.notEqual(server.account.clientSecret, before);
    await vaultside().waitForState('locked, Finish Rotation');
    await workbench.openSideBar('Bitwarden');
    await tree.welcome().getByText('The answer to the rotation of the API key was lost.').waitFor();
    await tree.welcome().getByRole('button', { name: 'Unlock Vault' }).click();
    await vaultside().enterMasterPassword();
    await workbench.waitForNotification('The rotation is finished: the new API key is stored and in use.');
    await vaultside().waitForState('unlocked');
    assert.equal(server.requests.count(rotateRoute), 1);
    server.expireTokens();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await workbench.page.getByText('The vault is up to date.').waitFor();
    assert.equal(lastSecretUsed(vaultside()), server.account.clientSecret);
  });
});

suite(
  'Rotating the API key of an account without a master password',
  { account: { masterPassword: false } },
  (vaultside) => {
    it('is confirmed by a code, which can be sent again', async () => {
      const { workbench, quickInput, server } = vaultside();
      await vaultside().signInWithoutUnlocking();
      const before = server.account.clientSecret;
      await vaultside().confirmRotation();
      await quickInput.waitForMessage('Enter the code that was sent to you by email.');
      const firstCode = server.account.otp;
      assert.ok(firstCode);
      await quickInput.submit('000000');
      await quickInput.waitForMessage('This code was not accepted. Check it, or have another one sent.');
      await quickInput.press('Send Another Code');
      await quickInput.waitForMessage('Another code is on its way.');
      assert.equal(server.account.clientSecret, before);
      await quickInput.submit(server.account.otp!);
      await workbench.waitForNotification('The API key was rotated, and Vaultside is signed in with the new one.');
      assert.notEqual(server.account.clientSecret, before);
      await vaultside().waitForState('locked');
    });
  },
);
