import assert from 'node:assert/strict';
import { largeVault } from '../../server/manyItems';
import { until } from '../host/until';
import { suite } from './suite';

suite(
  'A vault of 10,000 items',
  { account: largeVault(10_000), viewport: { width: 1100, height: 1300 } },
  (vaultside) => {
    before(async () => {
      await vaultside().signInAndUnlock();
    });

    it('opens as a tree whose long groups are cut into ranges', async () => {
      const { tree } = vaultside();
      await tree.collapse('Favorites');
      await tree.expand('Types');
      await tree.waitForRow('Secure notes');
      assert.deepEqual(
        (await tree.rows()).map(({ label, description }) => `${label} ${description}`),
        [
          'Favorites 20',
          'All Items 10000',
          'Folders 48',
          'Organizations 100',
          'Types 2',
          'Logins 9000',
          'Secure notes 1000',
        ],
      );
      await tree.expand('Secure notes');
      const ranges = await until('all ranges are there', async () => {
        const rows = (await tree.rows()).filter(({ level }) => level === 3);
        return rows.length >= 5 ? rows : undefined;
      });
      assert.deepEqual(
        ranges.map(({ description }) => description),
        ['200', '200', '200', '200', '200'],
      );
      await tree.expand(ranges[0]!.label);
      await tree.waitForRow(/00009$/);
      assert.ok((await tree.rows()).filter(({ level }) => level === 4).length > 20);
    });

    it('is searched while one types', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Search Vault');
      await quickInput.type('needle');
      await quickInput
        .row(/^needle /)
        .first()
        .waitFor();
      await vaultside().searchFor('user04242', 'needle registry 04242');
      await workbench.waitForStatus(
        'vaultside.copied',
        'Password of needle registry 04242 (user04242@example.test) copied',
      );
      assert.equal(await workbench.clipboard(), 'not-a-real-password-04242');
    });

    it('puts what was used first, and finds what is only nearly typed', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Search Vault');
      // A thousand others match as well, and come before it by name.
      await vaultside().searchFor('registry', 'needle registry 04242');
      await quickInput.waitUntilGone();
      await workbench.runCommand('Bitwarden: Search Vault');
      await vaultside().searchFor('regsitry 00022', 'registry 00022');
      await until('the password', async () => (await workbench.clipboard()) === 'not-a-real-password-00022');
    });

    it('says how many more there are, and what helps where nothing is found', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('Bitwarden: Search Vault');
      // Of these none was used and only those that end in 0 are favorites, so that the row is one that was found.
      await quickInput.type('user05');
      await quickInput
        .row(/05\d{2}[1-9]$/)
        .first()
        .waitFor();
      // From the first row to the last one.
      await workbench.page.keyboard.press('ArrowUp');
      await quickInput.row(/^\d+ more, keep typing$/).waitFor();
      await quickInput.type('no such thing at all');
      await quickInput.row('No item matches').waitFor();
      await quickInput.choose('Sync Vault');
      await quickInput.row('No item matches').waitFor();
      await quickInput.cancel();
    });

    it('takes Enter for what was typed, however soon it comes', async () => {
      const { workbench, quickInput } = vaultside();
      for (const number of ['04242', '07311', '00010']) {
        await workbench.runCommand('Bitwarden: Copy Username');
        await quickInput.row(/./).first().waitFor();
        await quickInput.submit(`user${number}`);
        await quickInput.waitUntilGone();
        await until('the username', async () => (await workbench.clipboard()) === `user${number}@example.test`, 10_000);
      }
    });

    it('is filtered in the tree', async () => {
      const { workbench, quickInput, tree } = vaultside();
      await workbench.runCommand('Bitwarden: Filter Items');
      await quickInput.submit('user04242');
      await tree.waitForRow(/04242$/);
      assert.deepEqual(
        (await tree.rows()).map(({ description }) => description),
        ['user04242@example.test'],
      );
      await workbench.runCommand('Bitwarden: Clear Filter');
      await tree.waitForRow('Types');
    });
  },
);
