import assert from 'node:assert/strict';
import { emptyLogin } from '../../server/items';
import { ItemPage } from '../host/itemPage';
import { until } from '../host/until';
import { suite } from './suite';

suite(
  'Values that are not there',
  {
    account: {
      items: [
        {
          ...emptyLogin,
          name: 'Empty',
          fields: [...(emptyLogin.fields ?? []), { type: 'linked', name: 'user', linkedId: 100 }],
        },
        { name: 'Nothing', type: 'secureNote', notes: '' },
        { name: 'Closed', username: 'x', password: 'x', ownKey: true },
        { name: 'Nameless', password: 'fake-without-a-name' },
        {
          name: 'Full',
          username: 'robin',
          password: 'fake-password',
          totp: 'JBSWY3DPEHPK3PXP',
          uris: ['https://example.test'],
        },
      ],
    },
    viewport: { width: 1100, height: 1000 },
  },
  (vaultside) => {
    before(async () => {
      const stored = vaultside().server.account.ciphers;
      stored[2]!.key = stored[2]!.key!.replace(/.{8}$/, 'AAAAAAA=');
      stored[3]!.name = null;
      await vaultside().signInAndUnlock();
    });

    beforeEach(async () => {
      const { workbench, tree } = vaultside();
      await workbench.clearNotifications();
      await workbench.openSideBar('Bitwarden');
      await workbench.writeClipboard('untouched');
      await tree.expand('Types');
      await tree.expand('Logins');
    });

    /** Asserts that the sentence is shown, and that the clipboard is neither cleared nor said to hold something. */
    async function isTold(sentence: string): Promise<void> {
      const { workbench } = vaultside();
      await workbench.waitForNotification(sentence);
      assert.equal(await workbench.clipboard(), 'untouched');
      assert.equal(await workbench.statusBarItem('vaultside.copied').isVisible(), false);
      await workbench.clearNotifications();
    }

    it('leave the names of custom fields, and nothing to press or to copy', async () => {
      const { workbench, tree } = vaultside();
      for (const item of ['Empty', '(cannot be opened)']) assert.deepEqual(await tree.inlineActions(item), [], item);
      await tree.expand('Empty');
      await tree.waitForRow('token');
      const below = (await tree.rows()).filter(({ level }) => level === 4);
      assert.deepEqual(
        below.map(({ label, description }) => [label, description]),
        [
          ['token', ''],
          ['user', 'linked to Username'],
        ],
      );
      for (const [field, sentence] of [
        ['token', 'token of Empty has no value.'],
        ['user', 'user of Empty only stands for another field: Username.'],
      ] as const) {
        assert.deepEqual(await tree.inlineActions(field), [], field);
        await tree.click(field);
        await tree.waitForFocusOn(field);
        await workbench.page.keyboard.press('ControlOrMeta+C');
        await isTold(sentence);
      }
      await tree.collapse('Empty');
    });

    it('are told where an item without any is copied from its row', async () => {
      const { workbench, tree } = vaultside();
      await tree.expand('Secure notes');
      for (const [item, sentence] of [
        ['Nothing', 'There is nothing to copy or to show in Nothing.'],
        ['(cannot be opened)', 'This item cannot be opened: none of your keys fits.'],
      ] as const) {
        await tree.click(item);
        await tree.waitForFocusOn(item);
        await workbench.page.keyboard.press('ControlOrMeta+C');
        await isTold(sentence);
      }
    });

    it('are told where a search ends at a login without any; a note opens', async () => {
      const { workbench } = vaultside();
      await workbench.runCommand('Bitwarden: Search Vault');
      await vaultside().searchFor('Empty', 'Empty');
      await isTold('There is nothing to copy or to show in Empty.');
      await workbench.runCommand('Bitwarden: Search Vault');
      await vaultside().searchFor('Nothing', 'Nothing');
      await new ItemPage(workbench.page).waitFor('Nothing');
    });

    for (const [command, rows] of [
      ['Copy Password', ['(no name)', 'Full']],
      ['Copy Username', ['Full']],
      ['Copy TOTP', ['Full']],
      ['Copy Field', ['(no name)', 'Full']],
      ['Show Field', ['(no name)', 'Full']],
      ['Open in Browser', ['Full']],
    ] as const) {
      it(`are not offered by ${command} of the palette`, async () => {
        const { workbench, quickInput } = vaultside();
        await workbench.runCommand(`Bitwarden: ${command}`);
        await quickInput.row('Full').waitFor();
        assert.deepEqual(
          (await quickInput.rows()).map(({ label }) => label),
          [...rows],
        );
        await quickInput.cancel();
      });
    }

    it('are no reason to keep the password of an item without a name', async () => {
      const { workbench, tree } = vaultside();
      await tree.pressInline('(no name)', 'Copy Password');
      await until('the password', async () => (await workbench.clipboard()) === 'fake-without-a-name');
    });
  },
);
