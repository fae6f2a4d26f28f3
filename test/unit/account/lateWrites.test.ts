import assert from 'node:assert/strict';
import { KEEPER_FILE } from '../../../src/account/storage/fileNames';
import { createAccount } from '../../server/accounts';
import { manyItems } from '../../server/manyItems';
import { accessToken, misbehaviours, otherSecurityStamp } from '../../server/misbehaviours';
import type { PlainItem } from '../../server/items';
import { until } from '../../support/until';
import { damage } from '../../support/vaultFile';
import { dialects, scenes, type EditorWindow, type Scene } from '../../support/window';

const rotateRoute = '/api/accounts/rotate-api-key';
const viewRoute = '/api/accounts/api-key';
const tokenRoute = '/identity/connect/token';

/** What was under way, and ends late, must not undo what the user has done since. */
describe('what ends late', () => {
  const scene = scenes();

  /** Another server that knows the same user by the same id. */
  async function elsewhere(
    dialect: (typeof dialects)[number],
    at: Scene,
    items: readonly PlainItem[] = [],
  ): Promise<Scene> {
    const twin = { ...(await createAccount({ items })), id: at.account.id, clientId: at.account.clientId };
    return scene(dialect, { server: { accounts: [twin] } });
  }

  /** Signs out and in again, to that server. */
  async function moveTo(next: Scene, { session }: EditorWindow): Promise<void> {
    await session.signOut();
    await session.signIn(next.urls, next.key);
  }

  const stored = (at: Scene) => at.secrets.record('apiKey');

  for (const dialect of dialects) {
    describe(dialect, () => {
      const underWay: readonly (readonly [
        what: string,
        route: string,
        act: (window: EditorWindow, at: Scene) => Promise<unknown>,
      ])[] = [
        ['a rotation', rotateRoute, ({ session }, at) => session.rotateApiKey(at.verification())],
        ['a renewal', tokenRoute, ({ session }, at) => (at.server.expireTokens(), session.sync({ force: true }))],
        ['a sync', '/api/sync', ({ session }) => session.sync({ force: true })],
        ['a new client_secret', tokenRoute, ({ session }, at) => session.replaceClientSecret(at.key.clientSecret)],
        ['signing in again', tokenRoute, ({ session }) => session.signInAgain()],
        ['the end of all sessions', tokenRoute, ({ session }, at) => session.deauthorizeSessions(at.verification())],
      ];
      for (const [what, route, act] of underWay) {
        for (const [where, inSameWindow] of [
          ['the same window', true],
          ['another window', false],
        ] as const) {
          it(`of ${what} changes nothing of an account of the same user id elsewhere, signed in to in ${where}`, async () => {
            const at = await scene(dialect, { items: [{ name: 'Of the first server' }] });
            const next = await elsewhere(dialect, at, [{ name: 'Of the second server' }]);
            const window = await at.signedIn();
            const second = inSameWindow ? window : await at.open();
            const held = at.server.faults.arm(route, misbehaviours.holdAnswer, 1);
            const acting = act(window, at);
            acting.catch(() => undefined);
            await held.arrived();
            await moveTo(next, second);
            await second.caughtUp();
            const before = { key: stored(at), session: at.secrets.record('accessToken') };
            next.server.requests.clear();
            held.release();
            await assert.rejects(acting, (error: Error) =>
              ['SignedOutError', 'AccountChangedError'].includes(error.name),
            );
            await at.quiet();
            assert.deepEqual({ key: stored(at), session: at.secrets.record('accessToken') }, before);
            assert.deepEqual(before.key?.servers, next.urls);
            assert.equal(before.key.clientSecret, next.account.clientSecret);
            assert.equal(at.rotationMark, undefined);
            for (const each of new Set([window, second])) {
              assert.deepEqual(each.drops, []);
              assert.equal(each.facts.problem, undefined);
              assert.equal(each.facts.rotationUnfinished, false);
            }
            await second.session.unlock(next.password());
            assert.deepEqual(
              second.vault.items.map(({ name }) => name),
              ['Of the second server'],
            );
            const ofNobody = (name: string) => name.endsWith('.signedOut') || name === KEEPER_FILE;
            const files = [...at.files.files.keys()].filter((name) => !ofNobody(name));
            assert.ok(
              files.every((name) => name.startsWith(at.accountId)),
              files.join(),
            );
          });
        }
      }

      it('of a renewal sends no call to the former server', async () => {
        const at = await scene(dialect);
        const next = await elsewhere(dialect, at);
        const window = await at.signedIn();
        at.pass(180);
        const held = at.server.faults.arm(tokenRoute, misbehaviours.hold, 1);
        const late = assert.rejects(window.session.sync(), { name: 'SignedOutError' });
        await held.arrived();
        await moveTo(next, window);
        at.server.requests.clear();
        next.server.expireTokens();
        await window.session.sync({ force: true });
        assert.equal(at.server.requests.count(), 0);
        held.release();
        await late;
      });

      it('of a rotation does not hide that the one of the next account is unfinished', async () => {
        const at = await scene(dialect);
        const next = await elsewhere(dialect, at);
        const window = await at.signedIn();
        const held = at.server.faults.arm(rotateRoute, misbehaviours.holdAnswer, 1);
        const rotation = window.session.rotateApiKey(at.verification());
        rotation.catch(() => undefined);
        await held.arrived();
        await moveTo(next, window);
        await window.caughtUp();
        const other = await at.open();
        next.server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
        next.server.faults.arm(viewRoute, misbehaviours.drop, 1);
        await assert.rejects(other.session.rotateApiKey(next.verification()), { name: 'RotationUnfinishedError' });
        await window.session.checkAgain();
        assert.equal(window.facts.rotationUnfinished, true);
        held.release();
        await assert.rejects(rotation, { name: 'SignedOutError' });
      });

      /** A rotation whose answer is lost, and the answer to "Finish Rotation" under way, with the key of then. */
      async function finishing(at: Scene, window: EditorWindow) {
        at.server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
        at.server.faults.arm(viewRoute, misbehaviours.drop, 1);
        await assert.rejects(window.session.rotateApiKey(at.verification()), { name: 'RotationUnfinishedError' });
        const held = at.server.faults.arm(viewRoute, misbehaviours.holdAnswer, 1);
        const finished = window.session.finishRotation(at.verification());
        finished.catch(() => undefined);
        await held.arrived();
        return { held, finished };
      }

      it('of "Finish Rotation" does not store an older key over that of a later sign-in', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        const other = await at.open();
        const { held, finished } = await finishing(at, window);
        at.server.rotateApiKey();
        await moveTo(at, other);
        held.release();
        await assert.rejects(finished, { name: 'SignedOutError' });
        assert.ok(at.holdsCurrentKey);
        assert.equal(other.facts.rotationUnfinished, false);
      });

      it('of "Finish Rotation" does not store an older key over one entered by hand, though its lock was lost', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        const other = await at.open();
        const { held, finished } = await finishing(at, window);
        at.server.rotateApiKey();
        at.files.losesLocks = true;
        await other.session.replaceClientSecret(at.account.clientSecret);
        at.files.losesLocks = false;
        held.release();
        await assert.rejects(finished, { name: 'RotationUnfinishedError' });
        assert.ok(at.holdsCurrentKey);
        assert.equal(await window.session.finishRotation(at.verification()), 'notRotated');
        assert.ok(at.holdsCurrentKey);
      });

      it('of a rotation does not lose its key to an older one stored meanwhile, though its lock was lost', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        const other = await at.open();
        const answer = at.server.faults.arm(tokenRoute, misbehaviours.holdAnswer, 1);
        at.files.losesLocks = true;
        const replacing = other.session.replaceClientSecret(at.key.clientSecret);
        await answer.arrived();
        const held = at.server.faults.arm(rotateRoute, misbehaviours.holdAnswer, 1);
        const rotation = window.session.rotateApiKey(at.verification());
        rotation.catch(() => undefined);
        await held.arrived();
        await until('the server has rotated', () => !at.holdsCurrentKey);
        answer.release();
        await replacing;
        at.files.losesLocks = false;
        held.release();
        await assert.rejects(rotation, { name: 'RotationUnfinishedError' });
        assert.equal(await window.session.finishRotation(at.verification()), 'recovered');
        assert.ok(at.holdsCurrentKey);
      });

      it('of a finding about a former token does not end the session that was got since', async () => {
        const at = await scene(dialect);
        const window = await at.unlocked();
        const other = await at.open();
        await other.unlock();
        at.server.faults.arm('/api/sync', otherSecurityStamp('another'), 1);
        let again: Promise<void> | undefined;
        before(other, 'answer GET sync', async () => {
          again = window.session.signInAgain();
          await again;
        });
        await other.session.sync({ force: true });
        await again;
        assert.deepEqual([...window.drops, ...other.drops], []);
        assert.equal(other.facts.dropped, undefined);
        other.is('unlocked');
      });

      it('of a sign-in stands beside an account that another window has signed in to since', async () => {
        const at = await scene(dialect);
        const next = await scene(dialect);
        const [window, other] = [await at.open(), await at.open()];
        const held = at.server.faults.arm(tokenRoute, misbehaviours.holdAnswer, 1);
        const late = window.session.signIn(at.urls, at.key);
        await held.arrived();
        await other.session.signIn(next.urls, next.key);
        held.release();
        await late;
        await at.quiet();
        for (const each of [window, other]) {
          each.is('locked');
          await until('both have both', () => each.sessions.all.length === 2);
        }
        assert.notEqual(window.session.accountId, other.session.accountId);
      });

      it('of a second sign-in to the same account leaves one account, and its key is one that the server knows', async () => {
        const at = await scene(dialect);
        const [window, other] = [await at.open(), await at.open()];
        const held = at.server.faults.arm(tokenRoute, misbehaviours.holdAnswer, 1);
        const late = window.session.signIn(at.urls, at.key);
        await held.arrived();
        await other.session.signIn(at.urls, at.key);
        await other.caughtUp();
        const { accountId } = at;
        held.release();
        await late;
        await at.quiet();
        assert.equal(at.accountId, accountId, 'it is the same account');
        assert.equal([...at.secrets.entries.keys()].filter((key) => key.startsWith('apiKey.')).length, 1);
        assert.equal(at.secrets.record('accessToken')?.keyId, stored(at)?.keyId);
        for (const each of [window, other]) each.is('locked');
        at.server.expireTokens();
        await other.session.sync({ force: true });
      });

      it('of a second sign-in with a key that was rotated meanwhile is not stored', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        const other = await at.open();
        const held = at.server.faults.arm(tokenRoute, misbehaviours.holdAnswer, 1);
        const late = other.session.signIn(at.urls, at.key);
        late.catch(() => undefined);
        await held.arrived();
        await window.session.rotateApiKey(at.verification());
        held.release();
        await assert.rejects(late, { name: 'ApiKeyRejectedError' });
        assert.ok(at.holdsCurrentKey);
      });

      it('of reading a damaged vault does not throw away the one that took its place', async () => {
        const at = await scene(dialect, { items: [{ name: 'Example' }] });
        const window = await at.signedIn();
        const other = await at.open();
        damage(at);
        const [reading, release] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
        at.files.beforeExclusive = async (name) => {
          if (!name.startsWith('cache-')) return;
          at.files.beforeExclusive = () => undefined;
          reading.resolve(undefined);
          await release.promise;
        };
        const unlocking = window.session.unlock(at.password());
        unlocking.catch(() => undefined);
        await reading.promise;
        await other.session.sync({ force: true });
        release.resolve(undefined);
        await assert.rejects(unlocking, { name: 'NothingCachedError' });
        await window.unlock();
        assert.equal(window.vault.items.length, 1);
      });
    });
  }

  it('of a sync is not shown over a newer vault, however long it takes to open', async function () {
    this.timeout(60_000);
    const at = await scene('official', { items: manyItems(6_000) });
    const window = await at.unlocked();
    at.server.clock.advance(1);
    // With the profile all is opened again, for the keys are part of it.
    at.account.name = 'Another name';
    at.server.touch();
    let newer: Promise<void> | undefined;
    before(window, 'append vault file', async () => {
      // What the first has fetched is stored, and takes its time to open.
      await Promise.resolve();
      newer = (async () => {
        at.server.clock.advance(1);
        at.account.ciphers.splice(1);
        at.server.touch();
        // Behind a replaced key runs a sync of its own.
        await window.session.replaceClientSecret(at.key.clientSecret);
      })();
    });
    await window.session.sync();
    await newer;
    assert.equal(window.vault.items.length, 1);
    assert.equal(window.facts.problem, undefined);
  });

  it('of an unlock is not shown over a newer vault, even where the server is gone then', async () => {
    const at = await scene('official', { items: manyItems(3) });
    const window = await at.signedIn();
    const other = await at.open();
    // By the time that the list of items is read, the unlock has read the vault.
    const reached = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    at.files.beforeRead = async (name) => {
      if (!name.endsWith('.list')) return;
      reached.resolve(undefined);
      await goOn.promise;
    };
    const unlocking = window.session.unlock(at.password());
    await reached.promise;
    at.server.clock.advance(1);
    at.account.ciphers.splice(1);
    at.server.touch();
    await other.session.sync();
    at.server.faults.arm(/./, misbehaviours.drop);
    goOn.resolve(undefined);
    await unlocking;
    await until('the newer vault shows', () => window.vault.items.length === 1);
  });

  it('for another user than the client_id names is refused at sign-in', async () => {
    const at = await scene('official');
    const stranger = await createAccount({ email: 'other@example.test' });
    at.server.accounts.push(stranger);
    const token = at.server.issueToken(stranger);
    at.server.faults.arm(tokenRoute, accessToken(token), 1);
    const window = await at.open();
    await assert.rejects(window.session.signIn(at.urls, at.key), { name: 'OtherAccountError' });
    assert.deepEqual([...at.secrets.entries.keys()], ['device']);
    window.is('signedOut');
  });
});

/** Has something happen after the window has taken that step for the first time. */
function before({ steps }: EditorWindow, step: string, what: () => Promise<void>): void {
  const reach = steps.reach.bind(steps);
  steps.reach = async (label) => {
    await reach(label);
    if (label !== step) return;
    steps.reach = reach;
    await what();
  };
}
