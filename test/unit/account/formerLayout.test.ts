import assert from 'node:assert/strict';
import { changeMasterPassword } from '../../server/masterPassword';
import { misbehaviours } from '../../server/misbehaviours';
import { until } from '../../support/until';
import { asVaultOfVersion01 } from '../../support/vaultFile';
import { dialects, scenes, type EditorWindow, type Scene } from '../../support/window';

/** The files and secrets of version 0.1, by what they are in today's. */
const FILES = {
  account: (userId: string) => `accountVersion-${userId}`,
  session: (userId: string) => `sessionVersion-${userId}`,
  rotation: (userId: string) => `rotation-${userId}`,
  vault: (userId: string) => `vault-${userId}.json`,
  kdf: (userId: string) => `kdf-${userId}.json`,
};

/** Nobody is there any more, and all is stored as version 0.1 would have stored it. */
async function asVersion01(at: Scene): Promise<void> {
  const { accountId } = at;
  const vault = await asVaultOfVersion01(at, { servers: at.urls });
  const { id: userId } = at.account;
  for (const window of at.windows) window.crash();
  const { entries } = at.secrets;
  for (const [key, former] of [
    [`apiKey.${accountId}`, `account.${userId}`],
    [`accessToken.${accountId}`, `session.${userId}`],
  ] as const) {
    const record = JSON.parse(entries.get(key) ?? '{}') as Record<string, unknown>;
    delete record.userId;
    entries.set(former, JSON.stringify(record));
    entries.delete(key);
  }
  entries.set('lock', 'a random value');
  for (const [kind, former] of Object.entries(FILES)) {
    const file = at.files.files.get(`${accountId}.${kind}`);
    at.files.files.delete(`${accountId}.${kind}`);
    if (file === undefined) continue;
    at.files.files.set(former(userId), file);
    if (kind === 'vault') file.content = vault;
  }
}

/** All there is, as a test sets it up again for each crash. */
function snapshot({ secrets, files }: Scene): () => void {
  const [entries, contents] = [new Map(secrets.entries), new Map(files.files)];
  return () => {
    secrets.entries.clear();
    for (const [key, value] of entries) secrets.entries.set(key, value);
    files.files.clear();
    for (const [name, file] of contents) files.files.set(name, { ...file });
  };
}

