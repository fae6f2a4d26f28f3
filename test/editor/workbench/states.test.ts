import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { commandTitle } from '../../../src/ui/commands/commandId';
import { itemActions } from '../../../src/ui/itemActions';
import { itemChanges } from '../../../src/ui/itemChanges';
import { misbehaviours } from '../../server/misbehaviours';
import { until } from '../host/until';
import { suite } from './suite';

const help = ['Open Settings', 'Open Logs', 'Turn Presentation Mode On'];
const generate = ['Generate Password', 'Generate Passphrase', 'Generate Username'];
const always = [...generate, 'Search Vault', 'Clear Clipboard Now', 'Open Web Vault API-Key Page', ...help];
const withAccount = [...always, 'Add Account', 'Sign Out', 'Open Web Vault', 'Set Vault Timeout'];
const onItems = itemActions.map(({ command }) => commandTitle(command));
const withVault = [
  ...withAccount,
  'Continue Draft',
  'Generator History',
  'View Item',
  'View Item in Editor Tab',
  ...onItems,
];
const files = ['Add Attachment', 'Open Attachment', 'Save Attachment As', 'Delete Attachment'];
const changes = [...itemChanges.map(({ command }) => commandTitle(command)), 'New Folder', ...files];
const withSession = [
  ...withVault,
  ...changes,
  'Rename Folder',
  'Delete Folder',
  'Sync Vault',
  'Rotate API Key',
  'View API Key',
  'Deauthorize All Sessions',
  'New Item',
  'New Login',
  'Save Selection as Item',
  'Edit Item',
  'Clone Item',
  'Move to Organization',
  'Change Collections',
  'Change Password',
];
const whileUnlocked = ['Lock Vault', 'Filter Items', 'Set Up PIN'];
const toUse = ['Search Vault', 'Lock Vault', 'Generate Password'];
const toAskTheServer = ['Sync Vault', 'Rotate API Key', 'View API Key'];
const out = ['Sign Out', 'Open Web Vault API-Key Page', ...help];
const atTheEnd = ['Add Account', 'Set Vault Timeout', ...out];
const whenUnlocked = ['Add Account', 'Set Vault Timeout', 'Set Up PIN', ...out];

const account = { items: [{ name: 'GitHub', username: 'robin' }] };

suite('What is offered in each state', { account, viewport: { width: 1100, height: 1500 } }, (vaultside) => {
  /** Asserts that the palette offers exactly these commands. */
  async function paletteOffers(wanted: readonly string[]): Promise<void> {
    const sorted = wanted.toSorted();
    let offered: string[] = [];
    // Commands follow the state a moment after the status bar.
    await until(
      'the palette to follow the state',
      async () => {
        offered = (await vaultside().quickInput.offeredCommands('Bitwarden: ')).sort();
        return isDeepStrictEqual(offered, sorted);
      },
      10_000,
    ).catch(() => assert.deepEqual(offered, sorted));
  }

  /** Asserts what a click on the status bar offers, from top to bottom. The list stays open. */
  async function statusBarOffers(wanted: readonly string[]): Promise<void> {
    const { workbench, quickInput } = vaultside();
    await workbench.clickStatus('vaultside.status');
    await quickInput.waitFor('Bitwarden');
    assert.deepEqual(
      (await quickInput.rows()).map(({ label }) => label),
      wanted,
    );
  }

  it('signed out: to sign in', async () => {
    await paletteOffers([...always, 'Sign In with API Key']);
    await statusBarOffers(['Sign In with API Key', 'Generate Password', ...help]);
    await vaultside().quickInput.choose('Sign In with API Key');
    await vaultside().quickInput.row('Self-hosted').waitFor();
    await vaultside().quickInput.cancel();
  });

  it('locked: to unlock, and what unlocks on its way', async () => {
    const { quickInput, workbench } = vaultside();
    await vaultside().signIn();
    await quickInput.cancel();
    await vaultside().waitForState('locked');
    await paletteOffers([...withSession, 'Unlock Vault']);
    await statusBarOffers(['Unlock Vault', 'Generate Password', ...toAskTheServer, ...atTheEnd]);
    await quickInput.cancel();
    await workbench.runCommand('Bitwarden: Copy Username');
    await quickInput.waitFor('Unlock Vault');
    await quickInput.submit(vaultside().server.account.password);
    await vaultside().searchFor('git', 'GitHub');
    await workbench.waitForStatus('vaultside.copied', 'Username of GitHub (robin) copied');
    assert.equal(await workbench.clipboard(), 'robin');
  });

  it('unlocked: to use the vault, and to lock it', async () => {
    await vaultside().waitForState('unlocked');
    await paletteOffers([...withSession, ...whileUnlocked]);
    await statusBarOffers([...toUse, ...toAskTheServer, ...whenUnlocked]);
    await vaultside().quickInput.cancel();
  });

  it('key rejected: what mends it, first of all', async () => {
    const { workbench, quickInput, server } = vaultside();
    server.rotateApiKey();
    server.expireTokens();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await vaultside().waitForState('unlocked, Key Rejected');
    await paletteOffers([...withVault, ...whileUnlocked, 'Enter New client_secret']);
    await statusBarOffers(['Enter New client_secret', ...toUse, ...whenUnlocked]);
    await quickInput.choose('Enter New client_secret');
    await quickInput.waitForMessage(`client_secret that belongs to ${server.account.clientId}`);
    await quickInput.submit(server.account.clientSecret);
    await vaultside().waitForState('unlocked');
    await quickInput.waitUntilGone();
    assert.ok(!(await vaultside().wholePage()).includes(server.account.clientSecret), 'nothing of it stays in the box');
  });

  it('filtered: to see everything again', async () => {
    const { workbench, quickInput, tree } = vaultside();
    await workbench.runCommand('Bitwarden: Filter Items');
    await quickInput.submit('e');
    await paletteOffers([...withSession, ...whileUnlocked, 'Clear Filter']);
    await workbench.runCommand('Bitwarden: Clear Filter');
    await tree.waitForRow('Types');
  });

  it('a rotation that is not finished: to finish it', async () => {
    const { quickInput, server } = vaultside();
    server.faults.arm('/api/accounts/rotate-api-key', misbehaviours.dropAnswer, 1);
    server.faults.arm('/api/accounts/api-key', misbehaviours.serverError, 1);
    await vaultside().confirmRotation();
    await quickInput.waitForMessage('Enter your master password to confirm.');
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked, Finish Rotation');
    const mend = ['Finish Rotation', 'Enter New client_secret'];
    await paletteOffers([...withSession, ...mend, ...whileUnlocked]);
    await statusBarOffers([...mend, ...toUse, ...toAskTheServer, ...whenUnlocked]);
    await quickInput.choose('Finish Rotation');
    await quickInput.waitForMessage('Enter your master password to confirm.');
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked');
  });

  it('account changed elsewhere: to sign in again, and not to unlock', async () => {
    const { workbench, quickInput, server } = vaultside();
    server.changeSecurityStamp();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await vaultside().waitForState('locked, Sign In Again');
    await paletteOffers([...withAccount, 'Sign In Again']);
    await statusBarOffers(['Sign In Again', 'Generate Password', ...atTheEnd]);
    await quickInput.choose('Sign In Again');
    await quickInput.waitFor('Unlock Vault');
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked');
  });
});
