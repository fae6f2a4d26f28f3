import assert from 'node:assert/strict';
import { type Opened, SessionStore } from '../../../src/account/sessionStore';
import type { Account } from '../../../src/account/state';
import type { Keyring } from '../../../src/vault/keyring';
import type { OpenVault } from '../../../src/vault/openVault';
import { ManualClock } from '../../support/manualClock';

const account = (id: string): Account => ({
  ...{ id, userId: 'u', email: 'a@b.test', clientId: 'user.u' },
  servers: { webVault: 'https://b.test', api: 'https://b.test/api', identity: 'https://b.test/identity' },
});
const facts = { dropped: undefined, lastSync: undefined, rotationUnfinished: false, hasPin: false };

/** What there is of a vault and its keys for the state to know. */
function opened(id: string, wiped: string[] = []): Opened {
  const keyring = { wipe: () => void wiped.push(id) } as unknown as Keyring;
  const header = { id, revision: 0, securityStamp: undefined, unlock: undefined };
  const cached = { header, isWhole: true, elements: new Map() };
  return { keyring, vault: { policies: [] } as unknown as OpenVault, cached };
}

describe('The state of a window', () => {
  function entered(id: string): SessionStore {
    const store = new SessionStore(new ManualClock());
    store.enter(account(id), facts);
    return store;
  }

  it('takes nothing that was found out about another account, or after a sign-out', () => {
    const store = entered('a');
    store.update('b', { syncing: true });
    assert.equal(store.facts?.syncing, false);
    store.update('a', { syncing: true });
    assert.equal(store.facts.syncing, true);
    store.leave();
    store.update('a', { syncing: false });
    assert.equal(store.state.kind, 'signedOut');
  });

  it('is not locked on behalf of another account', () => {
    const store = entered('a');
    const { untilLock } = store;
    store.lock('b');
    assert.equal(untilLock.aborted, false);
    store.lock('a');
    assert.equal(untilLock.aborted, true);
  });

  it('shows no vault that was read with keys of before a lock', () => {
    const store = entered('a');
    store.unlock(opened('first'));
    const { untilLock } = store;
    store.show(opened('second'), untilLock);
    assert.equal(store.opened?.cached.header.id, 'second');
    store.lock();
    store.show(opened('third'), untilLock);
    assert.equal(store.state.kind, 'locked');
    store.unlock(opened('fourth'));
    store.show(opened('third'), untilLock);
    assert.equal(store.opened.cached.header.id, 'fourth');
  });

  it('wipes the keys of a second unlock, and keeps those that the vault is read with', () => {
    const store = entered('a');
    const wiped: string[] = [];
    store.unlock(opened('first', wiped));
    store.unlock(opened('second', wiped));
    assert.deepEqual([wiped, store.opened?.cached.header.id], [['second'], 'first']);
    store.lock();
    assert.deepEqual(wiped, ['second', 'first']);
  });

  it('ends what was under way when another account takes its place', () => {
    const store = entered('a');
    const { untilLock } = store;
    store.enter(account('b'), facts);
    assert.equal(untilLock.aborted, true);
    assert.equal(store.accountId, 'b');
    assert.equal(store.openedOf('a'), undefined);
  });
});