describe('what version 0.1 has stored', () => {
  const scene = scenes();

  async function stored(dialect: (typeof dialects)[number] = 'official'): Promise<Scene> {
    const at = await scene(dialect, { items: [{ name: 'Example', password: 'not-a-real-password' }] });
    await at.signedIn();
    await asVersion01(at);
    at.server.requests.clear();
    return at;
  }

  /** Nothing has its former name, the account is one, and all of it is there, offline too. */
  async function isTakenOver(at: Scene, window: EditorWindow): Promise<void> {
    await at.quiet();
    window.is('locked');
    const left = [...at.secrets.entries.keys(), ...at.files.files.keys(), ...at.fileTexts];
    const ofUser = left.filter((each) => each.includes(at.account.id) && !each.includes('"profile"'));
    assert.deepEqual(ofUser, []);
    assert.equal([...at.secrets.entries.keys()].filter((key) => key.startsWith('apiKey.')).length, 1);
    assert.ok(at.holdsCurrentKey);
    assert.equal(at.secrets.record('apiKey')?.userId, at.account.id);
    const answers = at.server.faults.arm(/./, misbehaviours.drop);
    await window.session.unlock(at.password());
    await window.caughtUp();
    assert.equal(window.read('Example', 'password'), 'not-a-real-password');
    answers.remove();
    await window.session.sync({ force: true });
  }

  for (const dialect of dialects) {
    it(`is taken over as it is, without a sign-in (${dialect})`, async () => {
      const at = await stored(dialect);
      const window = await at.open();
      assert.equal(at.server.requests.count(), 0);
      await isTakenOver(at, window);
      assert.equal(at.signIns, 0, 'the token is still in use');
      const { state } = window.session;
      assert.ok(state.kind === 'unlocked');
      const { id: userId, email, clientId } = at.account;
      assert.deepEqual(state.account, { id: at.accountId, userId, email, clientId, servers: at.urls });
      assert.notEqual(at.accountId, userId);
    });
  }

  it('is taken over once, by two windows that do it at once', async () => {
    const at = await stored();
    const windows = await Promise.all([at.open(), at.open(), at.open()]);
    await isTakenOver(at, windows[0]);
    for (const { session } of windows) {
      assert.ok(session.state.kind !== 'signedOut' && session.state.kind !== 'starting');
      assert.ok(session.state.kind !== 'unreadable');
      assert.equal(session.state.account.id, at.accountId);
    }
  });

  for (const [how, losesLastWrites] of [
    ['the secrets written last reach the machine', false],
    ['the secrets written last are lost', true],
  ] as const) {
    for (const others of [0, 1]) {
      const beside = others === 0 ? '' : ', beside another window that does the same';
      it(`survives a crash at every step of that${beside}: ${how}`, async function () {
        this.timeout(60_000);
        const at = await stored();
        const putBack = snapshot(at);
        for (let step = 0; ; step++) {
          putBack();
          at.secrets.losesLastWrites = losesLastWrites;
          const window = at.prepare();
          window.steps.crashBefore = step;
          const died = new Promise<void>((resolve) => window.steps.onDeath(resolve));
          const beginnings = [window.session.start(), ...Array.from({ length: others }, () => at.open())];
          await Promise.race([beginnings[0], died]);
          const isOver = !window.steps.crashed;
          if (!isOver) {
            // What the dead window has announced does not come: the time passes until it is given up.
            let opened: EditorWindow | undefined;
            const opening = at.open().then((each) => (opened = each));
            await until('it gives up', () => {
              at.clock.advance(500);
              return opened !== undefined;
            });
            await Promise.all(beginnings.slice(1));
            await isTakenOver(at, await opening);
          }
          for (const each of at.windows.splice(0)) {
            each.session.dispose();
            each.crash();
          }
          at.secrets.settle();
          if (isOver) {
            assert.ok(step > 8, `${step} steps`);
            return;
          }
        }
      });
    }
  }

  it('has its unfinished rotation taken over', async () => {
    const at = await scene('official');
    const window = await at.signedIn();
    at.server.faults.arm('/api/accounts/rotate-api-key', misbehaviours.dropAnswer, 1);
    at.server.faults.arm('/api/accounts/api-key', misbehaviours.drop, 1);
    await assert.rejects(window.session.rotateApiKey(at.verification()), { name: 'RotationUnfinishedError' });
    await asVersion01(at);
    const next = await at.open();
    assert.equal(next.facts.rotationUnfinished, true);
    await next.unlock();
    assert.deepEqual(next.settled, ['recovered']);
    assert.ok(at.holdsCurrentKey);
  });

  it('waits for a rotation that such a window has under way, and takes the key that it brings', async () => {
    const at = await stored();
    const { id: userId } = at.account;
    const { steps } = at.prepare();
    const [secrets, files] = [at.secrets.view(steps), at.files.view(steps)];
    const [rotating, release] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const rotation = files.exclusive(`rotation-${userId}`, async () => {
      rotating.resolve(undefined);
      await release.promise;
      at.server.rotateApiKey();
      const record = JSON.parse(at.secrets.entries.get(`account.${userId}`) ?? '') as Record<string, unknown>;
      const { clientSecret } = at.account;
      const version = Number(record.version) + 1;
      await secrets.set(`account.${userId}`, JSON.stringify({ ...record, clientSecret, keyId: 'another', version }));
      await files.write(`accountVersion-${userId}`, Buffer.from(JSON.stringify({ version })));
    });
    await rotating.promise;
    const opening = at.open();
    await until('it waits', () => at.files.waiting > 0);
    release.resolve(undefined);
    await rotation;
    await isTakenOver(at, await opening);
  });

  it('still tells weaker key settings', async () => {
    const at = await stored();
    const window = await at.open();
    const { securityStamp } = at.account;
    at.account.kdf = { type: 'pbkdf2', iterations: 6_000 };
    await window.session.sync({ force: true });
    await changeMasterPassword(at.account, { kdf: { type: 'pbkdf2', iterations: 5_000 } });
    at.account.securityStamp = securityStamp;
    await assert.rejects(window.session.sync({ force: true }), { name: 'KdfDowngradeError' });
  });

  it('leaves a vault of another server behind, that knew the same user', async () => {
    const at = await stored();
    const record = JSON.parse(at.secrets.entries.get(`account.${at.account.id}`) ?? '') as Record<string, unknown>;
    const servers = { ...at.urls, webVault: 'https://elsewhere.example.test' };
    at.secrets.entries.set(`account.${at.account.id}`, JSON.stringify({ ...record, servers }));
    const window = await at.open();
    at.server.faults.arm(/./, misbehaviours.drop);
    await assert.rejects(window.session.unlock(at.password()), { name: 'NothingCachedError' });
  });

  it('stays away where such a window has signed out, and where this one has', async () => {
    const at = await stored();
    const putBack = snapshot(at);
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from(at.account.id));
    at.files.files.set('signedOut', { content: Buffer.from(Buffer.from(digest).toString('base64')), modifiedAt: 0 });
    const first = await at.open();
    first.is('signedOut');
    await at.quiet();
    assert.ok(![...at.secrets.entries.keys()].some((key) => key.includes(at.account.id)));

    first.crash();
    at.files.files.clear();
    putBack();
    const window = await at.open();
    await window.session.signOut();
    await at.quiet();
    // As a page of a browser brings it back that was loaded before.
    const marks = new Map(at.files.files);
    putBack();
    for (const [name, file] of marks) at.files.files.set(name, file);
    (await at.open()).is('signedOut');
    await at.quiet();
    assert.ok(![...at.secrets.entries.keys()].some((key) => key.includes(at.account.id)));
  });

  it('is taken over by a window that was open already, when such a window signs in', async () => {
    const at = await stored();
    const putBack = snapshot(at);
    at.secrets.entries.clear();
    at.files.files.clear();
    const window = await at.open();
    window.is('signedOut');
    putBack();
    for (const key of at.secrets.entries.keys()) at.secrets.announce(key);
    await window.reaches('locked');
    await isTakenOver(at, window);
  });

  for (const [who, signsOut] of [
    ['stays signed in', false],
    ['signs out', true],
  ] as const) {
    it(`leaves marks for 90 days where somebody ${who}, and no longer`, async () => {
      const at = await stored();
      const window = await at.open();
      const marks = () => [...at.files.files.keys()].filter((name) => /^(takenOver-.*|signedOut)$/.test(name)).length;
      assert.equal(marks(), 2);
      if (signsOut) await window.session.signOut();
      const day = 24 * 60 * 60_000;
      at.clock.sleep(89 * day);
      const reopened = await at.open();
      await reopened.session.checkAgain();
      assert.equal(marks(), 2);
      at.clock.sleep(2 * day);
      await at.open();
      await until('they are removed', () => marks() === 0);
      assert.equal(reopened.session.state.kind, signsOut ? 'signedOut' : 'locked');
    });
  }

  for (const text of ['', '{', '{"email":1}']) {
    it(`counts as absent when it is ${JSON.stringify(text)}, and goes with the next sign-in`, async () => {
      const at = await stored();
      at.secrets.entries.set(`account.${at.account.id}`, text);
      const window = await at.open();
      window.is('signedOut');
      await window.session.signIn(at.urls, at.key);
      await window.caughtUp();
      await isTakenOver(at, window);
    });
  }
});
