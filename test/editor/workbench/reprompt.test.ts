import assert from 'node:assert/strict';
import { until } from '../host/until';
import { suite } from './suite';

const item = 'Bank';
const secrets = { password: 'fake-bank-password', totp: 'JBSWY3DPEHPK3PXPJBSWY3DP', PIN: 'fake-pin-2718281' };

suite(
  'An item that asks for the master password again',
  {
    account: {
      premium: true,
      items: [
        {
          name: item,
          username: 'robin',
          password: secrets.password,
          totp: secrets.totp,
          notes: 'fake-notes-of-the-bank',
          fields: [{ name: 'PIN', type: 'hidden', value: secrets.PIN }],
          reprompt: true,
        },
        { name: 'Mail', password: 'fake-mail-password', reprompt: true },
      ],
    },
    viewport: { width: 1100, height: 1000 },
  },
  (vaultside) => {
    before(async () => {
      await vaultside().signInAndUnlock();
      for (const label of ['Types', 'Logins', item]) await vaultside().tree.expand(label);
    });

    beforeEach(() => vaultside().workbench.writeClipboard('untouched'));

    /** Asserts that the box is open and that nothing has got out; closes the box. */
    async function asks(): Promise<void> {
      const { quickInput, workbench } = vaultside();
      await quickInput.waitForMessage(`${item} asks for your master password again.`);
      assert.ok(await quickInput.isMasked());
      await quickInput.cancel();
      assert.equal(await workbench.clipboard(), 'untouched');
      const page = await vaultside().wholePage();
      for (const [name, value] of Object.entries(secrets)) assert.ok(!page.includes(value), name);
    }

    it('does so where its row is used', async () => {
      const { tree } = vaultside();
      await tree.pressInline(item, 'Copy Password');
      await asks();
      for (const entry of ['Copy Password', 'Copy TOTP']) {
        await tree.chooseFromContextMenu(item, entry);
        await asks();
      }
    });

    it('does so where the row of a field is used', async () => {
      const { tree, workbench } = vaultside();
      for (const field of ['Password', 'TOTP code', 'Notes', 'PIN']) {
        await tree.pressInline(field, 'Copy Field');
        await asks();
        await tree.chooseFromContextMenu(field, 'Show Field');
        await asks();
        await tree.click(field);
        await tree.waitForFocusOn(field);
        await workbench.page.keyboard.press('ControlOrMeta+C');
        await asks();
      }
    });

    it('does so in the palette', async () => {
      const { workbench, quickInput } = vaultside();
      for (const command of ['Copy Password', 'Copy TOTP']) {
        await workbench.runCommand(`Bitwarden: ${command}`);
        await quickInput.choose(item);
        await asks();
      }
      for (const command of ['Copy Field', 'Show Field']) {
        for (const field of ['Password', 'TOTP code', 'Notes', 'PIN']) {
          await workbench.runCommand(`Bitwarden: ${command}`);
          await quickInput.choose(item);
          await quickInput.choose(field);
          await asks();
        }
      }
    });

    it('does so in the search, at Enter and at its buttons', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Search Vault');
      await vaultside().searchFor('bank', item);
      await asks();
      for (const button of ['Copy Password', 'Copy TOTP']) {
        await workbench.runCommand('Bitwarden: Search Vault');
        await quickInput.type('bank');
        await quickInput.row(item).hover();
        await quickInput.press(button);
        await asks();
      }
    });

    it('asks no more for a minute once it was given, of no other item, and not after a lock', async () => {
      const { tree, workbench, quickInput } = vaultside();
      const copies = async (entry: string, wanted: string | RegExp) => {
        await workbench.writeClipboard('untouched');
        await tree.chooseFromContextMenu(item, entry);
        await until('the value to be copied', async () => (await workbench.clipboard()).match(wanted) !== null);
      };
      const givePassword = async () => {
        await tree.pressInline(item, 'Copy Password');
        await quickInput.waitForMessage(`${item} asks for your master password again.`);
        await vaultside().enterMasterPassword();
        await until('the password', async () => (await workbench.clipboard()) === secrets.password);
      };
      await givePassword();
      await copies('Copy TOTP', /^\d{6}$/);
      await copies('Copy Password', secrets.password);
      await workbench.writeClipboard('untouched');
      await tree.pressInline('Mail', 'Copy Password');
      await quickInput.waitForMessage('Mail asks for your master password again.');
      await quickInput.cancel();

      await workbench.leaveAndComeBack();
      await tree.pressInline(item, 'Copy Password');
      await asks();

      await givePassword();
      await vaultside().lock();
      await vaultside().unlock();
      for (const label of ['Types', 'Logins']) await tree.expand(label);
      await workbench.writeClipboard('untouched');
      await tree.pressInline(item, 'Copy Password');
      await asks();
    });

    it('gives its username away without', async () => {
      const { tree, workbench } = vaultside();
      await tree.pressInline(item, 'Copy Username');
      await workbench.waitForStatus('vaultside.copied', 'Username of Bank (robin) copied');
      assert.equal(await workbench.clipboard(), 'robin');
    });
  },
);
