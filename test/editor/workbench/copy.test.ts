import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { sharedControl } from '../control/controlledExtension';
import { ItemPage } from '../host/itemPage';
import { until } from '../host/until';
import { suite } from './suite';
import { totpAt } from './totpAt';

const control = sharedControl();
/** Text with everything that VS Code might draw as an icon, and with all else that a row could change. */
const icons = '$(key)$(sync~spin) \\$(bug) \\\\$(x) $() $(not an icon)  two  spaces <b>&amp;</b> [a](command:b)';
const longLine = Array.from({ length: 30 }, (_, part) => `part${part + 10}`).join('-');
const lines = `first line\r\n\n  indented\r${longLine}\u2028last line\n`;
const toTheLetter = {
  name: 'To the letter',
  password: icons,
  fields: [{ type: 'hidden' as const, name: 'Lines', value: lines }],
};

const checkRoute = 'GET /api/accounts/revision-date';

suite(
  'Copying',
  () => ({
    ...control.setup(),
    account: { ...demoVault, items: [...(demoVault.items ?? []), toTheLetter] },
    settings: { 'vaultside.clipboard.clearAfterSeconds': 10, 'vaultside.unlock': 'thisWindow' },
    viewport: { width: 1100, height: 1000 },
  }),
  (vaultside) => {
    const notice = () => vaultside().workbench.statusBarItem('vaultside.copied');
    const waitForNotice = (text: RegExp | string) => notice().filter({ hasText: text }).waitFor();
    const waitForClipboard = (text: string) =>
      until(`clipboard to hold "${text}"`, async () => (await vaultside().workbench.clipboard()) === text);
    /** Lets more time pass than anything that was copied stays, and than any notice of it. */
    const passLongEnough = () => control.pass(0.5);
    const waitForNoNotice = () => notice().waitFor({ state: 'hidden' });

    before(async () => {
      await vaultside().signInAndUnlock();
      await until('the sync after unlocking', () => vaultside().server.requests.count(checkRoute) > 0);
      await vaultside().tree.expand('Favorites');
    });

    afterEach(() => {
      assert.equal(vaultside().server.requests.count(), 0, 'no server is needed for any of this');
    });

    it('copies a password from its row, counts down, and clears it', async () => {
      const { tree, workbench } = vaultside();
      assert.deepEqual(await tree.inlineActions('PostgreSQL (local)'), ['Copy Username', 'Copy Password']);
      await tree.pressInline('PostgreSQL (local)', 'Copy Password');
      await waitForNotice(/^\s*Password of PostgreSQL \(local\) \(app\) copied · ([1-9]|10) s$/);
      assert.equal(await workbench.clipboard(), 'fake-elephants-never-forget');
      assert.equal((await vaultside().wholePage()).includes('fake-elephants-never-forget'), false);
      await waitForNoNotice();
      await waitForClipboard('');
    });

    it('clears it at once at a click on the notice, and by a command of the palette', async () => {
      const { tree, workbench } = vaultside();
      await tree.pressInline('GitHub', 'Copy Password');
      await waitForNotice(/Password of GitHub \(robin-demo\) copied · ([1-9]|10) s$/);
      await workbench.clickStatus('vaultside.copied');
      await waitForNoNotice();
      await waitForClipboard('');
      await workbench.writeClipboard('something of my own');
      await workbench.runCommand('Bitwarden: Clear Clipboard Now');
      await workbench.waitForNotification('The clipboard holds nothing that Vaultside clears.');
      assert.equal(await workbench.clipboard(), 'something of my own');
      await workbench.clearNotifications();
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
      await waitForNotice(/^\s*Username of GitHub \(robin-demo\) copied$/);
      assert.equal(await workbench.clipboard(), 'robin-demo');
      await passLongEnough();
      await waitForNoNotice();
      assert.equal(await workbench.clipboard(), 'robin-demo');
    });

    it('copies the one-time code of this moment', async () => {
      const { tree, workbench } = vaultside();
      const earliest = control.now();
      await tree.chooseFromContextMenu('GitHub', 'Copy TOTP');
      await waitForNotice(/TOTP code of GitHub \(robin-demo\) copied · valid for \d+ s/);
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

    const show = async (item: string, field: string) => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Show Field');
      await vaultside().searchFor(item, item);
      await quickInput.choose(field);
      await quickInput.waitForPlaceholder('Closes by itself after 30 seconds');
    };

    it('copies nothing of a value that is shown by the keyboard: nothing of it is selected, and nothing in a box', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.writeClipboard('untouched');
      await show('GitHub', 'Password');
      await quickInput.row('fake-Octocat-Horse-42').waitFor();
      assert.equal(await quickInput.box.inputValue(), '');
      assert.equal(await quickInput.widget.locator('.monaco-list-row.focused').count(), 0);
      const { keyboard } = workbench.page;
      for (const keys of [
        ['ControlOrMeta+C'],
        ['ControlOrMeta+A', 'ControlOrMeta+C'],
        ['ControlOrMeta+X'],
        ['ArrowDown', 'ControlOrMeta+C'],
      ]) {
        for (const key of keys) await keyboard.press(key);
        assert.equal(await workbench.clipboard(), 'untouched', keys.join(' '));
      }
      await quickInput.row('fake-Octocat-Horse-42').waitFor();
      await quickInput.cancel();
    });

    it('copies a value that is shown by the button, and clears it', async () => {
      const { quickInput } = vaultside();
      await show('GitHub', 'Password');
      await quickInput.press('Copy');
      await quickInput.waitUntilGone();
      await waitForClipboard('fake-Octocat-Horse-42');
      await waitForNotice(/Password of GitHub .* copied · \d+ s/);
      await passLongEnough();
      await waitForNoNotice();
      await waitForClipboard('');
    });

    it('shows every letter of a value, also of what VS Code takes for icons, and every line', async () => {
      const { quickInput } = vaultside();
      const shown = async () => {
        const rows = await quickInput.rows();
        return rows.map(({ label, description }) => [label.replaceAll('\u00a0', ' '), description]);
      };
      await show(toTheLetter.name, 'Password');
      const goesOn = 'the line goes on';
      assert.deepEqual(await shown(), [
        [icons.slice(0, 60), goesOn],
        [icons.slice(60), ''],
      ]);
      await quickInput.cancel();
      await show(toTheLetter.name, 'Lines');
      assert.deepEqual(await shown(), [
        ['first line', ''],
        ['', ''],
        ['  indented', ''],
        ...[0, 60, 120, 180].map((start) => [longLine.slice(start, start + 60), start < 180 ? goesOn : '']),
        ['last line', ''],
        ['', ''],
      ]);
      await quickInput.press('Copy');
      await waitForClipboard(lines);
      await passLongEnough();
      await waitForClipboard('');
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
      assert.equal(password?.description, 'hidden by your organization');
      await workbench.writeClipboard('untouched');
      await quickInput.choose('Password');
      await workbench.waitForNotification('Your organization lets you use this item, not see its hidden values.');
      assert.equal(await workbench.clipboard(), 'untouched');
      await workbench.clearNotifications();

      for (const label of ['Organizations', 'Northwind Dev', 'Production']) await tree.expand(label);
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
      await go('Home', 'Favorites');
      await go('ArrowDown', 'AWS (sandbox)');
      await go('ArrowDown', 'GitHub');
      for (const time of ['first', 'second']) {
        await workbench.writeClipboard(time);
        await workbench.page.keyboard.press('ControlOrMeta+C');
        await waitForClipboard('fake-Octocat-Horse-42');
      }
      await go('ArrowDown', 'PostgreSQL (local)');
      await workbench.page.keyboard.press('ControlOrMeta+C');
      await waitForClipboard('fake-elephants-never-forget');
      await go('ArrowUp', 'GitHub');
      assert.equal(await tree.row('Personal access token').count(), 0, 'no row was expanded');
      assert.equal(await workbench.page.locator('iframe.webview').count(), 0, 'no item was opened');
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
      await waitForNotice(/copied · \d+ s/);
      await vscode.reload();
      await vaultside().waitForState('locked');
      // The window reads what there is to clear behind its start, and counts from then on.
      await until('the clipboard to be empty', async () => {
        await passLongEnough();
        return (await vaultside().workbench.clipboard()) === '';
      });
    });

    it('clears what was copied from the page of an item, in a browser once the focus has left it', async () => {
      const { tree, workbench } = vaultside();
      await vaultside().unlock();
      await until('the sync after unlocking', () => vaultside().server.requests.count(checkRoute) > 0);
      vaultside().server.requests.clear();
      await tree.expand('Favorites');
      const item = new ItemPage(workbench.page);
      await tree.click('GitHub');
      await item.waitFor('GitHub');
      await item.focus('Password');
      await item.press('c');
      await waitForNotice(/^\s*Password of GitHub \(robin-demo\) copied · \d+ s/);
      await passLongEnough();
      await waitForNoNotice();
      await item.press('Escape');
      await waitForClipboard('');
      assert.equal(await workbench.page.getByText('Unable to read from the browser').count(), 0);
    });
  },
);
