import assert from 'node:assert/strict';
import { until } from '../host/until';
import { suite } from './suite';

const view = ['View Item', 'View Item in Editor Tab', 'Edit Item', 'Clone Item'];
const changes = [
  ...['Add to Favorites', 'Move to Folder', 'Archive Item', 'Change Collections'],
  ...['Add Attachment', 'Move to Trash'],
];
const item = 'Production database';
const secrets = { password: 'fake-production-secret', totp: 'JBSWY3DPEHPK3PXPJBSWY3DP', PIN: 'fake-pin-3141592' };
const refusal = 'Your organization lets you use this item, not see its hidden values.';
const inOrganization = { organization: 'Northwind', collections: ['Production'] };

suite(
  'What an organisation lets its members use but not see',
  {
    account: {
      premium: true,
      organizations: [{ name: 'Northwind', collections: ['Production'] }],
      items: [
        {
          ...inOrganization,
          name: item,
          username: 'prod_ro',
          password: secrets.password,
          totp: secrets.totp,
          fields: [{ name: 'PIN', type: 'hidden', value: secrets.PIN }],
          viewPassword: false,
        },
        { ...inOrganization, name: 'Staging database', password: 'not-withheld', totp: secrets.totp },
        {
          ...inOrganization,
          name: 'Company card',
          type: 'card',
          details: { number: '4111111111111111', code: '737' },
          viewPassword: false,
        },
        {
          ...inOrganization,
          name: 'Deploy key',
          type: 'sshKey',
          details: { privateKey: 'fake-private-key', publicKey: 'ssh-ed25519 AAAA' },
          viewPassword: false,
        },
      ],
    },
    viewport: { width: 1100, height: 1000 },
  },
  (vaultside) => {
    beforeEach(async () => {
      const { workbench, tree } = vaultside();
      await vaultside().beginUnlocked();
      await workbench.clearNotifications();
      await workbench.openSideBar('Bitwarden');
      await workbench.writeClipboard('untouched');
      await tree.expand('Types');
      await tree.expand('Logins');
    });

    /** Asserts that nothing is on the clipboard or on the screen. */
    async function nothingGotOut(): Promise<void> {
      assert.equal(await vaultside().workbench.clipboard(), 'untouched');
      const page = await vaultside().wholePage();
      for (const [name, value] of Object.entries(secrets)) assert.ok(!page.includes(value), name);
    }

    async function refused(): Promise<void> {
      await vaultside().workbench.waitForNotification(refusal);
      await nothingGotOut();
      await vaultside().workbench.clearNotifications();
    }

    /** Asserts that each hidden field is refused in the picker that `open` shows; the others are offered. */
    async function refusedInPicker(open: () => Promise<void>): Promise<void> {
      const { quickInput } = vaultside();
      for (const field of ['Password', 'TOTP code', 'PIN']) {
        await open();
        await quickInput.row(field).waitFor();
        const rows = await quickInput.rows();
        assert.equal(rows.find(({ label }) => label === field)?.description, 'hidden by your organization');
        assert.equal(rows.find(({ label }) => label === 'Username')?.description, 'prod_ro');
        await quickInput.choose(field);
        await refused();
      }
    }

    it('is not among the actions of its row', async () => {
      const { tree } = vaultside();
      assert.deepEqual(await tree.inlineActions('Staging database'), ['Copy Password']);
      assert.deepEqual(await tree.inlineActions(item), ['Copy Username']);
    });

    it('is not in the menu of its row, and refused where the menu leads to its fields', async () => {
      const { tree } = vaultside();
      assert.deepEqual(await tree.contextMenu(item), [
        ...view,
        ...['Copy Username', 'Copy Field', 'Insert Field', 'Copy to Terminal', 'Show Field'],
        ...changes,
      ]);
      for (const entry of ['Copy Field', 'Show Field']) {
        await refusedInPicker(() => tree.chooseFromContextMenu(item, entry));
      }
    });

    it('is masked below its row, without anything to press', async () => {
      const { tree, workbench } = vaultside();
      await tree.expand(item);
      await tree.waitForRow('PIN');
      for (const field of ['Password', 'TOTP code', 'PIN']) {
        assert.deepEqual(await tree.inlineActions(field), [], field);
        assert.match((await tree.row(field).first().getAttribute('aria-label')) ?? '', /hidden by your organization/);
        await tree.click(field);
        await tree.waitForFocusOn(field);
        await workbench.page.keyboard.press('ControlOrMeta+C');
        await refused();
      }
      await tree.collapse(item);
    });

    it('is nothing of a card or an SSH key', async () => {
      const { workbench, tree, quickInput } = vaultside();
      await tree.expand('Cards');
      assert.deepEqual(await tree.contextMenu('Company card'), [
        ...view,
        'Copy Card Number',
        'Copy Field',
        'Insert Field',
        'Copy to Terminal',
        'Show Field',
        ...changes,
      ]);
      await tree.chooseFromContextMenu('Company card', 'Copy Card Number');
      await until('the number', async () => (await workbench.clipboard()) === '4111111111111111');
      for (const [item, field, value] of [
        ['Company card', 'Security code', '737'],
        ['Deploy key', 'Private key', 'fake-private-key'],
      ] as const) {
        await workbench.runCommand('Bitwarden: Copy Field');
        await vaultside().searchFor(item, item);
        await quickInput.choose(field);
        await until(field, async () => (await workbench.clipboard()) === value);
      }
    });

    for (const command of ['Copy Password', 'Copy TOTP']) {
      it(`is not offered by ${command} of the palette`, async () => {
        const { workbench, quickInput } = vaultside();
        await workbench.runCommand(`Bitwarden: ${command}`);
        await quickInput.row('Staging database').waitFor();
        assert.equal(await quickInput.row(item).count(), 0);
        await quickInput.cancel();
        await nothingGotOut();
      });
    }

    for (const command of ['Copy Field', 'Show Field', 'Search Vault']) {
      it(`is refused by ${command} of the palette`, async () => {
        await refusedInPicker(async () => {
          await vaultside().workbench.runCommand(`Bitwarden: ${command}`);
          await vaultside().searchFor('production', item);
        });
      });
    }
  },
);
