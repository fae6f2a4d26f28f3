import assert from 'node:assert/strict';
import { KeeperSecret } from '../../../../src/account/storage/keeperSecret';
import { ManualClock } from '../../../support/manualClock';
import { MemoryFileStore } from '../../../support/memoryFileStore';
import { MemorySecretStore } from '../../../support/memorySecretStore';
import { Steps } from '../../../support/steps';

describe('The secret of the keeper', () => {
  it('stays where an account came while it was about to be removed', async () => {
    const [clock, steps] = [new ManualClock(), new Steps()];
    const secret = new KeeperSecret(new MemorySecretStore().view(steps), new MemoryFileStore(clock).view(steps), clock);
    let isSomebodyHere = false;
    // A window that signs in is quicker.
    const made = secret.make().then(() => (isSomebodyHere = true));
    await Promise.all([made, secret.forget(() => Promise.resolve(!isSomebodyHere))]);
    assert.ok(await secret.read());
    await secret.forget(() => Promise.resolve(true));
    assert.equal(await secret.read(), undefined);
  });
});
