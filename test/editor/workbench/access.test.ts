import assert from 'node:assert/strict';
import type { PlainItem } from '../../server/items';
import { ItemPage } from '../host/itemPage';
import { until } from '../host/until';
import type { Theme } from '../host/workbench';
import { suite } from './suite';

const created = '2025-03-03T12:00:00.000Z';
const items: readonly PlainItem[] = [
  {
    name: 'Login',
    username: 'robin-demo',
    password: 'fake-Octocat-Horse-42',
    totp: 'JBSWY3DPEHPK3PXP',
    uris: [{ uri: 'https://github.com/login', match: 1 }],
    notes: Array.from({ length: 40 }, (_, line) => `Line ${line} of notes`).join('\n'),
    fields: [
      { type: 'hidden', name: 'Token', value: 'fake-token' },
      { type: 'boolean', name: 'SSO', value: 'true' },
      { type: 'linked', name: 'Sign-in name', linkedId: 100 },
    ],
    passkeys: [{ rpId: 'github.com', userName: 'robin', creationDate: created }],
    attachments: [{ fileName: 'codes.txt', size: 412 }],
    passwordHistory: [{ password: 'fake-Octocat-Horse-41', lastUsedDate: created }],
  },
  {
    name: 'Card',
    type: 'card',
    details: { brand: 'Visa', cardholderName: 'Robin Demo', number: '4111111111111111', code: '737', expYear: '2031' },
  },
  { name: 'Identity', type: 'identity', details: { firstName: 'Robin', email: 'robin@northwind.example', ssn: '1' } },
  { name: 'Note', type: 'secureNote', notes: 'One line.' },
  { name: 'SSH', type: 'sshKey', details: { privateKey: 'fake-key', publicKey: 'ssh-ed25519 AAAA' } },
  { name: 'Bank', type: 'bankAccount', details: { bankName: 'Bank of Nowhere', accountNumber: '1', pin: '2' } },
].map((item) => ({ ...item, favorite: true }) as PlainItem);
const themes: readonly Theme[] = ['dark', 'light', 'high contrast', 'high contrast light'];

suite(
  'The page of an item, for everybody',
  { account: { items }, viewport: { width: 1100, height: 1400 } },
  (vaultside) => {
    const item = () => new ItemPage(vaultside().workbench.page);

    before(async () => {
      await vaultside().signInAndUnlock();
      await vaultside().tree.expand('Favorites');
    });
    after(() => vaultside().workbench.setTheme('light'));

    it('is spoken: rows of the tree, the entry in the status bar and notices', async () => {
      const { workbench, tree } = vaultside();
      assert.equal(await tree.row('Login').first().getAttribute('aria-label'), 'Login, Login, robin-demo, favorite');
      assert.equal(await tree.row('Favorites').first().getAttribute('aria-label'), 'Favorites, 6 items');
      await tree.expand('Login');
      assert.equal(await tree.row('Password').first().getAttribute('aria-label'), 'Password, hidden');
      await workbench.runCommand('Bitwarden: Turn Presentation Mode On');
      await vaultside().waitForState('unlocked, presentation mode');
      await tree.chooseFromContextMenu('Note', 'Show Field');
      const notice = await workbench.waitForNotification('Nothing is shown in presentation mode.');
      const spoken = notice.locator('xpath=ancestor-or-self::*[@aria-label]').last();
      assert.match((await spoken.getAttribute('aria-label')) ?? '', /Nothing is shown in presentation mode/);
      await workbench.runCommand('Bitwarden: Turn Presentation Mode Off');
      await vaultside().waitForState('unlocked');
      await workbench.clearNotifications();
      await tree.collapse('Login');
    });

    it('is used by the keyboard alone, with the focus to be seen', async () => {
      await vaultside().workbench.setTheme('high contrast');
      await vaultside().tree.click('Login');
      await item().waitFor('Login');
      await item().focus('Username');
      const way: string[] = [];
      for (const key of ['Tab', 'ArrowDown', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
        await item().press(key);
        const { name, ring } = await item().focused();
        assert.match(ring, /^solid [1-9]/, name);
        way.push(name);
      }
      assert.deepEqual(way, [
        'button Copy, Username',
        'group Password',
        'button Reveal, Password',
        'button Copy, Password',
        'button Reveal, Password',
        'group Password',
        'button Open Website',
        'button Copy Password',
      ]);
    });

    it('fits into the narrowest side bar, without anything to scroll sideways', async () => {
      await vaultside().workbench.setSideBarWidth(170);
      for (const { name } of items) {
        await vaultside().tree.click(name);
        await item().waitFor(name);
        // The page hears of its new width a moment later.
        await until(`${name} to fit`, async () => !(await item().scrollsSideways()));
      }
      await vaultside().workbench.setSideBarWidth(300);
    });

    for (const theme of themes) {
      it(`has no fault that axe finds, of any type of item, revealed or not: ${theme}`, async () => {
        await vaultside().workbench.setTheme(theme);
        for (const { name } of items) {
          await vaultside().tree.click(name);
          await item().waitFor(name);
          if (name === 'Login') {
            await item().row('TOTP code').locator('.code').waitFor();
            await item().focus('Password');
            await item().press(' ');
            await item().row('Password').locator('.revealed').waitFor();
          }
          assert.deepEqual(await item().faults(), [], name);
        }
      });
    }
  },
);
