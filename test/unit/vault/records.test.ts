import assert from 'node:assert/strict';
import { type AccountRecord, Records } from '../../../src/vault/records';
import { ManualClock } from '../../support/manualClock';
import { MemoryFileStore } from '../../support/memoryFileStore';
import { MemorySecretStore } from '../../support/memorySecretStore';
import { Steps } from '../../support/steps';
import { until } from '../../support/until';

const record: AccountRecord = {
  userId: '9b1c7c9e-2f64-4a1c-8a52-0b6f3c1d2e4f',
  email: 'dev@example.test',
  servers: {
    webVault: 'https://vault.example.test',
    api: 'https://vault.example.test/api',
    identity: 'https://vault.example.test/identity',
  },
  clientId: 'user.9b1c7c9e-2f64-4a1c-8a52-0b6f3c1d2e4f',
  clientSecret: 'not-a-real-secret',
  keyId: 'first',
  hasMasterPassword: true,
};
const { userId } = record;

describe('Records', () => {
  let clock: ManualClock;
  let secrets: MemorySecretStore;
  let files: MemoryFileStore;

  beforeEach(() => {
    clock = new ManualClock();
    secrets = new MemorySecretStore();
    files = new MemoryFileStore(clock);
  });

  function openWindow(): { records: Records; steps: Steps } {
    const steps = new Steps();
    return { records: new Records(secrets.view(steps), files.view(steps), clock), steps };
  }

  it('are read as another window has written them, though the secret store is late', async () => {
    const [a, b] = [openWindow().records, openWindow().records];
    await a.saveAccount(record);
    assert.deepEqual(await b.account(userId), record);
    await b.saveAccount({ ...record, keyId: 'second' });
    assert.equal((await a.account(userId))?.keyId, 'second');
    await a.saveSession(userId, { keyId: 'second', accessToken: 'a.b.c', expiresAt: 1 });
    assert.deepEqual(await b.session(userId), { keyId: 'second', accessToken: 'a.b.c', expiresAt: 1 });
    await b.clearSession(userId);
    assert.equal(await a.session(userId), undefined);
  });

  it('are waited for once when they do not come, because their window has crashed', async () => {
    secrets.losesLastWrites = true;
    const [a, b] = [openWindow(), openWindow()];
    await a.records.saveAccount(record);
    assert.deepEqual(await b.records.account(userId), record);
    await a.records.saveAccount({ ...record, keyId: 'lost' });
    a.steps.crash();
    let found: AccountRecord | undefined;
    const reading = b.records.account(userId).then((account) => (found = account));
    await until('it gives up', () => {
      clock.advance(500);
      return found !== undefined;
    });
    assert.equal((await reading)?.keyId, 'first');
    assert.equal((await b.records.account(userId))?.keyId, 'first', 'without another wait');
  });

  it('stay away after a sign-out that a write under way has got past', async () => {
    const [a, b] = [openWindow().records, openWindow().records];
    secrets.holdsWrites = true;
    await b.saveAccount(record);
    await a.forget(userId);
    secrets.holdsWrites = false;
    assert.ok(
      [...secrets.entries.keys()].some((key) => key.includes(userId)),
      'what b wrote got there last',
    );
    const c = openWindow().records;
    assert.equal(await c.account(userId), undefined);
    assert.equal(await c.findAccount(), undefined);
    await c.removeSignedOut();
    assert.deepEqual([...secrets.entries.keys()], []);
  });

  it('come back when the user signs in again', async () => {
    const [a, b] = [openWindow().records, openWindow().records];
    await a.saveAccount(record);
    await a.forget(userId);
    await a.makeRoom(userId);
    clock.advance(1);
    await a.saveAccount({ ...record, keyId: 'second' });
    await b.removeSignedOut();
    assert.equal((await b.account(userId))?.keyId, 'second');
  });

  it('are refused to a window whose user was signed out in another one', async () => {
    const [a, b] = [openWindow().records, openWindow().records];
    await a.saveAccount(record);
    await a.forget(userId);
    const refused = { name: 'SignedOutError' };
    await assert.rejects(b.saveAccount(record), refused);
    await assert.rejects(b.saveSession(userId, { keyId: 'first', accessToken: 'a.b.c', expiresAt: 1 }), refused);
    await assert.rejects(b.saveRotation(userId, { keyId: 'first' }), refused);
    assert.deepEqual([...secrets.entries.keys()], []);
    assert.deepEqual([...files.files.keys()], ['signedOut']);
  });

  it('of who signs in again are not removed with those that came late', async () => {
    const [late, again] = [openWindow().records, openWindow().records];
    await again.saveAccount(record);
    await again.forget(userId);
    const [atRemoval, release] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let writes = 0;
    secrets.beforeWrite = async (key) => {
      if (!key.startsWith('session.') || ++writes < 2) return;
      atRemoval.resolve(undefined);
      await release.promise;
    };
    const saving = late.saveSession(userId, { keyId: 'first', accessToken: 'a.b.c', expiresAt: 1 });
    saving.catch(() => undefined);
    await atRemoval.promise;
    let isIn = false;
    const signingIn = again
      .makeRoom(userId)
      .then(() => again.saveAccount(record))
      .then(() => (isIn = true));
    await until('it is in, or waits', () => isIn || files.waiting > 0);
    secrets.settle();
    release.resolve(undefined);
    await assert.rejects(saving, { name: 'SignedOutError' });
    await signingIn;
    assert.equal(secrets.record('account')?.keyId, record.keyId);
  });

  it('are not waited for where other windows tell nothing', async () => {
    const [a, steps] = [openWindow().records, new Steps()];
    const b = new Records({ ...secrets.view(steps), tellsWindows: false }, files.view(steps), clock);
    await a.saveAccount(record);
    assert.equal(await b.account(userId), undefined);
  });

  it('are refused to a window whose write fails because the user was signed out', async () => {
    const { records } = openWindow();
    await records.saveAccount(record);
    files.beforeWrite = (name) => {
      if (name.startsWith('sessionVersion')) throw new Error('its temporary file is gone');
    };
    await openWindow().records.forget(userId);
    await assert.rejects(records.saveSession(userId, { keyId: 'first', accessToken: 'a.b.c', expiresAt: 1 }), {
      name: 'SignedOutError',
    });
  });
});
