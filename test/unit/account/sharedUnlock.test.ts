import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeeperAnswer, KeeperLink, KeyKeeper } from '../../../src/base/keyKeeper';
import { fieldRef } from '../../support/fieldRef';
import { type Keepers, keeperMachines } from '../../support/keepers';
import { until } from '../../support/until';
import { type EditorWindow, type Scene, scenes } from '../../support/window';

const minute = 60_000;
const items = [{ name: 'Example', password: 'not-a-real-password' }];

/** Sockets and signals of Unix; the pipe of Windows is the same to a window. */
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('Windows that are unlocked together', function () {
  this.timeout(40_000);
  const scene = scenes();
  const machine = keeperMachines();

  async function begin(options: Parameters<typeof scene>[1] = {}): Promise<[Scene, Keepers]> {
    const at = await scene('official', { items, ...options });
    const keepers = machine();
    at.keeper = keepers.client();
    return [at, keepers];
  }

  const isKept = (at: Scene) => until('the key is kept', () => at.files.files.has(`${at.accountId}.kept`));
  const mark = (at: Scene) => Buffer.from(at.files.files.get(`${at.accountId}.kept`)?.content ?? []).toString();

  async function unlocked(at: Scene): Promise<EditorWindow> {
    const window = await at.unlocked();
    await isKept(at);
    return window;
  }

  it('are one after the other: a second window, and the first one after a reload', async () => {
    const [at] = await begin();
    const window = await unlocked(at);
    const other = await at.open();
    await other.reaches('unlocked');
    assert.equal(other.read('Example', 'password'), 'not-a-real-password');
    window.session.dispose();
    window.crash();
    other.session.dispose();
    other.crash();
    const reloaded = await at.open();
    await reloaded.reaches('unlocked');
    assert.equal(reloaded.read('Example', 'password'), 'not-a-real-password');
    await reloaded.caughtUp();
  });

  it('are so while they are open: those that are locked follow the one that is unlocked', async () => {
    const [at] = await begin();
    const window = await at.signedIn();
    const other = await at.open();
    other.is('locked');
    await window.unlock();
    await other.reaches('unlocked');
  });

  it('are so for each of several accounts, and a lock is of one of them', async () => {
    const [at] = await begin();
    const next = await scene('official', { email: 'other@example.test', items, password: 'another password' });
    const window = await unlocked(at);
    const first = window.sessions.current;
    await window.session.signIn(next.urls, next.key);
    await window.caughtUp();
    await window.session.unlock(next.password());
    const both = (each: EditorWindow) =>
      until('both are unlocked', () => {
        const { all } = each.sessions;
        return all.length === 2 && all.every(({ state }) => state.kind === 'unlocked');
      });
    await both(window);
    await window.caughtUp();
    const other = await at.open();
    await both(other);
    await other.sessions.all.find(({ accountId }) => accountId === first.accountId)?.lock();
    await until('it is locked in the first window, too', () => first.state.kind === 'locked');
    assert.equal(window.session.state.kind, 'unlocked');
    const third = await at.open();
    const isUnlocked = ({ state }: (typeof third.sessions.all)[number]) => state.kind === 'unlocked';
    await until('the other one is unlocked', () => third.sessions.all.some(isUnlocked));
    assert.notEqual(third.sessions.all.find(isUnlocked)?.accountId, first.accountId);
    assert.equal(third.sessions.all.filter(isUnlocked).length, 1);
  });

  it('lock with each of them within a second, and the keeper ends', async () => {
    const [at, keepers] = await begin();
    const window = await unlocked(at);
    const other = await at.open();
    await other.reaches('unlocked');
    const kept = other.vault;
    const id = other.itemId('Example');
    // Without the file that tells it, too.
    at.files.isSilent = true;
    const begun = performance.now();
    await window.session.lock();
    await other.reaches('locked');
    assert.ok(performance.now() - begun < 1_000);
    assert.throws(() => kept.read(id, fieldRef('password')), { name: 'LockedError' });
    await keepers.areGone();
    at.files.isSilent = false;
    await at.quiet();
    await delay(100);
    window.is('locked');
    other.is('locked');
    (await at.open()).is('locked');
  });

  it('lock by a window that was never unlocked, and by the sign-out of one', async () => {
    const [at, keepers] = await begin();
    const window = await unlocked(at);
    const alone = at.prepare();
    alone.session.setSharing(false);
    await alone.session.start();
    alone.is('locked');
    await alone.session.lock();
    await window.reaches('locked');
    await keepers.areGone();

    const before = mark(at);
    await window.unlock();
    await until('another key is kept', () => mark(at) !== before);
    assert.equal(keepers.pids().length, 1);
    window.session.dispose();
    window.crash();
    // Nobody is there but the keeper, and a window that has nothing of it.
    await alone.session.signOut();
    await keepers.areGone();
    assert.equal(at.isEmpty, true);
  });

  it('lock where the session is dropped, and are not unlocked again', async () => {
    const [at, keepers] = await begin();
    const window = await unlocked(at);
    const other = await at.open();
    await other.reaches('unlocked');
    at.server.clock.advance(1);
    at.server.changeSecurityStamp();
    await window.session.sync().catch(() => undefined);
    await window.reaches('locked');
    await other.reaches('locked');
    await keepers.areGone();
    await at.quiet();
    other.is('locked');
  });

  it('lock by the time without use that one of them counts, which a use in any of them begins anew', async () => {
    const [at, keepers] = await begin();
    const window = await unlocked(at);
    window.session.setLocking({ minutes: 15 });
    const other = await at.open();
    other.session.setLocking({ minutes: 15 });
    await other.reaches('unlocked');
    at.clock.advance(10 * minute);
    window.session.touch();
    await until('the other has heard of it', () => (other.session.leftMs ?? 0) > 14 * minute);
    at.clock.advance(10 * minute);
    window.is('unlocked');
    other.is('unlocked');
    at.clock.advance(5 * minute);
    window.is('locked');
    await other.reaches('locked');
    await keepers.areGone();
  });

  it('tell each other of a use every five seconds at most, and of the last one, too', async () => {
    const [at] = await begin();
    const window = await unlocked(at);
    const other = await at.open();
    await other.reaches('unlocked');
    for (const each of [window, other]) each.session.setLocking({ minutes: 1 });
    window.session.touch();
    at.clock.advance(4_000);
    window.session.touch();
    at.clock.advance(1_000);
    await until('the other has heard of the last', () => (other.session.leftMs ?? 0) === 60_000);
  });

  it('go on where the keeper is killed, by their own clocks; the next unlock starts another one', async () => {
    const [at, keepers] = await begin();
    const window = await unlocked(at);
    const other = await at.open();
    await other.reaches('unlocked');
    for (const each of [window, other]) each.session.setLocking({ minutes: 15 });
    keepers.signal('SIGKILL');
    await until('they notice', () => window.facts.alone === 'ended' && other.facts.alone === 'ended');
    window.is('unlocked');
    const third = await at.open();
    await third.caughtUp();
    await at.quiet();
    third.is('locked');
    const before = mark(at);
    await third.unlock();
    await until('another keeper has it', () => mark(at) !== before);
    await until('they are together again', () => window.facts.alone === undefined && other.facts.alone === undefined);
    await third.session.lock();
    await window.reaches('locked');
    await other.reaches('locked');
  });

  it('are so again where the keeper was killed, and that is no use of the vault', async () => {
    const [at, keepers] = await begin();
    const window = await unlocked(at);
    const other = await at.open();
    await other.reaches('unlocked');
    for (const each of [window, other]) each.session.setLocking({ minutes: 15 });
    at.clock.advance(5 * minute);
    keepers.signal('SIGKILL');
    await until('they notice', () => window.facts.alone === 'ended' && other.facts.alone === 'ended');
    const before = mark(at);
    at.clock.advance(2_000);
    await until('another keeper has it', () => mark(at) !== before);
    await until('they are together again', () => window.facts.alone === undefined && other.facts.alone === undefined);
    const third = await at.open();
    third.session.setLocking({ minutes: 15 });
    await third.reaches('unlocked');
    for (const each of [window, other, third]) assert.ok(each.session.leftMs! < 10 * minute + 1_000);
    await third.session.lock();
    for (const each of [window, other]) await each.reaches('locked');
    await keepers.areGone();
    at.clock.advance(10 * minute);
    assert.deepEqual(keepers.pids(), [], 'nothing is tried after a lock');
  });

  it('are so in the end where a busy machine takes its time', async () => {
    const [at] = await begin();
    const plain = at.keeper!;
    const refusals: KeeperAnswer[] = (['notStarted', 'noAnswer'] as const).map((why) => ({ kind: 'refused', why }));
    at.keeper = { connect: (secret, options) => Promise.resolve(refusals.shift() ?? plain.connect(secret, options)) };
    const window = await at.unlocked();
    await until('it is alone', () => window.facts.alone === 'notStarted');
    at.clock.advance(2_000);
    await until('it is alone once more', () => window.facts.alone === 'noAnswer');
    at.clock.advance(4_000);
    await isKept(at);
    refusals.push({ kind: 'refused', why: 'noAnswer' });
    const other = await at.open();
    await until('the keeper did not answer', () => refusals.length === 0);
    other.is('locked');
    await until('it is, the next time', () => {
      at.clock.advance(1_000);
      return other.session.state.kind === 'unlocked';
    });
    assert.equal(window.logged.filter((line) => line.includes('keeper')).length, 1);
  });

  it('are not held up by a keeper that hangs, and lock all the same', async () => {
    const [at, keepers] = await begin();
    const window = await unlocked(at);
    const other = await at.open();
    await other.reaches('unlocked');
    keepers.signal('SIGSTOP');
    const third = await at.open();
    third.is('locked');
    const begun = performance.now();
    await third.unlock();
    third.is('unlocked');
    await until('it knows that it is alone', () => third.facts.alone === 'noAnswer');
    assert.ok(performance.now() - begun < 8_000);
    const locking = performance.now();
    await window.session.lock();
    for (const each of [window, other, third]) await each.reaches('locked');
    assert.ok(performance.now() - locking < 3_000);
    keepers.signal('SIGCONT');
    await keepers.areGone();
    await at.quiet();
    for (const each of [window, other, third]) each.is('locked');
  });

  it('leave, and join, with the setting', async () => {
    const [at, keepers] = await begin();
    const window = await unlocked(at);
    const other = await at.open();
    await other.reaches('unlocked');
    for (const each of [window, other]) each.session.setSharing(false);
    await keepers.areGone();
    window.is('unlocked');
    await other.session.lock();
    await window.reaches('locked');
    await window.unlock();
    other.is('locked');
    assert.deepEqual(keepers.pids(), []);
    window.session.setSharing(true);
    await until('the key is kept', () => keepers.pids().length === 1);
    other.session.setSharing(true);
    await other.reaches('unlocked');
  });

  it('are unlocked one by one where no process can be started, and the window says so', async () => {
    const [at, keepers] = await begin();
    at.keeper = keepers.client({ program: `${keepers.runtime}/missing.js` });
    const window = await at.unlocked();
    await until('it says so', () => window.facts.alone === 'notStarted');
    window.is('unlocked');
    (await at.open()).is('locked');
    assert.deepEqual(
      window.logged.filter((line) => line.includes('keeper')),
      ['No keeper for all windows: notStarted.'],
    );
  });

  it('are not unlocked by a key that came out of something else than what their vault has', async () => {
    const [at] = await begin();
    const window = await unlocked(at);
    const plain = at.keeper!;
    let asked = false;
    at.keeper = held(plain, (link) =>
      wrap(link, {
        get: async (account) => {
          const kept = await link.get(account);
          asked = true;
          return kept && { ...kept, origin: new Uint8Array(32) };
        },
      }),
    );
    const other = await at.open();
    await until('the key has come', () => asked);
    await at.quiet();
    other.is('locked');
    window.is('unlocked');
  });

  describe('whose environments name other folders for the socket', () => {
    const elsewhere = ({ runtime }: Keepers): string[] => {
      // By this name its keepers are found among the processes.
      const folder = join(runtime, 'vaultside-elsewhere');
      mkdirSync(folder);
      return [folder];
    };

    it('are so by the one keeper, whichever has started it', async () => {
      const [at, keepers] = await begin();
      const window = await unlocked(at);
      at.keeper = keepers.client({ from: elsewhere(keepers) });
      const other = await at.open();
      await other.reaches('unlocked');
      const third = at.prepare();
      third.session.setSharing(false);
      await third.session.start();
      await third.unlock();
      const before = mark(at);
      third.session.setSharing(true);
      await until('its key is kept, too', () => mark(at) !== before);
      assert.equal(keepers.pids().length, 1);
      // Without the file that tells it, too.
      at.files.isSilent = true;
      await third.session.lock();
      for (const each of [window, other]) await each.reaches('locked');
      await keepers.areGone();
    });

    it('leave no key behind where one locks that was never unlocked', async () => {
      const [at, keepers] = await begin();
      const window = await unlocked(at);
      window.session.dispose();
      window.crash();
      at.keeper = keepers.client({ from: elsewhere(keepers) });
      const alone = at.prepare();
      alone.session.setSharing(false);
      await alone.session.start();
      assert.equal(keepers.pids().length, 1);
      await alone.session.lock();
      await keepers.areGone();
    });

    it('have another keeper where that folder is gone', async () => {
      const [at, keepers] = await begin();
      const from = elsewhere(keepers);
      at.keeper = keepers.client({ from });
      const window = await unlocked(at);
      keepers.signal('SIGKILL');
      await until('the end is heard of', () => window.facts.alone === 'ended');
      rmSync(from[0]!, { recursive: true });
      at.keeper = keepers.client();
      const other = await at.open();
      other.is('locked');
      const before = mark(at);
      await other.unlock();
      await until('the key is kept', () => mark(at) !== before);
      const third = await at.open();
      await third.reaches('unlocked');
      assert.equal(third.facts.alone, undefined);
    });
  });

  describe('of an account that was signed in to before there were keepers', () => {
    /** Two windows, each unlocked on its own, and counts of what they store once they share. */
    async function two(inBrowser = false) {
      const [at, keepers] = await begin();
      at.secrets.inBrowser = inBrowser;
      const early = await at.signedIn();
      early.session.dispose();
      early.crash();
      at.secrets.entries.delete('keeper');
      at.files.files.delete('keeper');
      const windows = [at.prepare(), at.prepare()] as const;
      for (const each of windows) {
        each.session.setSharing(false);
        await each.session.start();
        await each.unlock();
      }
      const stored = { secrets: 0, marks: 0 };
      at.secrets.beforeWrite = (key) => {
        if (key === 'keeper') stored.secrets++;
      };
      at.files.beforeWrite = (name) => {
        if (name.endsWith('.kept')) stored.marks++;
      };
      return { at, keepers, windows, stored };
    }

    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      it(`agree on one secret where both share at the same time, in the order of ${order.join()}`, async () => {
        const { at, keepers, windows, stored } = await two();
        // What one stores comes to the other when the lock has long changed hands.
        at.secrets.holdsWrites = true;
        for (const which of order) windows[which].session.setSharing(true);
        await until('one has its key kept', () => stored.marks > 0);
        at.secrets.holdsWrites = false;
        await until('so has the other', () => stored.marks === 2);
        assert.equal(stored.secrets, 1);
        assert.equal(keepers.pids().length, 1);
        const third = await at.open();
        await third.reaches('unlocked');
        at.files.isSilent = true;
        await windows[0].session.lock();
        for (const each of [windows[1], third]) await each.reaches('locked');
      });
    }

    it('share with new pages of a browser, and one that cannot see the secret says that it has to be reloaded', async () => {
      const { at, windows, stored } = await two(true);
      for (const each of windows) each.session.setSharing(true);
      await until('one has its key kept', () => stored.marks > 0);
      await until('the other is alone', () => windows.some(({ facts }) => facts.alone === 'outdated'));
      assert.deepEqual(stored, { secrets: 1, marks: 1 });
      await (await at.open()).reaches('unlocked');
    });
  });

  describe('in a browser', () => {
    it('are not where a page was loaded before the sign-in, and are after it is loaded again', async () => {
      const [at] = await begin();
      at.secrets.inBrowser = true;
      const early = await at.open();
      const window = await unlocked(at);
      await early.session.checkAgain();
      await delay(200);
      assert.notEqual(early.session.state.kind, 'unlocked');
      early.session.dispose();
      early.crash();
      await (await at.open()).reaches('unlocked');
      window.is('unlocked');
    });
  });

  describe('where a lock and an unlock meet', () => {
    for (const byFileAlone of [false, true]) {
      it(`stay locked: a key that was asked for before the lock comes after it${byFileAlone ? ', heard of by the file alone' : ''}`, async () => {
        const [at] = await begin();
        const plain = at.keeper!;
        const window = await unlocked(at);
        let got = false;
        let release = (): void => undefined;
        const gate = new Promise<void>((resolve) => (release = resolve));
        at.keeper = held(plain, (link) =>
          wrap(link, {
            get: async (account) => {
              const kept = await link.get(account);
              got = kept !== undefined;
              await gate;
              return kept;
            },
            ...(byFileAlone && {
              onDidLock: () => ({ dispose: () => undefined }),
              onDidClose: () => ({ dispose: () => undefined }),
            }),
          }),
        );
        const other = at.prepare();
        const states: string[] = [];
        other.session.onDidChange(({ kind }) => states.push(kind));
        await other.session.start();
        await until('the key has come', () => got);
        // Then the file has to be looked at: nothing tells of it.
        at.files.isSilent = byFileAlone;
        await window.session.lock();
        release();
        await delay(200);
        other.is('locked');
        await at.quiet();
        other.is('locked');
        assert.equal(states.includes('unlocked'), false);
      });
    }

    it('stay locked: a key that is put after the lock is void', async () => {
      const [at, keepers] = await begin();
      const plain = at.keeper!;
      let release = (): void => undefined;
      let connected = false;
      const gate = new Promise<void>((resolve) => (release = resolve));
      at.keeper = {
        connect: async (secret, options) => {
          connected = true;
          await gate;
          return plain.connect(secret, options);
        },
      };
      const window = await at.unlocked();
      await until('the window asks for the keeper', () => connected);
      const other = await at.open();
      await other.session.lock();
      await window.reaches('locked');
      release();
      await keepers.areGone();
      await at.quiet();
      for (const each of [window, other]) each.is('locked');
      assert.equal(at.files.files.has(`${at.accountId}.kept`), false);
    });

    it('are all locked after the last lock, whoever locks and unlocks before', async () => {
      const [at, keepers] = await begin();
      const windows = [await unlocked(at), await at.open(), await at.open()];
      for (let round = 0; round < 6; round++) {
        const one = windows[round % 3]!;
        const other = windows[(round + 1) % 3]!;
        const unlocking = one.session.unlock(at.password()).catch(() => undefined);
        if (round % 2 === 0) await delay(round * 10);
        await Promise.all([unlocking, other.session.lock()]);
      }
      await windows[0]!.session.lock();
      const deadline = performance.now() + 1_000;
      for (const each of windows) await each.reaches('locked');
      assert.ok(performance.now() < deadline);
      await at.quiet();
      await keepers.areGone();
      await at.quiet();
      for (const each of windows) each.is('locked');
      (await at.open()).is('locked');
    });
  });
});

/** The link, with other methods in the place of some. */
function wrap(link: KeeperLink, other: Partial<KeeperLink>): KeeperLink {
  return {
    base: link.base,
    put: (account, kept) => link.put(account, kept),
    get: (account) => link.get(account),
    setLimits: (account, limits) => link.setLimits(account, limits),
    used: (account) => link.used(account),
    lock: (account, signal) => link.lock(account, signal),
    onDidLock: (listener) => link.onDidLock(listener),
    onDidUse: (listener) => link.onDidUse(listener),
    onDidClose: (listener) => link.onDidClose(listener),
    dispose: () => link.dispose(),
    ...other,
  };
}

/** A keeper to which the connection is another one. */
function held(keeper: KeyKeeper, change: (link: KeeperLink) => KeeperLink): KeyKeeper {
  return {
    connect: async (secret, options) => {
      const answer = await keeper.connect(secret, options);
      return answer.kind === 'linked' ? { kind: 'linked', link: change(answer.link) } : answer;
    },
  };
}
