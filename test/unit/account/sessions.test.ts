import assert from 'node:assert/strict';
import type { Session } from '../../../src/account/session';
import { textOfSecret } from '../../../src/base/secretBytes';
import { createAccount } from '../../server/accounts';
import type { PlainItem } from '../../server/items';
import { misbehaviours } from '../../server/misbehaviours';
import { fieldRef } from '../../support/fieldRef';
import { until } from '../../support/until';
import { dialects, scenes, type EditorWindow, type Scene } from '../../support/window';

/** An account of one server, and one of another that knows its user by the same id. */
interface Two {
  readonly at: Scene;
  readonly next: Scene;
  readonly window: EditorWindow;
  readonly first: Session;
  readonly second: Session;
}

const example = (password: string): PlainItem => ({ name: 'Example', password });

describe('several accounts', () => {
  const scene = scenes();

  async function twoServers(dialect: (typeof dialects)[number]): Promise<Pick<Two, 'at' | 'next'>> {
    const at = await scene(dialect, { items: [example('of the first server')] });
    const made = await createAccount({ items: [example('of the second server')], password: 'another password' });
    const twin = { ...made, id: at.account.id, clientId: at.account.clientId };
    // The same items by the same ids, as on a server that was cloned.
    const ciphers = made.ciphers.map((cipher, index) => ({ ...cipher, id: at.account.ciphers[index]!.id }));
    return { at, next: await scene(dialect, { server: { accounts: [{ ...twin, ciphers }] } }) };
  }

  const sessionAt = ({ sessions }: EditorWindow, { urls }: Scene): Session => {
    const found = sessions.all.find(
      ({ state }) => (state.kind === 'locked' || state.kind === 'unlocked') && state.account.servers.api === urls.api,
    );
    assert.ok(found, 'the account is here');
    return found;
  };

  const facts = ({ state }: Session) => {
    assert.ok(state.kind === 'locked' || state.kind === 'unlocked', state.kind);
    return state.facts;
  };
  const settled = (...sessions: Session[]) =>
    until('all syncs end', () => sessions.every((each) => !facts(each).syncing));

  const passwordOf = (session: Session): string => {
    const { state } = session;
    assert.ok(state.kind === 'unlocked');
    const [item] = state.vault.items;
    return state.vault.read(item!.id, fieldRef('password'));
  };

  async function signedIn(dialect: (typeof dialects)[number] = 'official'): Promise<Two> {
    const { at, next } = await twoServers(dialect);
    const window = await at.signedIn();
    await window.session.signIn(next.urls, next.key);
    const [first, second] = [sessionAt(window, at), sessionAt(window, next)];
    await settled(first, second);
    return { at, next, window, first, second };
  }

  async function unlocked(dialect: (typeof dialects)[number] = 'official'): Promise<Two> {
    const two = await signedIn(dialect);
    const { at, next, first, second } = two;
    await first.unlock(at.password());
    await second.unlock(next.password());
    await settled(first, second);
    return two;
  }

  /** What each server has seen is the account of that server alone. */
  function assertApart(at: Scene, next: Scene): void {
    const proofs = ({ server }: Scene) =>
      new Set(
        server.requests.to().flatMap(({ headers, body }) => [
          headers.authorization ?? '',
          ...['client_secret', 'masterPasswordHash'].flatMap((name) => {
            const [form, json] = [
              new URLSearchParams(body).get(name),
              new RegExp(`"${name}":"([^"]*)"`).exec(body)?.[1],
            ];
            return [form ?? '', json ?? ''];
          }),
        ]),
      );
    const common = [...proofs(at)].filter((proof) => proof !== '' && proofs(next).has(proof));
    assert.deepEqual(common, []);
    for (const { server } of [at, next]) {
      const refused = server.requests.to().filter(({ status }) => status === 401 || status === 400);
      assert.deepEqual(refused, [], 'no server was sent what it does not know');
    }
  }

  for (const dialect of dialects) {
    describe(`of one user id at two servers (${dialect})`, () => {
      it('are there side by side, each with its own vault, and the one signed in to last is active', async () => {
        const { window, first, second } = await unlocked(dialect);
        assert.equal(window.sessions.all.length, 2);
        assert.notEqual(first.accountId, second.accountId);
        assert.equal(window.sessions.current, second);
        assert.equal(passwordOf(first), 'of the first server');
        assert.equal(passwordOf(second), 'of the second server');
        assert.equal(window.read('Example', 'password'), 'of the second server');
      });

      it('send nothing of one to the server of the other, whatever is done', async () => {
        const { at, next, window, first, second } = await unlocked(dialect);
        for (const [here, session, other] of [
          [at, first, next],
          [next, second, at],
        ] as const) {
          other.server.requests.clear();
          await session.sync({ force: true });
          here.server.expireTokens();
          await session.sync({ force: true });
          await session.rotateApiKey(here.verification());
          await session.deauthorizeSessions(here.verification());
          await session.replaceClientSecret(here.account.clientSecret);
          await session.signInAgain();
          await session.lock();
          await session.unlock(here.password());
          await settled(first, second);
          assert.equal(other.server.requests.count(), 0);
        }
        at.pass(180);
        await Promise.all([first.sync({ force: true }), second.sync({ force: true })]);
        await window.sessions.checkAgain();
        for (const { problem, dropped } of [first, second].map(facts)) {
          assert.deepEqual([problem, dropped], [undefined, undefined]);
        }
        const tokens = ({ server }: Scene) => new Set(server.requests.to().map(({ headers }) => headers.authorization));
        assert.deepEqual(
          [...tokens(at)].filter((token) => token !== undefined && tokens(next).has(token)),
          [],
        );
      });

      it('give each server its own secrets alone', async () => {
        const { at, next, first, second } = await unlocked(dialect);
        await first.rotateApiKey(at.verification());
        await second.sync({ force: true });
        await second.viewApiKey(next.verification());
        assertApart(at, next);
      });

      it('are rotated one by one: the other keeps its key and its session', async () => {
        const { at, next, first, second } = await unlocked(dialect);
        const before = next.account.clientSecret;
        await first.rotateApiKey(at.verification());
        assert.equal(next.account.clientSecret, before);
        next.server.requests.clear();
        await second.sync({ force: true });
        assert.equal(next.signIns, 0, 'its token is still in use');
        assert.equal(facts(second).rotationUnfinished, false);
      });

      it('tell of an unfinished rotation of the one that it is of', async () => {
        const { at, first, second } = await unlocked(dialect);
        at.server.faults.arm('/api/accounts/rotate-api-key', misbehaviours.dropAnswer, 1);
        at.server.faults.arm('/api/accounts/api-key', misbehaviours.drop, 1);
        await assert.rejects(first.rotateApiKey(at.verification()), { name: 'RotationUnfinishedError' });
        assert.deepEqual([facts(first).rotationUnfinished, facts(second).rotationUnfinished], [true, false]);
      });

      it('lock one by one, and lose their keys one by one', async () => {
        const { window, first, second } = await unlocked(dialect);
        assert.ok(first.state.kind === 'unlocked');
        const kept = first.state.vault;
        const { locks } = window;
        await first.lock();
        assert.deepEqual([first.state.kind, second.state.kind], ['locked', 'unlocked']);
        assert.throws(() => kept.read(kept.items[0]!.id, fieldRef('password')), { name: 'LockedError' });
        assert.equal(window.locks, locks, 'nothing of the active one has to close');
        assert.equal(window.read('Example', 'password'), 'of the second server');
      });

      it('are dropped one by one, which is told with the account', async () => {
        const { at, window, first, second } = await unlocked(dialect);
        const told: [Session, string][] = [];
        window.sessions.onDidDrop(({ session, reason }) => told.push([session, reason]));
        at.server.clock.advance(1);
        at.server.changeSecurityStamp();
        await assert.rejects(first.sync({ force: true }), { name: 'SessionDroppedError' });
        assert.deepEqual(told, [[first, 'stampChanged']]);
        assert.deepEqual([first.state.kind, second.state.kind], ['locked', 'unlocked']);
        assert.equal(facts(second).dropped, undefined);
        await second.sync({ force: true });
      });

      it('are signed out one by one, and the other one is active then', async () => {
        const { at, next, window, first, second } = await unlocked(dialect);
        const other = await at.open();
        await until('the other window has both', () => other.sessions.all.length === 2);
        const gone = second.accountId!;
        const states: string[] = [];
        window.session.onDidChange(({ kind }) => states.push(kind));
        next.server.requests.clear();
        await window.session.signOut();
        assert.equal(window.sessions.current, first);
        assert.ok(!states.includes('signedOut'), states.join());
        assert.equal(window.read('Example', 'password'), 'of the first server');
        assert.equal(next.server.requests.count(), 0);
        await until('the other window knows', () => other.sessions.all.length === 1);
        assert.equal(other.session.accountId, first.accountId);
        const left = [...at.secrets.entries.keys(), ...at.files.files.keys()];
        assert.deepEqual(
          left.filter((name) => name.includes(gone)),
          [`${gone}.signedOut`],
        );
        await first.sync({ force: true });
        await window.session.signOut();
        window.is('signedOut');
        assert.ok(at.isEmpty);
      });

      it('are refreshed, not doubled, by a sign-in to one that is here already', async () => {
        const { at, window, first, second } = await unlocked(dialect);
        await window.session.signIn(at.urls, at.key);
        await settled(first, second);
        assert.deepEqual([...window.sessions.all].sort(), [first, second].sort());
        assert.equal(window.sessions.current, first);
        assert.equal(second.state.kind, 'unlocked');
        assert.equal([...at.secrets.entries.keys()].filter((key) => key.startsWith('apiKey.')).length, 2);
      });
    });
  }

  it('are another one in each window', async () => {
    const { at, window, first, second } = await unlocked();
    const other = await at.open();
    await until('the other window has both', () => other.sessions.all.length === 2);
    other.sessions.activate(first.accountId!);
    window.sessions.activate(second.accountId!);
    await Promise.all([window, other].map(({ sessions }) => sessions.checkAgain()));
    assert.equal(other.session.accountId, first.accountId);
    assert.equal(window.session.accountId, second.accountId);
    assert.deepEqual([other.choice.id, window.choice.id], [first.accountId, second.accountId]);
    await other.session.lock();
    await until('it reaches the account in the other window', () => first.state.kind === 'locked');
    assert.equal(window.session.state.kind, 'unlocked');
  });

  it('are chosen again by a workspace that remembers one, as a random id and nothing else', async () => {
    const { at, window, first, second } = await signedIn();
    for (const { accountId } of [first, second, first]) {
      window.sessions.activate(accountId!);
      const { id } = window.choice;
      const next = at.prepare();
      next.choice.id = id;
      await next.session.start();
      assert.equal(next.session.accountId, accountId);
      assert.match(id ?? '', /^[0-9a-f-]{36}$/);
      assert.ok(id !== at.account.id);
    }
    const forgotten = at.prepare();
    forgotten.choice.id = crypto.randomUUID();
    await forgotten.session.start();
    const { id } = forgotten.choice;
    assert.ok([first.accountId, second.accountId].includes(forgotten.session.accountId), 'one that is here is used');
    assert.equal(forgotten.choice.id, id, 'the choice stands, since the other one may come late');
  });

  describe('in pages of a browser, where each writes back all secrets that it has read', () => {
    const outdated = { name: 'SessionDroppedError', reason: 'storedElsewhere' };

    async function page(): Promise<Pick<Two, 'at' | 'next' | 'window'>> {
      const { at, next } = await twoServers('vaultwarden');
      at.secrets.inBrowser = true;
      return { at, next, window: await at.signedIn() };
    }

    it('keep the key that another page has rotated', async () => {
      const { at, next, window } = await page();
      await window.session.signIn(next.urls, next.key);
      await settled(...window.sessions.all);
      const other = await at.open();
      await sessionAt(other, next).rotateApiKey({ kind: 'masterPassword', password: next.password() });
      at.server.expireTokens();
      await assert.rejects(sessionAt(window, at).sync({ force: true }), outdated);
      const loaded = await at.open();
      for (const each of [at, next]) await sessionAt(loaded, each).sync({ force: true });
      assert.equal(facts(sessionAt(loaded, next)).dropped, undefined);
    });

    it('keep the account that another page has added', async () => {
      const { at, next, window } = await page();
      const other = await at.open();
      await other.session.signIn(next.urls, next.key);
      await settled(...other.sessions.all);
      at.server.expireTokens();
      await assert.rejects(sessionAt(window, at).sync({ force: true }), outdated);
      await assert.rejects(window.session.signIn(next.urls, next.key), outdated);
      const loaded = await at.open();
      assert.equal(loaded.sessions.all.length, 2);
    });

    it('bring nothing back of the account that another page has signed out', async () => {
      const { at, next, window } = await page();
      await window.session.signIn(next.urls, next.key);
      await settled(...window.sessions.all);
      const other = await at.open();
      const { accountId } = sessionAt(other, next);
      await sessionAt(other, next).signOut();
      at.server.expireTokens();
      await window.sessions.checkAgain();
      await assert.rejects(sessionAt(window, at).sync({ force: true }), outdated);
      assert.ok(![...at.secrets.entries.keys()].some((key) => key.endsWith(accountId!)));
    });
  });

  it('stay active while another window adds one', async () => {
    const { at, next } = await twoServers('official');
    const window = await at.signedIn();
    const { accountId } = window.session;
    const other = await at.open();
    await other.session.signIn(next.urls, next.key);
    await until('it is seen', () => window.sessions.all.length === 2);
    assert.equal(window.session.accountId, accountId);
    assert.notEqual(other.session.accountId, accountId);
  });

  describe('a switch', () => {
    it('closes what shows a secret, and says that another vault is there', async () => {
      const { window, first, second } = await unlocked();
      const { untilLock } = window.session;
      const events: string[] = [];
      window.session.onDidLock(() => events.push('lock'));
      window.session.onDidChange(({ kind }) => events.push(kind));
      window.sessions.activate(first.accountId!);
      assert.ok(untilLock.aborted);
      assert.ok(!window.session.untilLock.aborted);
      assert.deepEqual(events, ['lock', 'unlocked']);
      assert.equal(second.state.kind, 'unlocked', 'it locks nothing');
      assert.equal(window.read('Example', 'password'), 'of the first server');
    });

    it('tells nothing of an account that is not active any more', async () => {
      const { window, first, second } = await unlocked();
      window.sessions.activate(first.accountId!);
      let told = 0;
      window.session.onDidChange(() => told++);
      window.session.onDidLock(() => told++);
      await second.lock();
      assert.equal(told, 0);
    });

    it('while a vault is unlocked has that one unlocked, with the password given for it', async () => {
      const { at, next, window, first, second } = await signedIn();
      const password = next.password();
      const unlocking = window.sessions.current.unlock(password);
      window.sessions.activate(first.accountId!);
      await unlocking;
      await settled(first, second);
      assert.deepEqual([first.state.kind, second.state.kind], ['locked', 'unlocked']);
      assert.equal(textOfSecret(password)?.replaceAll('\0', ''), '');
      assertApart(at, next);
    });

    it('while a sync is under way brings its answer to that account alone', async () => {
      const { at, next, window, first, second } = await unlocked();
      const held = next.server.faults.arm('/api/sync', misbehaviours.holdAnswer, 1);
      const syncing = window.sessions.current.sync({ force: true });
      await held.arrived();
      window.sessions.activate(first.accountId!);
      assert.deepEqual([facts(first).syncing, facts(second).syncing], [false, true]);
      held.release();
      await syncing;
      assert.equal(window.read('Example', 'password'), 'of the first server');
      assert.equal(passwordOf(second), 'of the second server');
      assertApart(at, next);
    });
  });

  it('go on in the background, whichever is active: each locks by itself', async () => {
    const { at, window, first, second } = await unlocked();
    window.sessions.setLocking({ minutes: 5 });
    at.clock.advance(4 * 60_000);
    second.touch();
    at.clock.advance(2 * 60_000);
    assert.deepEqual([first.state.kind, second.state.kind], ['locked', 'unlocked']);
    at.clock.advance(4 * 60_000);
    assert.equal(second.state.kind, 'locked');
  });

  it('have a timeout of their own where one is set, in all windows and at the next start', async () => {
    const { at, window, first, second } = await unlocked();
    const other = await at.open();
    const inOther = other.sessions.all.find(({ accountId }) => accountId === first.accountId);
    window.sessions.setLocking({ minutes: 5 });
    await first.setVaultTimeout('1');
    await inOther!.checkAgain();
    assert.deepEqual(
      [first, second, inOther!].map(({ limits }) => limits.idleMs),
      [60_000, 300_000, 60_000],
    );
    at.clock.advance(2 * 60_000);
    assert.deepEqual([first.state.kind, second.state.kind], ['locked', 'unlocked']);
    const later = await at.open();
    const inLater = later.sessions.all.find(({ accountId }) => accountId === first.accountId);
    assert.equal(inLater!.vaultTimeout, '1');
    await inLater!.setVaultTimeout(undefined);
    await first.checkAgain();
    assert.equal(first.limits.idleMs, 300_000, 'that of the settings again');
    assert.equal(at.files.files.has(`${first.accountId}.timeout`), false);
    await first.setVaultTimeout('onWindowClose');
    window.sessions.setLocking({ minutes: 15, endsWithWindow: false });
    assert.deepEqual(first.limits, { idleMs: Infinity, lockOnSleep: false, endsWithWindow: true });
  });

  it('count, each of them, where only secrets are left of all, and a sign-out of one keeps the other', async () => {
    const { at, first, second } = await signedIn();
    for (const each of at.windows.splice(0)) each.session.dispose();
    for (const name of [...at.files.files.keys()]) if (name.endsWith('.account')) at.files.files.delete(name);
    const window = await at.open();
    assert.deepEqual(
      window.sessions.all.map(({ accountId }) => accountId).sort(),
      [first.accountId, second.accountId].sort(),
    );
    const [one, other] = window.sessions.all;
    await one!.signOut();
    await window.sessions.checkAgain();
    assert.deepEqual(window.sessions.all, [other]);
    assert.equal(other!.state.kind, 'locked');
  });
});
