import assert from 'node:assert/strict';
import type { AccountRecord } from '../../../src/account/storage/accountRecord';
import { Records } from '../../../src/account/storage/records';
import { ManualClock } from '../../support/manualClock';
import { MemoryFileStore } from '../../support/memoryFileStore';
import { MemorySecretStore } from '../../support/memorySecretStore';
import { Steps } from '../../support/steps';
import { until } from '../../support/until';

const record: AccountRecord = {
  id: '2f1c0b7e-8a3d-4f6b-9c55-3d2e1f0a9b8c',
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
const { id } = record;
const session = { keyId: 'first', accessToken: 'a.b.c', expiresAt: 1 };

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
    await a.create(record);
    assert.deepEqual(await b.account(id), record);
    assert.deepEqual(await b.accounts(), [record]);
    assert.ok(await b.change(record, { keyId: 'second' }));
    assert.equal((await a.account(id))?.keyId, 'second');
    await a.saveSession(id, { ...session, keyId: 'second' });
    assert.deepEqual(await b.session(id), { ...session, keyId: 'second' });
    await b.clearSession(id, 'second');
    assert.equal(await a.session(id), undefined);
  });

  it('leave a timeout out that nobody can have chosen', async () => {
    const { marks } = openWindow().records;
    await marks.saveVaultTimeout(id, '5');
    assert.equal(await marks.vaultTimeout(id), '5');
    await marks.saveVaultTimeout(id, '100000' as '5');
    assert.equal(await marks.vaultTimeout(id), undefined);
  });

  it('are those of several accounts, each by itself, of one user at two servers too', async () => {
    const servers = { ...record.servers, api: 'https://elsewhere.example.test/api' };
    const other = { ...record, id: '7d9e8f10-1b2c-4d3e-8f4a-5b6c7d8e9f00', servers, clientSecret: 'another' };
    const { records } = openWindow();
    for (const each of [record, other]) {
      await records.create(each);
      await records.saveSession(each.id, { ...session, accessToken: each.clientSecret });
      await records.marks.saveRotation(each.id, { keyId: each.id });
    }
    assert.deepEqual(await records.accounts(), [record, other]);
    await records.signOuts.forget(other.id);
    assert.deepEqual(await openWindow().records.accounts(), [record]);
    assert.deepEqual(await records.session(id), { ...session, accessToken: record.clientSecret });
    assert.deepEqual(await records.marks.rotation(id), { keyId: id });
    for (const key of secrets.entries.keys()) assert.ok(!key.includes(other.id), key);
  });

  it('are changed only by who knows the key that is stored', async () => {
    const [a, b] = [openWindow().records, openWindow().records];
    await a.create(record);
    const changes = [a.change(record, { keyId: 'of a' }), b.change(record, { keyId: 'of b' })];
    assert.deepEqual(await Promise.all(changes), [true, false]);
    assert.equal((await b.account(id))?.keyId, 'of a');
  });

  it('of a session that another key got are not stored, and not thrown away with it', async () => {
    const [a, b] = [openWindow().records, openWindow().records];
    await a.create(record);
    assert.ok(await a.change(record, { keyId: 'second' }));
    assert.ok(await a.saveSession(id, { ...session, keyId: 'second' }));
    assert.equal(await b.saveSession(id, { ...session, accessToken: 'late' }), false);
    assert.equal(await b.saveSession(id, { keyId: 'first', dropped: 'keyRejected' }), false);
    await b.clearSession(id, 'first');
    assert.deepEqual(await b.session(id), { ...session, keyId: 'second' });
  });

  it('are waited for once when they do not come, because their window has crashed', async () => {
    secrets.losesLastWrites = true;
    const [a, b] = [openWindow(), openWindow()];
    await a.records.create(record);
    assert.deepEqual(await b.records.account(id), record);
    await a.records.change(record, { keyId: 'lost' });
    a.steps.crash();
    let found: AccountRecord | undefined;
    const reading = b.records.account(id).then((account) => (found = account));
    await until('it gives up', () => {
      clock.advance(500);
      return found !== undefined;
    });
    assert.equal((await reading)?.keyId, 'first');
    assert.equal((await b.records.account(id))?.keyId, 'first', 'without another wait');
  });

  it('stay away after a sign-out that a write under way has got past', async () => {
    const [a, b] = [openWindow().records, openWindow().records];
    secrets.holdsWrites = true;
    await b.create(record);
    await a.signOuts.forget(id);
    secrets.holdsWrites = false;
    assert.ok(
      [...secrets.entries.keys()].some((key) => key.includes(id)),
      'what b wrote got there last',
    );
    const c = openWindow().records;
    assert.equal(await c.account(id), undefined);
    assert.deepEqual(await c.accounts(), []);
    await c.signOuts.removeSignedOut();
    assert.deepEqual([...secrets.entries.keys()], []);
  });

  it('of an account that is signed out are remembered as such, and then forgotten', async () => {
    const { records } = openWindow();
    await records.create(record);
    await records.signOuts.forget(id);
    files.files.set(`${id}.vault`, { content: new Uint8Array(), modifiedAt: clock.now() });
    await records.signOuts.removeSignedOut();
    assert.deepEqual([...files.files.keys()], [`${id}.signedOut`]);
    clock.advance(91 * 24 * 60 * 60_000);
    await records.signOuts.removeSignedOut();
    assert.equal(files.files.size, 0);
  });

  it('are refused to a window whose account was signed out in another one', async () => {
    const [a, b] = [openWindow().records, openWindow().records];
    await a.create(record);
    await a.signOuts.forget(id);
    const refused = { name: 'SignedOutError' };
    await assert.rejects(b.create(record), refused);
    await assert.rejects(b.change(record, { keyId: 'second' }), refused);
    await assert.rejects(b.saveSession(id, session), refused);
    await assert.rejects(b.marks.saveRotation(id, { keyId: 'first' }), refused);
    assert.deepEqual([...secrets.entries.keys()], []);
    assert.deepEqual([...files.files.keys()], [`${id}.signedOut`]);
  });

  it('are not waited for where other windows tell nothing', async () => {
    const [a, steps] = [openWindow().records, new Steps()];
    const b = new Records({ ...secrets.view(steps), tellsWindows: false }, files.view(steps), clock);
    await a.create(record);
    assert.equal(await b.account(id), undefined);
  });

  describe('in a browser, where a page that writes stores all that it has read', () => {
    const other = { ...record, id: '7d9e8f10-1b2c-4d3e-8f4a-5b6c7d8e9f00', keyId: 'of the other' };

    async function signedOutElsewhere(): Promise<Records> {
      secrets.inBrowser = true;
      await openWindow().records.create(record);
      const [outdated, page] = [openWindow().records, openWindow().records];
      await outdated.signOuts.removeSignedOut();
      await page.signOuts.forget(id);
      await page.create(other);
      return outdated;
    }

    for (const [what, write] of [
      ['removes what is left', (records) => records.signOuts.removeSignedOut()],
      ['stores a session', (records) => assert.rejects(records.saveSession(id, session), { name: 'SignedOutError' })],
      ['locks', (records) => assert.rejects(records.marks.signalLock(id, 1), { name: 'SignedOutError' })],
      ['rotates', (records) => assert.rejects(records.marks.saveRotation(id, session), { name: 'SignedOutError' })],
    ] as const satisfies [string, (records: Records) => Promise<void>][]) {
      it(`leave an account alone that was stored since, where one of before ${what}`, async () => {
        const outdated = await signedOutElsewhere();
        await write(outdated);
        assert.deepEqual(await openWindow().records.accounts(), [other]);
        assert.deepEqual(
          [...files.files.keys()].filter((name) => name.startsWith(id)),
          [`${id}.signedOut`],
        );
      });
    }

    it('of an account that was signed out are removed by the next page that is loaded', async () => {
      const outdated = await signedOutElsewhere();
      await outdated.create({ ...record, id: 'third' });
      assert.ok([...secrets.entries.keys()].some((key) => key.includes(id)));
      await openWindow().records.signOuts.removeSignedOut();
      assert.ok(![...secrets.entries.keys()].some((key) => key.includes(id)));
    });

    it('do not get a former key back with what the server says of the account', async () => {
      secrets.inBrowser = true;
      await openWindow().records.create(record);
      const [outdated, page] = [openWindow().records, openWindow().records];
      assert.ok(await page.change(record, { clientSecret: 'new', keyId: 'second' }));
      assert.equal(await outdated.change(record, { email: 'new@example.test' }), false);
      assert.equal((await openWindow().records.account(id))?.clientSecret, 'new');
    });
  });

  it('are refused to a window whose write fails because the account was signed out', async () => {
    const { records } = openWindow();
    await records.create(record);
    files.beforeWrite = (name) => {
      if (name.endsWith('.session')) throw new Error('its temporary file is gone');
    };
    let signedOut: Promise<void> = Promise.resolve();
    secrets.beforeWrite = async (key) => {
      if (!key.startsWith('accessToken.')) return;
      secrets.beforeWrite = () => undefined;
      await (signedOut = openWindow().records.signOuts.forget(id));
    };
    await assert.rejects(records.saveSession(id, session), { name: 'SignedOutError' });
    await signedOut;
    secrets.settle();
    assert.deepEqual([...secrets.entries.keys()], []);
  });
});
