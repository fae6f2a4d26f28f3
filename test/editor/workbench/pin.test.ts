import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { until } from '../host/until';
import { suite } from './suite';

const PIN = '4711';

suite('A PIN', { account: demoVault }, (vaultside) => {
  before(async () => {
    await vaultside().signInAndUnlock();
  });

  it('is set with the master password, and typed twice', async () => {
    const { workbench, quickInput } = vaultside();
    await workbench.runCommand('Bitwarden: Set Up PIN');
    await quickInput.waitForMessage('Enter your master password to confirm.');
    await quickInput.submit(demoVault.password);
    await quickInput.waitForMessage('Whoever can read the secret storage of VS Code can try PINs there');
    assert.ok(await quickInput.isMasked());
    await quickInput.submit('123');
    await quickInput.waitForMessage('Enter at least 4 characters.');
    await quickInput.submit(PIN);
    await quickInput.waitForMessage('Enter the PIN once more.');
    await quickInput.submit('4712');
    await quickInput.waitForMessage('The PINs do not match.');
    await quickInput.submit(PIN);
    await workbench.waitForNotification('The PIN is set.');
  });

  it('can be removed from then on', async () => {
    const { quickInput } = vaultside();
    await until('the command', async () => (await quickInput.offeredCommands('Bitwarden: ')).includes('Remove PIN'));
  });

  it('opens the vault after a lock', async () => {
    const { workbench, quickInput } = vaultside();
    await vaultside().lock();
    await workbench.runCommand('Bitwarden: Unlock Vault');
    await quickInput.waitForMessage('PIN of robin@');
    assert.ok(await quickInput.isMasked());
    await quickInput.submit('0000');
    await quickInput.waitForMessage('Wrong PIN. 4 more wrong tries remove it');
    await quickInput.submit(PIN);
    await vaultside().waitForState('unlocked');
  });

  it('can be passed over for the master password, and is gone after five wrong tries', async () => {
    const { workbench, quickInput } = vaultside();
    await vaultside().lock();
    await workbench.runCommand('Bitwarden: Unlock Vault');
    await quickInput.waitForMessage('PIN of');
    await quickInput.press('Use Master Password');
    await quickInput.waitForMessage('Master password of');
    await quickInput.cancel();
    await workbench.runCommand('Bitwarden: Unlock Vault');
    for (const left of ['4 more', '3 more', '2 more', 'One more']) {
      await quickInput.waitForMessage('PIN');
      await quickInput.submit('wrong');
      await quickInput.waitForMessage(`Wrong PIN. ${left} wrong`);
    }
    await quickInput.submit('wrong');
    await quickInput.waitForMessage('The PIN was wrong five times and is removed. Master password of');
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked');
  });
});
