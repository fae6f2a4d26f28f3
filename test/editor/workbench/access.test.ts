import assert from 'node:assert/strict';
import type { PlainItem } from '../../server/items';
import { ItemPage } from '../host/itemPage';
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
