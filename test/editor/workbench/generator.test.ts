import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { until } from '../host/until';
import { suite } from './suite';

const mask = '••••••••';

suite(
  'The generator',
  { account: demoVault, files: { 'lines.txt': 'one\ntwo\n' }, viewport: { width: 1100, height: 900 } },
  (vaultside) => {
    const open = async (command: string) => {
      await vaultside().workbench.runCommand(`Bitwarden: ${command}`);
      await vaultside().quickInput.waitFor(command);
    };
    const first = async () => (await vaultside().quickInput.rows())[0]!;
    /** Waits until the preview looks like this, and returns it. */
    const preview = async (like: RegExp) => {
      const found = await until(`a preview like ${like}`, async () => {
        const { label } = await first();
        return like.test(label) ? label : undefined;
      });
      return found;
    };
    const waitForClipboard = (text: string) =>
      until('the clipboard to hold it', async () => (await vaultside().workbench.clipboard()) === text);
    const setting = async (label: string) =>
      (await vaultside().quickInput.rows()).find((row) => row.label === label)?.description;
    const press = (key: string) => vaultside().workbench.page.keyboard.press(key);

    it('shows a password at once, longer and shorter by keys, and copies it at Enter, also signed out', async () => {
      const { quickInput, workbench } = vaultside();
      await open('Generate Password');
      const before = await preview(/^[A-Za-z0-9]{14}$/);
      assert.match((await first()).detail, /not kept/);
      await until('the strength', async () => (await first()).description === 'strong');
      await press('Alt+ArrowRight');
      await preview(/^[A-Za-z0-9]{15}$/);
      await press('Alt+ArrowLeft');
      const shorter = await preview(/^[A-Za-z0-9]{14}$/);
      assert.notEqual(shorter, before);
      await press('Shift+Enter');
      await until('another one', async () => (await first()).label !== shorter);
      await quickInput.choose(/^Special characters/);
      await preview(/^(?=.*[!@#$%^&*])\S{14}$/);
      await quickInput.press('Longer');
      const password = await preview(/^\S{15}$/);
      assert.equal(await setting('Length'), '15');
      await press('ControlOrMeta+Enter');
      await quickInput.waitUntilGone();
      await waitForClipboard(password);
      await workbench.waitForStatus('vaultside.copied', 'Generated password copied');
    });

    it('remembers how, and makes passphrases and usernames', async () => {
      const { quickInput } = vaultside();
      await open('Generate Password');
      await preview(/^(?=.*[!@#$%^&*])\S{15}$/);
      await quickInput.choose('Generate Passphrase');
      await preview(/^[a-z]+(-[a-z]+){5,}$/);
      await quickInput.choose('Number of words');
      await quickInput.waitForMessage('A number from 3 to 20');
      await quickInput.submit('2');
      await quickInput.waitForMessage('A number from 3 to 20');
      await quickInput.submit('4');
      await until('four words', async () => (await setting('Number of words')) === '4');
      const words = (await first()).label.split('-').length;
      // Four words of the list are of two parts.
      assert.ok(words >= 4 && words <= 8, `${words}`);
      await quickInput.choose('Generate Username');
      await quickInput.choose('Your email with a plus');
      await preview(/^Nothing to show yet$/);
      await quickInput.choose('Catch-all email of a domain');
      await quickInput.choose('Domain');
      await quickInput.waitForMessage('The domain of yours');
      await quickInput.submit('@example.com');
      const address = await preview(/^[a-z0-9]{8}@example\.com$/);
      await quickInput.submit();
      await waitForClipboard(address);
    });

    it('inserts at every cursor, and keeps what was used until the vault locks', async () => {
      const { workbench, quickInput } = vaultside();
      await vaultside().signInAndUnlock();
      await press('ControlOrMeta+P');
      await quickInput.type('lines.txt');
      await quickInput.choose('lines.txt');
      await workbench.page.locator('.tab', { hasText: 'lines.txt' }).waitFor();
      await workbench.runCommand('Add Cursor Below');
      await open('Generate Password');
      const password = await preview(/^\S{15}$/);
      assert.match((await first()).detail, /is kept/);
      await press('Alt+Enter');
      await until('the password twice', async () => {
        const lines = await workbench.page.locator('.editor-instance .view-line').allInnerTexts();
        return lines.filter((line) => line.startsWith(password)).length === 2;
      });
      await workbench.writeClipboard('');
      await open('Generator History');
      assert.ok(!(await vaultside().wholePage()).includes(`"${password}"`));
      const { label, description } = await first();
      assert.deepEqual([label, description.split(' · ')[0]], [mask, 'Generated password']);
      await quickInput.press('Show');
      await quickInput.row(password).waitFor();
      await quickInput.cancel();
      await open('Generator History');
      await quickInput.submit();
      await waitForClipboard(password);
      await open('Generate Password');
      await preview(/^\S{15}$/);
      await press('Control+Alt+L');
      await quickInput.waitUntilGone();
      await vaultside().waitForState('locked');
    });

    it('clears the history on request', async () => {
      const { workbench, quickInput } = vaultside();
      await vaultside().unlock();
      await open('Generator History');
      await quickInput.press('Clear History');
      await workbench.pressModal('Clear History');
      await open('Generator History');
      await preview(/^Nothing yet/);
      await quickInput.cancel();
    });

    it('shows nothing in presentation mode, and copies all the same', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Turn Presentation Mode On');
      await vaultside().waitForState('unlocked, presentation mode');
      await open('Generate Password');
      await preview(new RegExp(`^${mask}$`));
      await quickInput.submit();
      await until('a password on the clipboard', async () => /^\S{15}$/.test(await workbench.clipboard()));
      await workbench.runCommand('Bitwarden: Turn Presentation Mode Off');
      await vaultside().waitForState('unlocked');
    });
  },
);
