import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { sharedControl } from '../control/controlledExtension';
import { until } from '../host/until';
import { suite } from './suite';
import { totpAt } from './totpAt';

const control = sharedControl();
const checkRoute = 'GET /api/accounts/revision-date';

suite(
  'Copying',
  () => ({
    ...control.setup(),
    account: demoVault,
    settings: { 'vaultside.clipboard.clearAfterSeconds': 10 },
    viewport: { width: 1100, height: 1000 },
  }),
  (vaultside) => {
    const notice = () => vaultside().workbench.statusBarItem('vaultside.copied');
    const waitForNotice = (text: RegExp | string) => notice().filter({ hasText: text }).waitFor();
    const waitForClipboard = (text: string) =>
      until(`clipboard to hold "${text}"`, async () => (await vaultside().workbench.clipboard()) === text);
    /** Longer than anything that is copied stays, and than any notice of it. */
    const passLongEnough = () => control.pass(0.5);
    const waitForNoNotice = () => notice().waitFor({ state: 'hidden' });

    before(async () => {
      await vaultside().signInAndUnlock();
      await until('the sync after unlocking', () => vaultside().server.requests.count(checkRoute) > 0);
      await vaultside().tree.expand('Favourites');
    });

    afterEach(() => {
      assert.equal(vaultside().server.requests.count(), 0, 'no server is needed for any of this');
    });

    it('copies a password from its row, counts down, and clears it', async () => {
      const { tree, workbench } = vaultside();
      assert.deepEqual(await tree.inlineActions('PostgreSQL (local)'), ['Copy Username', 'Copy Password']);
      await tree.pressInline('PostgreSQL (local)', 'Copy Password');
      await waitForNotice(/^\s*Password copied, clears in ([1-9]|10) s$/);
      assert.equal(await workbench.clipboard(), 'fake-elephants-never-forget');
      assert.equal((await vaultside().wholePage()).includes('fake-elephants-never-forget'), false);
      await waitForNoNotice();
      await waitForClipboard('');
    });

    it('leaves alone what was copied elsewhere meanwhile', async () => {
      const { tree, workbench } = vaultside();
      await tree.pressInline('PostgreSQL (local)', 'Copy Password');
      await waitForClipboard('fake-elephants-never-forget');
      await workbench.writeClipboard('something of my own');
      await passLongEnough();
      await waitForNoNotice();
      assert.equal(await workbench.clipboard(), 'something of my own');
    });

    it('copies a username, which does not have to be cleared', async () => {
      const { tree, workbench } = vaultside();
      await tree.pressInline('GitHub', 'Copy Username');
      await waitForNotice(/^\s*Username copied$/);
      assert.equal(await workbench.clipboard(), 'robin-demo');
      await passLongEnough();
      await waitForNoNotice();
      assert.equal(await workbench.clipboard(), 'robin-demo');
    });

    it('copies the one-time code of this moment', async () => {
      const { tree, workbench } = vaultside();
      const earliest = control.now();
      await tree.chooseFromContextMenu('GitHub', 'Copy TOTP');
      await waitForNotice(/TOTP code copied, valid for \d+ s, clears in/);
      const code = await workbench.clipboard();
      assert.ok(
        [earliest, control.now()].some((time) => totpAt('JBSWY3DPEHPK3PXP', time) === code),
        code,
      );
    });

    it('copies any field that the palette is asked for', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Copy Field');
      await vaultside().searchFor('github', 'GitHub');
      await quickInput.waitFor('GitHub');
      const masked = (await quickInput.rows()).map(({ label, description }) => `${label}: ${description}`);
      assert.ok(masked.includes('Personal access token: ••••••••'), masked.join('\n'));
      await quickInput.choose('Personal access token');
      await waitForClipboard('ghp_FAKEfakeFAKEfakeFAKEfakeFAKEfake0000');
    });

    it('asks for the master password again where the item wants that', async () => {
      const { tree, workbench, quickInput } = vaultside();
      await workbench.writeClipboard('untouched');
      await tree.pressInline('AWS (sandbox)', 'Copy Password');
      await quickInput.waitFor('Master Password Needed');
      await quickInput.waitForMessage('AWS (sandbox) asks for your master password again.');
      await quickInput.submit('wrong');
      await quickInput.waitForMessage('Wrong master password. Try again.');
      assert.equal(await workbench.clipboard(), 'untouched');
      await vaultside().enterMasterPassword();
      await waitForClipboard('fake-S3-Bucket-Brigade');
    });

    it('refuses what an organisation hides, and offers it nowhere', async () => {
      const { tree, workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Search Vault');
      await vaultside().searchFor('production', 'Production database');
      await quickInput.row('Password').waitFor();
      const password = (await quickInput.rows()).find(({ label }) => label === 'Password');
      assert.equal(password?.description, 'hidden by your organisation');
      await workbench.writeClipboard('untouched');
      await quickInput.choose('Password');
      await workbench.waitForNotification('Your organisation lets you use this item, not see its hidden values.');
      assert.equal(await workbench.clipboard(), 'untouched');
      await workbench.clearNotifications();

      for (const label of ['Organisations', 'Northwind Dev', 'Production']) await tree.expand(label);
      assert.deepEqual(await tree.inlineActions('Production database'), ['Copy Username']);
    });

    it('finds an item by a part of its address, and copies the password at Enter', async () => {
      await vaultside().workbench.runCommand('Bitwarden: Search Vault');
      await vaultside().searchFor('dash.cloud', 'Cloudflare');
      await waitForClipboard('fake-orange-cloud-7');
    });

    it('does all that by the keyboard alone, too', async () => {
      const { workbench, tree } = vaultside();
      await workbench.runCommand('Bitwarden: Focus on Vault View');
      await tree.waitForFocus();
      const go = async (key: string, to: string) => {
        await workbench.page.keyboard.press(key);
        await tree.waitForFocusOn(to);
      };
      await go('Home', 'Favourites');
      await go('ArrowDown', 'AWS (sandbox)');
      await go('ArrowDown', 'GitHub');
      await workbench.page.keyboard.press('ArrowRight');
      await tree.waitForRow('Personal access token');
      await go('ArrowDown', 'Username');
      await go('ArrowDown', 'Password');
      await workbench.page.keyboard.press('ControlOrMeta+C');
      await waitForClipboard('fake-Octocat-Horse-42');
    });

    it('clears what was copied before the window was loaded again', async () => {
      const { tree, vscode } = vaultside();
      await tree.pressInline('GitHub', 'Copy Password');
      await waitForNotice(/clears in/);
      await vscode.reload();
      await vaultside().waitForState('locked');
      await passLongEnough();
      await waitForClipboard('');
    });
  },
);
