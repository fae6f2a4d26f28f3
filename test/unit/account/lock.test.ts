import assert from 'node:assert/strict';
import { manyItems } from '../../server/manyItems';
import { misbehaviours } from '../../server/misbehaviours';
import { VaultWriter } from '../../server/vaultWriter';
import { fieldRef } from '../../support/fieldRef';
import { until } from '../../support/until';
import { scenes, type EditorWindow, type Scene } from '../../support/window';

const locked = { name: 'LockedError' };
const minute = 60_000;

describe('locking', () => {
  const scene = scenes();
  const items = [{ name: 'Example', password: 'not-a-real-password', uris: ['https://example.test'] }];

  async function twoUnlocked(at: Scene): Promise<[EditorWindow, EditorWindow]> {
    const window = await at.unlocked();
    const other = await at.open();
    await other.unlock();
    return [window, other];
  }

  it('wipes the keys: nothing can be read, not through a vault that somebody has kept either', async () => {
    const at = await scene('official', { items });
    const window = await at.unlocked();
    const kept = window.vault;
    const id = window.itemId('Example');
    await kept.search('example');
    const proof = await window.session.proveMasterPassword(at.password());
    await window.session.lock();
    window.is('locked');
    assert.equal(window.locks, 1);
    assert.throws(() => kept.read(id, fieldRef('password')), locked);
    assert.throws(() => kept.read(id, fieldRef('password'), proof), locked);
    await assert.rejects(kept.search('example'), locked);
  });

  it('locks all windows from one', async () => {
    const at = await scene('official', { items });
    const [window, other] = await twoUnlocked(at);
    const kept = other.vault;
    const id = other.itemId('Example');
    await window.session.lock();
    await until('the other window locks', () => other.locks === 1);
    other.is('locked');
    assert.throws(() => kept.read(id, fieldRef('password')), locked);
    await window.unlock();
    assert.equal(window.locks, 1, 'an old signal locks nobody again');
  });

  it('tells those who show secrets even if another listener fails', async () => {
    const at = await scene('official');
    const window = await at.unlocked();
    const failures: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => failures.push(error));
    try {
      window.session.onDidChange(() => {
        throw new Error('a view is broken');
      });
      await window.session.lock();
      await until('the failure shows', () => failures.length === 1);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
    assert.equal(window.locks, 1);
  });

  it('overtakes an unlock that is under way, in its own window and in others', async () => {
    const at = await scene('official', { kdf: { type: 'pbkdf2', iterations: 400_000 }, items });
    const window = await at.signedIn();
    const other = await at.open();
    const unlocking = [window, other].map(({ session }) => session.unlock(at.password()));
    const outcomes = Promise.allSettled(unlocking);
    await window.session.lock();
    for (const outcome of await outcomes) {
      assert.equal(outcome.status, 'rejected');
      assert.equal((outcome.reason as Error).name, 'LockedError');
    }
    window.is('locked');
    other.is('locked');
  });

  it('is not undone by a sync that ends after it', async () => {
    const at = await scene('official', { items });
    const window = await at.unlocked();
    at.server.clock.advance(1);
    new VaultWriter(at.account).add({ name: 'Added' });
    at.server.touch();
    const held = at.server.faults.arm('/api/sync', misbehaviours.holdAnswer, 1);
    const syncing = window.session.sync();
    await held.arrived();
    await window.session.lock();
    held.release();
    await syncing;
    window.is('locked');
    await window.unlock();
    assert.equal(window.vault.items.length, 2);
  });

  it('is not undone by a sync that is just opening what it has fetched', async function () {
    this.timeout(60_000);
    const at = await scene('official', { items: manyItems(2000) });
    const window = await at.unlocked();
    const reach = window.steps.reach.bind(window.steps);
    let locking: Promise<void> | undefined;
    window.steps.reach = async (label) => {
      await reach(label);
      if (label !== 'append vault file') return;
      setImmediate(() => {
        setImmediate(() => {
          locking = window.session.lock();
        });
      });
    };
    // With the profile all is opened again, for the keys are part of it.
    at.account.name = 'Another name';
    await window.session.sync({ force: true });
    await until('the lock is over', () => locking !== undefined);
    await locking;
    window.is('locked');
  });

  it('keeps the vault locked after a restart', async () => {
    const at = await scene('official');
    (await at.unlocked()).crash();
    (await at.open()).is('locked');
  });

  it('takes the keys along when the window is closed', async () => {
    const at = await scene('official', { items });
    const window = await at.unlocked();
    const kept = window.vault;
    const id = window.itemId('Example');
    window.session.dispose();
    assert.throws(() => kept.read(id, fieldRef('password')), locked);
  });

  describe('by time', () => {
    async function idle(minutes: number | undefined, policies: object[] = []): Promise<[Scene, EditorWindow]> {
      const organizations = policies.map((data, at) => ({
        name: `Organisation ${at}`,
        policies: [{ type: 9, data: data as Record<string, unknown> }],
      }));
      const at = await scene('official', { organizations });
      const window = await at.open();
      window.session.setLocking({ minutes });
      await window.session.signIn(at.urls, at.key);
      await window.unlock();
      return [at, window];
    }

    it('happens after so many minutes without use', async () => {
      const [at, window] = await idle(15);
      at.clock.advance(14 * minute);
      window.session.touch();
      at.clock.advance(15 * minute - 1);
      window.is('unlocked');
      at.clock.advance(1);
      window.is('locked');
      assert.equal(window.locks, 1);
    });

    it('happens in the window that was not used, not in the others', async () => {
      const [at, window] = await idle(15);
      const other = await at.open();
      other.session.setLocking({ minutes: 15 });
      await other.unlock();
      at.clock.advance(10 * minute);
      window.session.touch();
      at.clock.advance(10 * minute);
      window.is('unlocked');
      other.is('locked');
    });

    it('never happens when it is turned off', async () => {
      const [at, window] = await idle(undefined);
      at.clock.advance(10_000 * minute);
      window.is('unlocked');
    });

    it('follows the setting at once', async () => {
      const [at, window] = await idle(undefined);
      at.clock.advance(20 * minute);
      window.session.setLocking({ minutes: 15 });
      window.is('locked');
    });

    it('counts the time that the machine was asleep: on focus', async () => {
      const [at, window] = await idle(15);
      at.clock.sleep(16 * minute);
      await window.session.checkAgain();
      window.is('locked');
    });

    it('counts the time that the machine was asleep: by itself, within a minute', async () => {
      const [at, window] = await idle(15);
      at.clock.sleep(16 * minute);
      at.clock.advance(minute);
      window.is('locked');
    });

    it('counts the time that the machine was asleep: at the first use', async () => {
      const [at, window] = await idle(15);
      at.clock.sleep(16 * minute);
      window.session.touch();
      window.is('locked');
    });

    it('gives no more time when the clock is put back', async () => {
      const [at, window] = await idle(15);
      at.clock.advance(minute);
      at.clock.putBack(60 * minute);
      at.clock.advance(16 * minute);
      window.is('locked');
    });

    it('comes no later for a timeout of the account alone than a policy says, which a rotation keeps', async () => {
      const [at, window] = await idle(15, [{ minutes: 5 }]);
      await window.session.setVaultTimeout('never');
      assert.equal(window.session.limits.idleMs, 5 * minute);
      await window.session.setVaultTimeout('1');
      await window.session.rotateApiKey(at.verification());
      assert.equal(window.session.limits.idleMs, minute);
      at.clock.advance(minute);
      window.is('locked');
    });

    it('does not hit a vault that was unlocked anew', async () => {
      const [at, window] = await idle(15);
      at.clock.sleep(16 * minute);
      await window.unlock();
      window.is('unlocked');
    });

    for (const [what, minutes, policies, limit] of [
      ['shortens the setting', 60, [{ minutes: 5 }], 5],
      ['shortens "never"', undefined, [{ minutes: 5 }], 5],
      ['does not lengthen the setting', 5, [{ minutes: 60 }], 5],
      ['counts by the shortest of them', 60, [{ minutes: 30 }, { minutes: 10 }], 10],
      ['means what its type says: custom', undefined, [{ type: 'custom', minutes: 5 }], 5],
      ['means what its type says: immediately', undefined, [{ type: 'immediately', minutes: 480 }], 1],
      ['means what its type says: never', 600, [{ type: 'never', minutes: 480 }], 600],
      ['means what its type says: on restart', 600, [{ type: 'onAppRestart', minutes: 480 }], 600],
      ['counts by minutes where its type cannot be told here', 600, [{ type: 'onSystemLock', minutes: 480 }], 480],
      ['counts for nothing when it makes no sense', 15, [{ minutes: 0 }, { minutes: '5' }, { minutes: -1 }], 15],
    ] as const) {
      it(`the policy of an organisation ${what}`, async () => {
        const [at, window] = await idle(minutes, [...policies]);
        at.clock.advance(limit * minute - 1);
        window.is('unlocked');
        at.clock.advance(1);
        window.is('locked');
      });
    }

    it('a policy that comes with a sync holds at once', async () => {
      const [at, window] = await idle(undefined, [{ minutes: 600 }]);
      at.clock.advance(20 * minute);
      (at.account.policies[0] as { data: object }).data = { minutes: 15 };
      at.server.clock.advance(1);
      at.server.touch();
      await window.session.sync();
      window.is('locked');
    });
  });
});
