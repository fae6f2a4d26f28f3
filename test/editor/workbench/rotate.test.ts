import assert from 'node:assert/strict';
import { misbehaviours } from '../../server/misbehaviours';
import { until } from '../host/until';
import { suite } from './suite';

const rotateRoute = 'POST /api/accounts/rotate-api-key';
const keyRoute = 'POST /api/accounts/api-key';
const tokenRoute = 'POST /identity/connect/token';

suite('Rotating the API key', { server: { basePath: '/vault' } }, (vaultside) => {
  /** The client_secret that the last sign-in was done with. */
  const lastSecretUsed = () =>
    new URLSearchParams(vaultside().server.requests.to(tokenRoute).at(-1)?.body).get('client_secret');

  async function toMasterPassword(): Promise<void> {
    await vaultside().workbench.runCommand('Bitwarden: Rotate API Key');
    await vaultside().workbench.modal();
    await vaultside().workbench.pressModal('Rotate API Key');
    await vaultside().quickInput.waitForMessage('Enter your master password to confirm.');
  }

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
    await quickInput.waitForMessage('Closes by itself after');
    assert.equal(await quickInput.box.inputValue(), clientSecret);
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
    await toMasterPassword();
    await quickInput.submit('wrong');
    await quickInput.waitForMessage('Wrong master password. Try again.');
    assert.equal(server.requests.count(rotateRoute), 0);
    await quickInput.submit(server.account.password);
    await workbench.waitForNotification('The API key was rotated, and Vaultside is signed in with the new one.');
    assert.equal(server.requests.count(rotateRoute), 1);
    assert.notEqual(server.account.clientSecret, before);
    assert.equal(lastSecretUsed(), server.account.clientSecret, 'signed in with the new one');

    server.requests.clear();
    await workbench.runCommand('Bitwarden: Sync Vault');
    const newToken = await until('a request with the new token', tokenInUse);
    assert.notEqual(newToken, oldToken, 'the session got with the old key is not used any more');
    await vaultside().waitForState('unlocked');
    assert.equal((await vaultside().wholePage()).includes(server.account.clientSecret), false);
  });

  it('ends all other sessions where that is wanted, and stays unlocked', async () => {
    const { workbench, quickInput, server } = vaultside();
    await toMasterPassword();
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
    await toMasterPassword();
    await quickInput.submit(server.account.password);
    await workbench.waitForNotification('The API key was rotated, and Vaultside is signed in with the new one.');
    assert.notEqual(server.account.clientSecret, before);
    assert.equal(server.requests.count(rotateRoute), 1, 'a rotation is never repeated');
    assert.equal(server.requests.count(keyRoute), 1);
    assert.equal(lastSecretUsed(), server.account.clientSecret);
  });

  it('leaves a way on where the answer got lost and the new key cannot be fetched yet', async () => {
    const { workbench, quickInput, server } = vaultside();
    const before = server.account.clientSecret;
    server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
    server.faults.arm(keyRoute, misbehaviours.serverError);
    await toMasterPassword();
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
    assert.equal(lastSecretUsed(), server.account.clientSecret);
  });
});
