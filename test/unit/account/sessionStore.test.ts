import assert from 'node:assert/strict';
import { SessionStore } from '../../../src/account/sessionStore';
import type { Account } from '../../../src/account/state';
import { ManualClock } from '../../support/manualClock';

const account = (id: string): Account => ({
  ...{ id, userId: 'u', email: 'a@b.test', clientId: 'user.u' },
  servers: { webVault: 'https://b.test', api: 'https://b.test/api', identity: 'https://b.test/identity' },
});
const facts = { dropped: undefined, lastSync: undefined, rotationUnfinished: false };

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

  it('ends what was under way when another account takes its place', () => {
    const store = entered('a');
    const { untilLock } = store;
    store.enter(account('b'), facts);
    assert.equal(untilLock.aborted, true);
    assert.equal(store.accountId, 'b');
    assert.equal(store.openedOf('a'), undefined);
  });
});
