import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { until } from '../host/until';
import { suite } from './suite';
import { totpAt } from './totpAt';

suite(
  'Putting values elsewhere in VS Code',
  {
    account: demoVault,
    files: { 'two.txt': 'one\ntwo\n' },
    settings: { 'terminal.integrated.gpuAcceleration': 'off', 'vaultside.announce': 'on' },
    viewport: { width: 1100, height: 1000 },
  },
  (vaultside) => {
    const lines = async () => {
      const all = await vaultside().workbench.page.locator('.editor-instance .view-line').allInnerTexts();
      return all.map((line) => line.replaceAll('\u00a0', ' ').trim());
    };
    const waitForLines = (wanted: readonly string[]) =>
      until(`the editor to hold ${wanted.join(' | ')}`, async () => (await lines()).join('\n') === wanted.join('\n'));
    const terminal = () => vaultside().workbench.page.locator('.terminal .xterm-rows');

    before(async () => {
      await vaultside().signInAndUnlock();
      await vaultside().tree.expand('Favorites');
    });

    it('says where there is no editor and no terminal, before it asks for anything', async () => {
      const { tree, workbench } = vaultside();
      await tree.chooseFromContextMenu('GitHub', 'Insert Password');
      await workbench.waitForNotification('There is no text editor to insert into. Open a file first.');
      await workbench.runCommand('Bitwarden: Copy to Terminal');
      await workbench.waitForNotification('There is no terminal. Open one first.');
      await workbench.clearNotifications();
    });

    it('inserts at every cursor, which one undo takes back', async () => {
      const { workbench, quickInput } = vaultside();
      const { keyboard } = workbench.page;
      await keyboard.press('ControlOrMeta+P');
      await quickInput.type('two.txt');
      await quickInput.choose('two.txt');
      await workbench.page.locator('.tab', { hasText: 'two.txt' }).waitFor();
      await waitForLines(['one', 'two', '']);
      await workbench.runCommand('Add Cursor Below');
      await workbench.runCommand('Bitwarden: Insert Password');
      await vaultside().searchFor('github', 'GitHub');
      const password = 'fake-Octocat-Horse-42';
      await waitForLines([`${password}one`, `${password}two`, '']);
      await workbench.waitForNotification('Password of GitHub (robin-demo) inserted');
      await keyboard.type('!');
      await waitForLines([`${password}!one`, `${password}!two`, '']);
      await keyboard.press('ControlOrMeta+Z');
      await keyboard.press('ControlOrMeta+Z');
      await waitForLines(['one', 'two', '']);
      assert.equal(await workbench.page.locator('.editor-instance .cursor').count(), 2);
    });

    it('says of an editor that cannot be written to that it has inserted nothing', async () => {
      const { workbench, tree } = vaultside();
      await workbench.runCommand('File: Set Active Editor Read-only in Session');
      await tree.chooseFromContextMenu('GitHub', 'Insert Password');
      await workbench.waitForNotification('This editor cannot be written to. Nothing was inserted.');
      await waitForLines(['one', 'two', '']);
      await workbench.runCommand('File: Reset Active Editor Read-only in Session');
    });

    it('sends a code to the terminal at once, and does not press Enter', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Terminal: Create New Terminal');
      await terminal().filter({ hasText: /[$#]/ }).waitFor();
      const earliest = Date.now();
      await workbench.runCommand('Bitwarden: Copy to Terminal');
      await vaultside().searchFor('github', 'GitHub');
      await quickInput.choose('TOTP code');
      await until('the code in the terminal', async () => {
        const text = (await terminal().innerText()).trimEnd();
        return [earliest, Date.now()].some((time) => text.endsWith(totpAt('JBSWY3DPEHPK3PXP', time)));
      });
    });

    it('asks first for any other secret, and sends none that a shell would run', async () => {
      const { workbench, quickInput, tree } = vaultside();
      await workbench.runCommand('Bitwarden: Copy to Terminal');
      await vaultside().searchFor('github', 'GitHub');
      await quickInput.choose('Password');
      const { message, detail } = await workbench.modal();
      assert.match(message, /^Copy Password of GitHub \(robin-demo\) to the terminal "[^"]+"\?$/);
      assert.match(detail, /shells keep a history/);
      assert.equal((await terminal().innerText()).includes('fake-Octocat'), false);
      await workbench.pressModal('Copy to Terminal');
      await terminal().filter({ hasText: 'fake-Octocat-Horse-42' }).waitFor();

      for (const label of ['Types', 'Secure notes']) await tree.expand(label);
      await tree.chooseFromContextMenu('Wi-Fi at home', 'Copy to Terminal');
      await quickInput.choose('Notes');
      await workbench.pressModal('Copy to Terminal');
      await workbench.waitForNotification(/It has line ends or other control characters/);
      assert.equal((await terminal().innerText()).includes('demo-net'), false);
      await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
    });
  },
);
