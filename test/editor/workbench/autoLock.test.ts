import assert from 'node:assert/strict';
import { away } from '../host/openVSCode';
import { sharedControl } from '../control/controlledExtension';
import { until } from '../host/until';
import { suite } from './suite';
import type { Vaultside } from './vaultside';

const week = 7 * 24 * 60;
/** server: src/Core/AdminConsole/Enums/PolicyType.cs */
const maximumVaultTimeout = 9;
const items = [{ name: 'GitHub', username: 'robin', password: 'not-a-real-one' }];

describe('Locking by itself', () => {
  const control = sharedControl();

  /** Searches for an item, which is a use of the vault and needs no master password. */
  async function useVault({ workbench, quickInput }: Vaultside): Promise<void> {
    await workbench.runCommand('Bitwarden: Search Vault');
    await quickInput.row('GitHub').waitFor();
    await quickInput.cancel();
  }

  suite(
    'by the setting',
    () => ({ ...control.setup(), account: { items }, settings: { 'vaultside.vaultTimeout': '5' } }),
    (vaultside) => {
      beforeEach(async () => {
        await vaultside().beginUnlocked();
        await useVault(vaultside());
      });

      it('waits for as many minutes without use, and empties the tree', async () => {
        await control.pass(4);
        await useVault(vaultside());
        await control.pass(4);
        await useVault(vaultside());
        await control.pass(5);
        await vaultside().waitForState('locked');
        await vaultside().tree.welcome().getByText('The vault is locked.').waitFor();
      });

      it('closes what shows a secret', async () => {
        const { workbench, quickInput } = vaultside();
        await workbench.runCommand('Bitwarden: Search Vault');
        await quickInput.row('GitHub').waitFor();
        await control.pass(5);
        await quickInput.waitUntilGone();
        await vaultside().waitForState('locked');
      });

      it('leaves nothing in the page of a value that is shown, after half a minute', async () => {
        const { workbench, quickInput } = vaultside();
        await workbench.runCommand('Bitwarden: Show Field');
        await quickInput.choose('GitHub');
        await quickInput.choose('Password');
        await quickInput.waitForPlaceholder('Closes by itself after 30 seconds');
        assert.ok((await vaultside().wholePage()).includes('not-a-real-one'));
        await control.pass(0.4);
        await quickInput.waitForPlaceholder('Closes by itself after 30 seconds');
        await control.pass(0.1);
        await quickInput.waitUntilGone();
        assert.ok(!(await vaultside().wholePage()).includes('not-a-real-one'));
        await vaultside().waitForState('unlocked');
      });

      it('locks when the user comes back to a computer that has slept for longer', async () => {
        await away(vaultside().vscode.page, () => control.pass(5, { asleep: true }));
        await vaultside().waitForState('locked');
      });
    },
  );

  for (const value of ['never', 'onWindowClose']) {
    suite(
      `with the setting "${value}"`,
      () => ({ ...control.setup(), account: { items }, settings: { 'vaultside.vaultTimeout': value } }),
      (vaultside) => {
        beforeEach(async () => {
          await vaultside().beginUnlocked();
          await useVault(vaultside());
        });

        it(`does not mind the time, and ${value === 'never' ? 'lasts through a reload' : 'locks with the last window'}`, async () => {
          await control.pass(week);
          await useVault(vaultside());
          await vaultside().untilKept();
          await vaultside().vscode.reload();
          await vaultside().waitForState(value === 'never' ? 'unlocked' : 'locked');
        });

        it('follows a change of the setting', async () => {
          await vaultside().vscode.writeSettings({ 'vaultside.vaultTimeout': '1' });
          // The extension learns of the new setting a moment later. Until then no amount of time would lock the vault.
          await until('the vault to lock', async () => {
            await control.pass(1);
            return (await vaultside().state()) === 'locked';
          });
          await vaultside().vscode.writeSettings({ 'vaultside.vaultTimeout': value });
        });
      },
    );
  }

  suite(
    'after a sleep of the computer',
    () => ({
      ...control.setup(),
      account: { items },
      settings: { 'vaultside.vaultTimeout': 'never', 'vaultside.lockOnSleep': true },
    }),
    (vaultside) => {
      it('happens though the vault locks never by time', async () => {
        await vaultside().beginUnlocked();
        await control.pass(1);
        await vaultside().waitForState('locked');
      });
    },
  );

  suite(
    'by the policy of an organisation',
    () => ({
      ...control.setup(),
      account: {
        items,
        organizations: [{ name: 'Northwind', policies: [{ type: maximumVaultTimeout, data: { minutes: 2 } }] }],
      },
      settings: { 'vaultside.vaultTimeout': 'never' },
    }),
    (vaultside) => {
      it('waits no longer than that allows, whatever the setting says', async () => {
        await vaultside().beginUnlocked();
        await useVault(vaultside());
        await control.pass(1);
        await useVault(vaultside());
        await control.pass(2);
        await vaultside().waitForState('locked');
      });
    },
  );
});
