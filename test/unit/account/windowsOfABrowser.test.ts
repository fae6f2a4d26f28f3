import assert from 'node:assert/strict';
import { misbehaviours, rateLimited } from '../../server/misbehaviours';
import { until } from '../../support/until';
import { fieldRef } from '../../support/fieldRef';
import { scenes, type EditorWindow, type Scene } from '../../support/window';

/** Each has read the secrets when it was opened, and knows of later ones only what is in files. */
describe('windows of a browser', () => {
  const scene = scenes();

  async function twoUnlocked(): Promise<[at: Scene, window: EditorWindow, other: EditorWindow]> {
    const at = await scene('vaultwarden', { items: [{ name: 'Example', password: 'not-a-real-password' }] });
    at.secrets.inBrowser = true;
    const window = await at.unlocked();
    const other = await at.open();
    await other.unlock();
    return [at, window, other];
  }

  it('are locked by one of them', async () => {
    const [, window, other] = await twoUnlocked();
    const kept = other.vault;
    const id = other.itemId('Example');
    await window.session.lock();
    await other.reaches('locked');
    assert.equal(other.locks, 1);
    assert.throws(() => kept.read(id, fieldRef('password')), { name: 'LockedError' });
    await other.unlock();
    await other.session.checkAgain();
    assert.deepEqual([window.locks, other.locks], [1, 1], 'an old signal locks nobody again');
  });

  it('are locked when they get the focus, where the system tells of no changes', async () => {
    const [at, window, other] = await twoUnlocked();
    at.files.isSilent = true;
    await window.session.lock();
    await other.session.checkAgain();
    other.is('locked');
  });

  it('are locked while they unlock, and then not unlocked', async () => {
    const at = await scene('official', { kdf: { type: 'pbkdf2', iterations: 400_000 } });
    at.secrets.inBrowser = true;
    const window = await at.unlocked();
    const other = await at.open();
    const unlocking = assert.rejects(other.session.unlock(at.password()), { name: 'LockedError' });
    await window.session.lock();
    await unlocking;
    other.is('locked');
  });

  it('are locked by each of two that lock at the same moment, once', async () => {
    const [at, window, other] = await twoUnlocked();
    const third = await at.open();
    await third.unlock();
    await Promise.all([window, other].map(({ session }) => session.lock()));
    await third.reaches('locked');
    await third.unlock();
    for (const { session } of [window, other, third]) await session.checkAgain();
    third.is('unlocked');
  });

  it('tell those who show what needs no open vault, such as an API key, that another one was locked', async () => {
    const [at, window] = await twoUnlocked();
    const other = await at.open();
    await window.session.lock();
    await until('the other window knows', () => other.locks === 1);
  });

  it('are signed out by one of them, and none brings back what it had read', async () => {
    const [at, window, other] = await twoUnlocked();
    await window.session.signOut();
    await other.reaches('signedOut');
    assert.equal(other.locks, 1);
    await until('nothing is left', () => at.isEmpty);
    assert.ok(at.isEmpty);
    (await at.open()).is('signedOut');
  });

  it('keep the account of a sign-in that follows a sign-out, whatever is under way in the others', async () => {
    const [at, window, other] = await twoUnlocked();
    const third = await at.open();
    await third.unlock();
    at.files.isSilent = true;
    await window.session.signOut();
    await window.session.signIn(at.urls, at.key);
    await window.caughtUp();
    const { accountId } = at;
    await assert.rejects(third.session.lock(), { name: 'SignedOutError' });
    await assert.rejects(third.session.sync({ force: true }), { name: 'SignedOutError' });
    for (const { session } of [other, third]) await session.checkAgain();
    await Promise.all([other.reaches('signedOut'), third.reaches('signedOut')]);
    assert.equal(at.accountId, accountId);
    (await at.open()).is('locked');
  });

  it('leave each other alone: one that cannot see the account of another signs nobody in before it is loaded again', async () => {
    const at = await scene('vaultwarden', { items: [{ name: 'Example' }] });
    at.secrets.inBrowser = true;
    const other = await at.open();
    const window = await at.unlocked();
    const { accountId } = at;
    const files = () => [...at.files.files.keys()].filter((name) => name.startsWith(`${accountId}.`)).sort();
    const before = files();
    await assert.rejects(other.session.signIn(at.urls, at.key), {
      name: 'SessionDroppedError',
      reason: 'storedElsewhere',
    });
    await window.session.checkAgain();
    assert.deepEqual(files(), before);
    window.is('unlocked');
    await window.session.sync({ force: true });
    assert.equal(window.facts.problem, undefined);
  });

  for (const [ending, end] of [
    ['sign-in', ({ session }: EditorWindow, at: Scene) => session.signIn(at.urls, at.key)],
    ['sign-out', ({ session }: EditorWindow) => session.signOut()],
  ] as const) {
    it(`remove with a ${ending} what no page has used for longer than any is open`, async () => {
      const at = await scene('vaultwarden');
      at.secrets.inBrowser = true;
      const window = await at.signedIn();
      const [lost, used] = [crypto.randomUUID(), crypto.randomUUID()];
      const days = (count: number) => at.clock.now() - count * 24 * 60 * 60_000;
      for (const [id, modifiedAt] of [
        [lost, days(91)],
        [used, days(89)],
      ] as const) {
        at.files.files.set(`${id}.account`, { content: new Uint8Array(), modifiedAt: days(100) });
        at.files.files.set(`${id}.vault`, { content: new Uint8Array(), modifiedAt });
      }
      await end(window, at);
      const left = [...at.files.files.keys()].filter((name) => !name.endsWith('.signedOut'));
      assert.deepEqual(
        left.filter((name) => name.startsWith(lost)),
        [],
      );
      assert.equal(left.filter((name) => name.startsWith(used)).length, 2);
    });
  }

  it('all lock when one of them finds the security stamp changed, and go on when one has signed in again', async () => {
    const [at, window, other] = await twoUnlocked();
    at.server.clock.advance(1);
    at.server.changeSecurityStamp();
    await assert.rejects(window.session.sync(), { name: 'SessionDroppedError' });
    await other.reaches('locked');
    await until('the other window knows', () => other.facts.dropped === 'stampChanged');
    at.server.requests.clear();
    await assert.rejects(other.session.sync(), { name: 'SessionDroppedError' });
    assert.equal(at.server.requests.count(), 0);
    assert.deepEqual([window.drops, other.drops], [['stampChanged'], []]);
    await window.session.signInAgain();
    await until('the other window knows', () => other.facts.dropped === undefined);
    await other.unlock();
    await other.session.sync({ force: true });
    assert.equal(other.facts.problem, undefined);
  });

  it('ask for no token while one of them was told to wait', async () => {
    const [at, window, other] = await twoUnlocked();
    at.pass(180);
    at.server.faults.arm('/identity/connect/token', rateLimited(90), 1);
    await assert.rejects(window.session.sync(), { name: 'RateLimitedError' });
    at.server.requests.clear();
    await assert.rejects(other.session.sync(), { name: 'RateLimitedError' });
    assert.equal(at.server.requests.count(), 0);
  });

  it('see a rotation that is unfinished, whichever has begun it', async () => {
    const [at, window, other] = await twoUnlocked();
    at.server.faults.arm('/api/accounts/rotate-api-key', misbehaviours.dropAnswer, 1);
    at.server.faults.arm('/api/accounts/api-key', misbehaviours.drop, 1);
    await assert.rejects(window.session.rotateApiKey(at.verification()), { name: 'RotationUnfinishedError' });
    await until('the other window knows', () => other.facts.rotationUnfinished);
  });

  describe('after one of them has stored another API key', () => {
    async function rotated() {
      const [at, window, other] = await twoUnlocked();
      await window.session.rotateApiKey(at.verification());
      await until('the other window knows', () => other.facts.dropped === 'storedElsewhere');
      return { at, window, other };
    }

    it('say so in the others, which send nothing with the former one, and stay readable', async () => {
      const { at, other } = await rotated();
      at.server.requests.clear();
      await assert.rejects(other.session.sync({ force: true }), { name: 'SessionDroppedError' });
      await assert.rejects(other.session.rotateApiKey(at.verification()), { name: 'SessionDroppedError' });
      assert.equal(at.server.requests.count(), 0);
      assert.equal(other.facts.rotationUnfinished, false, 'the mark is that of the other window');
      assert.equal(other.read('Example', 'password'), 'not-a-real-password');
    });

    it('keep that one, and use it once they are loaded again', async () => {
      const { at, other } = await rotated();
      await other.session.lock();
      await other.unlock();
      other.session.dispose();
      const reloaded = await at.open();
      assert.ok(at.holdsCurrentKey);
      await reloaded.unlock();
      await reloaded.session.sync({ force: true });
      assert.equal(reloaded.facts.dropped, undefined);
    });

    it('take the new client_secret by hand, too', async () => {
      const { at, window, other } = await rotated();
      await other.session.replaceClientSecret(at.account.clientSecret);
      assert.equal(other.facts.dropped, undefined);
      await other.session.sync({ force: true });
      assert.ok(at.holdsCurrentKey);
      assert.deepEqual([...window.drops, ...other.drops], []);
    });
  });
});

describe('a lock', () => {
  const scene = scenes();

  it('does not wait for a record that another window has announced and does not send', async () => {
    const at = await scene('official');
    const window = await at.unlocked();
    const other = await at.open();
    await other.unlock();
    at.secrets.losesLastWrites = true;
    const dying = await at.open();
    // What the others have written by now is to arrive.
    await at.quiet();
    at.secrets.holdsWrites = true;
    await dying.session.replaceClientSecret(at.key.clientSecret);
    dying.crash();
    at.secrets.holdsWrites = false;
    void other.session.checkAgain();
    await window.session.lock();
    await other.reaches('locked');
  });
});
