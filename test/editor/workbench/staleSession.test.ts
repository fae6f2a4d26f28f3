import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { changeMasterPassword } from '../../server/masterPassword';
import { misbehaviours } from '../../server/misbehaviours';
import { until } from '../host/until';
import { suite } from './suite';

const tokenRoute = 'POST /identity/connect/token';

for (const dialect of ['official', 'vaultwarden'] as const) {
  suite(`A session that ${dialect} no longer wants`, { account: demoVault, server: { dialect } }, (vaultside) => {
    beforeEach(async () => {
      await vaultside().beginUnlocked();
      await vaultside().workbench.clearNotifications();
      vaultside().server.requests.clear();
    });

    it('after a rotation elsewhere: says so once, stays readable, and takes the new client_secret', async () => {
      const { workbench, quickInput, tree, server } = vaultside();
      server.rotateApiKey();
      server.expireTokens();
      await workbench.runCommand('Bitwarden: Sync Vault');
      await vaultside().waitForState('unlocked, Key Rejected');
      await workbench.waitForNotification('The server no longer accepts the API key: it was rotated elsewhere');
      await until('one notification, and no more', async () => (await workbench.notifications()).length === 1);
      assert.match(await workbench.statusTooltip('vaultside.status'), /rotated elsewhere/);
      await tree.expand('Favorites');
      await tree.pressInline('GitHub', 'Copy Password');
      await until('password to be copied', async () => (await workbench.clipboard()) === 'fake-Octocat-Horse-42');

      await workbench.pressNotification('rotated elsewhere', 'Enter New client_secret');
      await quickInput.waitForMessage(`client_secret that belongs to ${server.account.clientId}`);
      assert.ok(await quickInput.isMasked());
      await quickInput.submit('n0tTheNewSecretOfThisAccount00');
      await quickInput.waitForMessage(`does not accept this ${dialect === 'official' ? 'API key' : 'client_secret'}`);
      await quickInput.submit(server.account.clientSecret);
      await workbench.waitForNotification('Signed in with the new client_secret.');
      await vaultside().waitForState('unlocked');
      assert.equal(server.requests.to(tokenRoute).at(-1)?.status, 200);
    });

    it('after the account was changed elsewhere: locks, says so once, and signs in again', async () => {
      const { workbench, quickInput, tree, server } = vaultside();
      server.changeSecurityStamp();
      await workbench.runCommand('Bitwarden: Sync Vault');
      await vaultside().waitForState('locked, Sign In Again');
      await workbench.waitForNotification(
        'The master password or the security settings of the account changed elsewhere.',
      );
      await until('one notification, and no more', async () => (await workbench.notifications()).length === 1);
      await tree.welcome().getByText('changed elsewhere').waitFor();
      await workbench.pressNotification('changed elsewhere', 'Sign In Again');
      await quickInput.waitFor('Unlock Vault');
      await vaultside().enterMasterPassword();
      await vaultside().waitForState('unlocked');
      await tree.waitForRow('Favorites');
    });

    it('after the account was deleted: says so once, stays readable, warns who signs out, and is back when it is', async () => {
      const { workbench, tree, server } = vaultside();
      const [account] = server.accounts.splice(0);
      await workbench.runCommand('Bitwarden: Sync Vault');
      await vaultside().waitForState('unlocked, Account Deleted');
      await workbench.waitForNotification('The account was deleted on the server.');
      await until('one notification, and no more', async () => (await workbench.notifications()).length === 1);
      await tree.waitForRow('Favorites');
      await workbench.runCommand('Bitwarden: Sign Out');
      assert.match((await workbench.modal()).detail, /this may be the last copy/);
      await workbench.pressModal('Cancel');
      server.accounts.push(account!);
      await workbench.pressNotification('The account was deleted', 'Sign In Again');
      await vaultside().waitForState('unlocked');
    });

    it('not when a proxy forbids the way: nobody is signed out, and it mends itself', async () => {
      const { workbench, tree, server } = vaultside();
      server.faults.arm(/./, misbehaviours.proxyForbids);
      await workbench.runCommand('Bitwarden: Sync Vault');
      await workbench.waitForNotification('refused access (403). A proxy or firewall may be in the way.');
      await vaultside().waitForState('unlocked, Sync Failed');
      await tree.waitForRow('Favorites');
      server.faults.clear();
      await workbench.runCommand('Bitwarden: Sync Vault');
      await vaultside().waitForState('unlocked');
      assert.equal(server.requests.count(tokenRoute), 0, 'the session is still the one from before');
    });
  });
}

suite(
  'Key settings that were lowered',
  { account: { kdf: { type: 'pbkdf2', iterations: 6_000 }, items: [{ name: 'GitHub' }] } },
  (vaultside) => {
    it('are taken after a yes alone, and the vault stays as it is until then', async () => {
      const { workbench, server } = vaultside();
      const sentence = 'The server asks for weaker key settings than before.';
      await vaultside().signInAndUnlock();
      const { securityStamp } = server.account;
      await changeMasterPassword(server.account, { kdf: { type: 'pbkdf2', iterations: 5_000 } });
      server.account.securityStamp = securityStamp;
      server.touch();
      await workbench.runCommand('Bitwarden: Sync Vault');
      await workbench.waitForNotification(sentence);
      assert.deepEqual(await vaultside().workbench.buttonsOf(sentence), ['Sign In Again', 'Open Logs']);
      await vaultside().waitForState('unlocked, Sync Failed');

      await workbench.pressNotification(sentence, 'Sign In Again');
      assert.match((await workbench.modal()).detail, /only if you lowered them yourself/);
      await workbench.pressModal('Cancel');
      await vaultside().waitForState('unlocked, Sync Failed');
      await workbench.runCommand('Bitwarden: Sign In Again');
      await workbench.modal();
      await workbench.pressModal('Accept and Sign In Again');
      await vaultside().waitForState('unlocked');
      await vaultside().lock();
      await vaultside().unlock();
    });
  },
);
