import assert from 'node:assert/strict';
import { suite } from './suite';

const tokenRoute = 'POST /identity/connect/token';
const checkRoute = 'GET /api/config';

suite(
  'Signing in',
  {
    server: { basePath: '/vault' },
    keyInEnvironment: true,
  },
  (vaultside) => {
    beforeEach(async () => {
      await vaultside().beginSignedOut();
      vaultside().server.requests.clear();
    });

    it('begins in the side bar, which says where the key is', async () => {
      const welcome = vaultside().tree.welcome();
      await welcome.getByText('Sign in with the personal API key').waitFor();
      await welcome.getByText('where to find it').waitFor();
      await welcome.getByRole('button', { name: 'Sign In with API Key' }).click();
      await vaultside().quickInput.waitFor('Sign In with API Key (1/');
      const regions = (await vaultside().quickInput.rows()).map(({ label, description }) => `${label}: ${description}`);
      assert.deepEqual(regions, [
        'Bitwarden US: vault.bitwarden.com',
        'Bitwarden EU: vault.bitwarden.eu',
        'Self-hosted: your own Bitwarden or Vaultwarden server',
      ]);
      await vaultside().quickInput.cancel();
    });

    it('shows a self-hosted address in full, and refuses plain http to another machine', async () => {
      const { quickInput, server, workbench } = vaultside();
      await workbench.runCommand('Bitwarden: Sign In with API Key');
      await quickInput.choose('Self-hosted');
      await quickInput.waitForMessage(/Address of your server|Connects to/);
      await quickInput.type('http://vault.example.org');
      await quickInput.waitForMessage('The address must start with https://');
      await quickInput.type('vault.example.org/sub/');
      await quickInput.waitForMessage('Connects to https://vault.example.org/sub');
      await quickInput.type(server.url);
      await quickInput.waitForMessage(`Connects to ${server.url}`);
      await quickInput.submit();
      await quickInput.waitFor(`Sign In to ${server.url.replace('http://', '')}`);
      await quickInput.cancel();
    });

    it('takes addresses of their own for API and identity, and uses those', async () => {
      const { quickInput, server, workbench } = vaultside();
      // The server is only at the two addresses that are given.
      const elsewhere = server.url.replace('/vault', '/nothing-here');
      await workbench.runCommand('Bitwarden: Sign In with API Key');
      await quickInput.choose('Self-hosted');
      await quickInput.waitForMessage(/Address of your server|Connects to/);
      await quickInput.press('Separate API and Identity Addresses');
      await quickInput.waitForMessage('The API and identity addresses are asked for next.');
      await quickInput.submit(elsewhere);
      await quickInput.waitForMessage('Address of the API');
      assert.equal(await quickInput.placeholder(), `${elsewhere}/api`);
      await quickInput.type('http://api.example.org');
      await quickInput.waitForMessage('The address must start with https://');
      await quickInput.submit(server.urls.api);
      await quickInput.waitForMessage('Address of the identity service');
      assert.equal(await quickInput.placeholder(), `${elsewhere}/identity`);
      await quickInput.submit(server.urls.identity);
      await quickInput.choose('Enter a key');
      await quickInput.waitForMessage('client_id of your personal API key');
      await quickInput.submit(server.account.clientId);
      await quickInput.waitForMessage('client_secret that belongs to');
      await quickInput.submit(server.account.clientSecret);
      await quickInput.waitFor('Unlock Vault');
      await vaultside().enterMasterPassword();
      await vaultside().waitForState('unlocked');
      assert.deepEqual(
        server.requests.to().filter(({ status }) => status !== 200),
        [],
      );
      assert.ok(server.requests.count('/api/sync') > 0);
    });

    it('goes back step by step, with what was entered still there', async () => {
      const { quickInput, server } = vaultside();
      await toServerChosen();
      await quickInput.choose('Enter a key');
      await quickInput.waitForMessage('client_id of your personal API key');
      await quickInput.submit(server.account.clientId);
      await quickInput.waitForMessage('client_secret that belongs to');
      await quickInput.back();
      await quickInput.waitForMessage('A personal API key');
      assert.equal(await quickInput.box.inputValue(), server.account.clientId);
      await quickInput.back();
      await quickInput.row('Enter a key').waitFor();
      await quickInput.back();
      await quickInput.waitForMessage('Connects to');
      assert.equal(await quickInput.box.inputValue(), server.url);
      await quickInput.back();
      await quickInput.row('Bitwarden EU').waitFor();
      await quickInput.cancel();
    });

    it("explains an organisation's key where it is typed", async () => {
      const { quickInput, server } = vaultside();
      await toServerChosen();
      await quickInput.choose('Enter a key');
      await quickInput.waitForMessage('client_id of your personal API key');
      await quickInput.submit(server.account.clientId.replace('user.', 'organization.'));
      await quickInput.waitForMessage(
        'This is the key of an organization. It manages members and cannot open a vault.',
      );
      await quickInput.waitForMessage('Settings > Security > Keys');
      await quickInput.cancel();
      assert.equal(server.requests.count(tokenRoute), 0, 'nothing of this is worth a request');
    });

    it('keeps asking for the secret until the server takes it, and stores nothing before', async () => {
      const { quickInput, server, vscode } = vaultside();
      await toServerChosen();
      await quickInput.choose('Enter a key');
      await quickInput.waitForMessage('client_id of your personal API key');
      await quickInput.submit(server.account.clientId);
      await quickInput.waitForMessage(`client_secret that belongs to ${server.account.clientId}`);
      assert.ok(await quickInput.isMasked());
      await quickInput.submit('n0tTheRightSecretOfThisAccount');
      await quickInput.waitForMessage('does not accept this API key. Check client_id and client_secret.');
      assert.deepEqual(
        server.requests.to().map(({ method, path, status }) => `${method} ${path} ${status}`),
        [`${checkRoute} 200`, `${tokenRoute} 400`],
      );
      await vaultside().waitForState('signed out');
      await quickInput.cancel();
      await vscode.reload();
      await vaultside().waitForState('signed out');
      assert.deepEqual(vaultside().storedFiles(), [], 'nothing of a refused pair is kept');

      await vaultside().signIn();
      await quickInput.waitForMessage(
        `Master password of ${server.account.email} at ${server.url.replace('http://', '')}`,
      );
      await vaultside().waitForState('locked');
      assert.deepEqual(vaultside().storedFiles(), vaultside().filesOfAccount);
      assert.equal(server.requests.to(tokenRoute).at(-1)?.status, 200);
      assert.ok(
        server.requests.to().every(({ headers }) => headers['bitwarden-client-name'] && headers['device-type']),
      );
      await quickInput.cancel();
    });

    it('takes a key that is pasted whole, and shows nothing of its client_secret', async () => {
      const { quickInput, server, workbench } = vaultside();
      const { clientId, clientSecret } = server.account;
      await toServerChosen();
      await quickInput.choose('Enter a key');
      await quickInput.waitForMessage('client_id of your personal API key');
      await workbench.writeClipboard(
        `client_id:\n${clientId}\nclient_secret:\n${clientSecret}\nscope:\napi\ngrant_type:\nclient_credentials`,
      );
      await quickInput.box.press('ControlOrMeta+V');
      await quickInput.waitForMessage('A personal API key with its client_secret. Enter signs in.');
      assert.equal(await quickInput.box.inputValue(), clientId);
      await quickInput.box.press('ControlOrMeta+Z');
      assert.ok(!(await vaultside().wholePage()).includes(clientSecret));
      await quickInput.submit(clientId);
      await quickInput.waitForMessage('Master password of');
      assert.equal(server.requests.to(tokenRoute)[0]?.status, 200);
      await quickInput.cancel();
    });

    it('begins with the server of the last time', async () => {
      const { quickInput, server, workbench } = vaultside();
      await workbench.runCommand('Bitwarden: Sign In with API Key');
      await quickInput.row('Self-hosted').waitFor();
      await quickInput.submit();
      await quickInput.waitForMessage(`Connects to ${server.url}`);
      await quickInput.submit();
      await quickInput.row('Enter a key').waitFor();
      await quickInput.cancel();
    });

    it('says at the address that no Bitwarden server answers there, and goes on all the same', async () => {
      const { quickInput, server, workbench } = vaultside();
      await workbench.runCommand('Bitwarden: Sign In with API Key');
      await quickInput.choose('Self-hosted');
      await quickInput.waitForMessage('Connects to');
      await quickInput.submit(server.url.replace('/vault', '/elsewhere'));
      await quickInput.waitForMessage(
        /does not know this request \(404\)\. Check the server address\. Press Enter to continue/,
      );
      await quickInput.submit(server.url);
      await quickInput.row('Enter a key').waitFor();
      await quickInput.back();
      await vaultside().takeServerDown();
      try {
        await quickInput.waitForMessage('Connects to');
        await quickInput.submit();
        await quickInput.waitForMessage(/cannot be reached\. .* Press Enter to continue anyway\./);
        await quickInput.submit();
        await quickInput.row('Enter a key').waitFor();
        await quickInput.cancel();
      } finally {
        await vaultside().bringServerBack();
      }
    });

    it('offers the pair of the environment, and asks for nothing else then', async () => {
      const { quickInput, server } = vaultside();
      await toServerChosen();
      await quickInput.row('Use the key from the environment').waitFor();
      const [offered] = await quickInput.rows();
      assert.equal(offered?.description, server.account.clientId);
      assert.equal((await vaultside().wholePage()).includes(server.account.clientSecret), false);
      server.requests.clear();
      await quickInput.choose('Use the key from the environment');
      await quickInput.waitFor('Unlock Vault');
      const body = new URLSearchParams(server.requests.to(tokenRoute)[0]?.body);
      assert.equal(body.get('client_secret'), server.account.clientSecret);
      await quickInput.cancel();
    });

    it('asks for the source of the key no more where the setting answers that', async () => {
      const { quickInput, vscode, server } = vaultside();
      await vscode.writeSettings({ 'vaultside.signIn.useEnvironment': true });
      await toServerChosen();
      await quickInput.waitFor('Unlock Vault');
      assert.equal(server.requests.to(tokenRoute)[0]?.status, 200);
      await quickInput.cancel();
    });

    async function toServerChosen(): Promise<void> {
      const { quickInput, server, workbench } = vaultside();
      await workbench.runCommand('Bitwarden: Sign In with API Key');
      await quickInput.choose('Self-hosted');
      await quickInput.waitForMessage(/Address of your server|Connects to/);
      await quickInput.submit(server.url);
    }
  },
);
