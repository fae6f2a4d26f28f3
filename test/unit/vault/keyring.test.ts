import assert from 'node:assert/strict';
import { TimeSlices } from '../../../src/base/timeSlices';
import { VaultCache } from '../../../src/account/storage/cache';
import { LockedError } from '../../../src/vault/errors';
import { EncryptedVault } from '../../../src/vault/encryptedVault';
import { Keyring } from '../../../src/vault/keyring';
import { CountedSlices } from '../../support/countedSlices';
import { Steps } from '../../support/steps';
import { scenes } from '../../support/window';
import { keyFromBase64 } from '../../support/keys';

describe('Keys of organisations', () => {
  const scene = scenes();

  async function manyOrganizations() {
    const organizations = Array.from({ length: 500 }, (_, at) => ({ name: `Organisation ${at}` }));
    const at = await scene('official', { organizations });
    await at.signedIn();
    const cached = await new VaultCache(at.files.view(new Steps())).read(at.accountId);
    const vault = await EncryptedVault.of(cached!.elements, 'the cache');
    return { account: at.account, vault, keyring: new Keyring(keyFromBase64(at.account.plainUserKey)) };
  }

  it('are opened in slices, so that the thread is free for others in between', async () => {
    const { account, vault, keyring } = await manyOrganizations();
    const slices = new CountedSlices();
    await keyring.openAccount(vault, slices);
    assert.ok(slices.pauses >= CountedSlices.pausesOf(500), `${slices.pauses} pauses`);
    const keys = vault.profile.organizations.map(({ id }) => keyring.organizationKey(id));
    assert.deepEqual(
      keys.map((key) => Buffer.from(key!.bytes).toString('base64')),
      account.organizations.map(({ plainKey }) => plainKey),
    );
  });

  it('stay in use until the new ones are there, and all go with a lock that comes in between', async () => {
    const { vault, keyring } = await manyOrganizations();
    await keyring.openAccount(vault, new TimeSlices());
    const { id } = vault.profile.organizations[0]!;
    const before = keyring.organizationKey(id);
    let pauses = 0;
    const locking = new TimeSlices(() => {
      pauses++;
      assert.equal(keyring.organizationKey(id), before);
      keyring.wipe();
      return Promise.resolve();
    });
    await assert.rejects(keyring.openAccount(vault, locking), LockedError);
    assert.equal(pauses, 1);
    assert.throws(() => keyring.organizationKey(id), LockedError);
    assert.throws(() => before!.bytes);
  });
});

describe('The user key', () => {
  it('is nothing but zeros after a lock', () => {
    const keyring = new Keyring(keyFromBase64(Buffer.alloc(64, 7).toString('base64')));
    const { bytes } = keyring.userKey;
    keyring.wipe();
    assert.ok(bytes.every((byte) => byte === 0));
    assert.throws(() => keyring.userKey, LockedError);
  });
});
