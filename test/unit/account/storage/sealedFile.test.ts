import assert from 'node:assert/strict';
import { locks } from '../../../../src/account/storage/locks';
import { SealedFile } from '../../../../src/account/storage/sealedFile';
import { SignOuts } from '../../../../src/account/storage/signOuts';
import { allocateSecret } from '../../../../src/base/secretBytes';
import { Keyring } from '../../../../src/vault/keyring';
import { generateKey } from '../../../support/keys';
import { ManualClock } from '../../../support/manualClock';
import { MemoryFileStore } from '../../../support/memoryFileStore';
import { MemorySecretStore } from '../../../support/memorySecretStore';
import { Steps } from '../../../support/steps';

const id = '2f1c0b7e-8a3d-4f6b-9c55-3d2e1f0a9b8c';

describe('A sealed file', () => {
  it('is not written where it would be too large to be read again', async () => {
    const [clock, steps] = [new ManualClock(), new Steps()];
    const files = new MemoryFileStore(clock).view(steps);
    const signOuts = new SignOuts(new MemorySecretStore().view(steps), files, clock);
    const guard = { lock: locks.generated(id), isCurrent: () => Promise.resolve(true) };
    // 32 bytes of salt and a tag of 16 are kept beside the content.
    const facts = { kind: 'generated', purpose: 'generated', largest: 148 } as const;
    const [file, keyring] = [new SealedFile(files, signOuts, facts), new Keyring(generateKey())];
    await file.update(id, keyring, guard, () => allocateSecret(100));
    await assert.rejects(
      file.update(id, keyring, guard, () => allocateSecret(101)),
      RangeError,
    );
    assert.equal((await file.read(id, keyring))?.length, 100);
  });
});
