import assert from 'node:assert/strict';
import type { SecretBytes } from '../../../src/base/secretBytes';
import type { Verification } from '../../../src/account/userVerification';
import { cheapKdf } from '../../server/accounts';
import { lockWith } from '../../server/masterPassword';
import { misbehaviours } from '../../server/misbehaviours';
import { fieldRef } from '../../support/fieldRef';
import { generateKey } from '../../support/keys';
import { changeHeader } from '../../support/vaultFile';
import { dialects, scenes, type EditorWindow, type Scene } from '../../support/window';

const wrong = { name: 'WrongMasterPasswordError' };
const locked = { name: 'LockedError' };
const again = { name: 'AskAgainError' };

const THEIRS = 'a password of somebody else';
const routes = {
  rotate: '/api/accounts/rotate-api-key',
  view: '/api/accounts/api-key',
  deauthorize: '/api/accounts/security-stamp',
  token: '/identity/connect/token',
};

/** In minutes: no token lives that long. */
const HOURS = 180;

const isWiped = (bytes: SecretBytes) => bytes.every((byte) => byte === 0);

/** All that a master password is good for on top of the first unlock. */
const uses: Readonly<Record<string, (window: EditorWindow, password: SecretBytes) => Promise<unknown>>> = {
  reprompt: ({ session }, password) => session.proveMasterPassword(password),
  'view API key': ({ session }, password) => session.viewApiKey({ kind: 'masterPassword', password }),
  'rotate API key': ({ session }, password) => session.rotateApiKey({ kind: 'masterPassword', password }),
  'finish rotation': ({ session }, password) => session.finishRotation({ kind: 'masterPassword', password }),
  deauthorize: ({ session }, password) => session.deauthorizeSessions({ kind: 'masterPassword', password }),
  'unlock again': ({ session }, password) => session.unlock(password),
};

/** What is made of the stored key settings and the wrapped user key of a vault: another user key, under THEIRS. */
async function theirs() {
  const { masterPasswordHash, masterKeyEncryptedUserKey } = await lockWith(generateKey(), {
    ...{ password: THEIRS, kdf: cheapKdf, salt: 'theirs@example.test' },
  });
  return {
    hash: masterPasswordHash,
    unlock: { kdf: cheapKdf, salt: 'theirs@example.test', masterKeyEncryptedUserKey },
  };
}

describe('A right master password', () => {
  const scene = scenes();

  function sent(at: Scene, hash: string): boolean {
    return at.server.requests.to().some(({ body }) => JSON.stringify(body).includes(hash));
  }

  for (const dialect of dialects) {
    for (const [use, run] of Object.entries(uses)) {
      it(`${dialect}: is the one of the key in memory, not the one that the cached vault names: ${use}`, async () => {
        const at = await scene(dialect, { items: [{ name: 'Example', password: 'of the example', reprompt: true }] });
        const window = await at.unlocked();
        const { hash, unlock } = await theirs();
        await changeHeader(at, (header) => ({ ...header, unlock }));
        const before = at.server.requests.to().length;
        await assert.rejects(run(window, at.password(THEIRS)), wrong);
        assert.equal(at.server.requests.to().length, before, 'nothing was sent');
        assert.ok(!sent(at, hash));
        window.is('unlocked');
        assert.throws(() => window.read('Example', 'password'), { name: 'RepromptRequiredError' });
      });
    }
  }

  it('is not the one that a server names that takes it for right itself', async () => {
    const at = await scene('official', { items: [{ name: 'Example', password: 'of the example', reprompt: true }] });
    const window = await at.unlocked();
    const { hash, unlock } = await theirs();
    Object.assign(at.account, unlock, { masterPasswordHash: hash });
    at.server.clock.advance(1);
    at.server.touch();
    await window.session.sync();
    for (const run of Object.values(uses)) await assert.rejects(run(window, at.password(THEIRS)), wrong);
    assert.ok(!sent(at, hash));
  });

  it('takes nothing from anybody where the cached vault names another one while it is locked', async () => {
    const at = await scene('official', { items: [{ name: 'Example', password: 'of the example' }] });
    const window = await at.unlocked();
    await window.session.lock();
    await window.caughtUp();
    const { unlock } = await theirs();
    await changeHeader(at, (header) => ({ ...header, unlock }));
    const before = at.server.requests.to().length;
    for (const [use, run] of Object.entries(uses)) await assert.rejects(run(window, at.password()), wrong, use);
    assert.equal(at.server.requests.to().length, before, 'nothing was sent');
    await window.session.unlock(at.password(THEIRS));
    assert.deepEqual(
      window.vault.items.map(({ id, name }) => [
        name,
        window.vault.fields(id).filter(({ state }) => state === 'there'),
      ]),
      [[undefined, []]],
    );
    assert.ok(!sent(at, at.account.masterPasswordHash));
  });

  it('is the one that opens what is signed, while a vault with V2 encryption is locked', async () => {
    const at = await scene('official', { v2: { userKey: 'xAes256Gcm', signature: 'ed25519' } });
    const window = await at.signedIn();
    const { unlock } = await theirs();
    await changeHeader(at, (header) => ({ ...header, unlock }));
    await assert.rejects(window.session.unlock(at.password(THEIRS)), { name: 'AccountStateError' });
    window.is('locked');
  });

  it('is not to be had by other files and records of the account', async () => {
    const at = await scene('official');
    const window = await at.unlocked();
    const { hash, unlock } = await theirs();
    const kdfFiles = [...at.files.files].filter(([name]) => name.endsWith('.kdf'));
    assert.equal(kdfFiles.length, 1);
    for (const [, file] of kdfFiles) file.content = Buffer.from(JSON.stringify(unlock.kdf));
    const record = at.secrets.record('apiKey');
    at.secrets.corrupt('apiKey', JSON.stringify({ ...record, ...unlock, unlock, hasMasterPassword: true }));
    for (const run of Object.values(uses)) await assert.rejects(run(window, at.password(THEIRS)), wrong);
    assert.ok(!sent(at, hash));
    await window.session.proveMasterPassword(at.password());
  });

  it('proves nothing for another vault than the one that it was given for', async () => {
    const at = await scene('official', { items: [{ name: 'Example', password: 'of the example', reprompt: true }] });
    const window = await at.unlocked();
    const id = window.itemId('Example');
    const proof = await window.session.proveMasterPassword(at.password());
    await window.session.sync({ force: true });
    assert.equal(window.vault.read(id, fieldRef('password'), proof), 'of the example', 'the same vault, fetched anew');
    await window.session.lock();
    await window.unlock();
    assert.throws(() => window.vault.read(id, fieldRef('password'), proof), { name: 'RepromptRequiredError' });
  });
});

describe('A master password that was given', () => {
  const scene = scenes();

  it('is gone while a verification waits for the server, and while it gets a token to ask with', async () => {
    for (const route of [routes.view, routes.token]) {
      const at = await scene('official');
      const window = await at.unlocked();
      if (route === routes.token) at.pass(HOURS);
      const held = at.server.faults.arm(route, misbehaviours.holdAnswer, 1);
      const password = at.password();
      const viewing = window.session.viewApiKey({ kind: 'masterPassword', password });
      await held.arrived();
      assert.ok(isWiped(password), route);
      held.release();
      assert.equal(await viewing, at.account.clientSecret);
    }
  });

  for (const use of ['view API key', 'unlock again'] as const) {
    it(`is gone while the vault is fetched that it needs first, and is asked for again: ${use}`, async () => {
      const at = await scene('official');
      const window = await at.signedIn();
      at.files.files.clear();
      const held = at.server.faults.arm('/api/sync', misbehaviours.hold, 1);
      const password = at.password();
      const using = uses[use]!(window, password);
      using.catch(() => undefined);
      await held.arrived();
      assert.ok(isWiped(password));
      held.release();
      await assert.rejects(using, again);
      await uses[use]!(window, at.password());
    });
  }

  it('is not needed for the first vault: who unlocks is asked once it is there', async () => {
    const at = await scene('official');
    const held = at.server.faults.arm('/api/sync', misbehaviours.hold, 1);
    const window = await at.open();
    await window.session.signIn(at.urls, at.key);
    assert.equal(await window.session.hasVault(), false);
    const fetching = window.session.fetchMissing(new AbortController().signal);
    await held.arrived();
    held.release();
    await fetching;
    assert.equal(await window.session.hasVault(), true);
    assert.equal(at.server.requests.count('GET /api/sync'), 1, 'the sync of the sign-in was waited for');
    await window.session.unlock(at.password());
    window.is('unlocked');
  });

  it('is not asked for where the first vault cannot be fetched, or the user does not wait for it', async () => {
    const at = await scene('official');
    const held = at.server.faults.arm('/api/sync', misbehaviours.hold);
    const window = await at.open();
    await window.session.signIn(at.urls, at.key);
    const cancel = new AbortController();
    const waiting = window.session.fetchMissing(cancel.signal);
    await held.arrived();
    cancel.abort();
    await assert.rejects(waiting, { name: 'CancelledError' });
    held.remove();
    await window.caughtUp();
    at.files.files.clear();
    at.server.faults.arm('/api/sync', misbehaviours.serverError);
    await assert.rejects(window.session.fetchMissing(new AbortController().signal), { name: 'NothingCachedError' });
  });

  it('is wiped by a lock at once, whatever it waits for', async () => {
    const at = await scene('official', { kdf: { type: 'pbkdf2', iterations: 2_000_000 } });
    const window = await at.signedIn();
    for (const run of Object.values(uses)) {
      const password = at.password();
      const running = run(window, password);
      running.catch(() => undefined);
      await window.session.lock();
      assert.ok(isWiped(password));
      await assert.rejects(running, locked);
    }
  });

  it('is wiped by a lock while the first vault is fetched', async () => {
    const at = await scene('official');
    const held = at.server.faults.arm('/api/sync', misbehaviours.hold, 1);
    const window = await at.open();
    await window.session.signIn(at.urls, at.key);
    const password = at.password();
    const unlocking = window.session.unlock(password);
    unlocking.catch(() => undefined);
    await held.arrived();
    await window.session.lock();
    assert.ok(isWiped(password));
    held.release();
    await assert.rejects(unlocking, locked);
    window.is('locked');
  });
});

describe('A lock ends a verification', () => {
  const scene = scenes();

  const kinds: Readonly<Record<string, { masterPassword: boolean; verification: (at: Scene) => Verification }>> = {
    'by the master password': { masterPassword: true, verification: (at) => at.verification() },
    'by a code': { masterPassword: false, verification: (at) => ({ kind: 'code', code: at.account.otp ?? '' }) },
  };

  for (const [kind, { masterPassword, verification }] of Object.entries(kinds)) {
    async function ready(): Promise<[Scene, EditorWindow]> {
      const at = await scene('vaultwarden', { masterPassword });
      const window = masterPassword ? await at.unlocked() : await at.signedIn();
      if (!masterPassword) await window.session.requestCode();
      return [at, window];
    }

    it(`${kind}: an API key that comes later is shown to nobody`, async () => {
      const [at, window] = await ready();
      const held = at.server.faults.arm(routes.view, misbehaviours.holdAnswer, 1);
      const viewing = window.session.viewApiKey(verification(at));
      viewing.catch(() => undefined);
      await held.arrived();
      await window.session.lock();
      await assert.rejects(viewing, locked, 'without waiting for the answer');
      held.release();
    });

    for (const [what, route, run] of [
      ['view', routes.view, (window: EditorWindow, proof: Verification) => window.session.viewApiKey(proof)],
      ['rotate', routes.rotate, (window: EditorWindow, proof: Verification) => window.session.rotateApiKey(proof)],
      [
        'deauthorize',
        routes.deauthorize,
        (window: EditorWindow, proof: Verification) => window.session.deauthorizeSessions(proof),
      ],
    ] as const) {
      it(`${kind}: what has not been sent by then is not sent: ${what}`, async () => {
        const [at, window] = await ready();
        at.pass(HOURS);
        const held = at.server.faults.arm(routes.token, misbehaviours.hold, 1);
        const running = run(window, verification(at));
        running.catch(() => undefined);
        await held.arrived();
        await window.session.lock();
        held.release();
        await assert.rejects(running, locked);
        await window.caughtUp();
        assert.equal(at.server.requests.count(route), 0);
        assert.equal(at.rotationMark, undefined);
      });
    }

    it(`${kind}: a rotation that the server is at goes on, and its key is kept`, async () => {
      const [at, window] = await ready();
      const held = at.server.faults.arm(routes.rotate, misbehaviours.holdAnswer, 1);
      const rotating = window.session.rotateApiKey(verification(at));
      await held.arrived();
      await window.session.lock();
      held.release();
      await rotating;
      assert.ok(at.holdsCurrentKey);
      window.is('locked');
    });
  }

  it('an unfinished rotation that an unlock was about to settle stays unfinished', async () => {
    const at = await scene('official');
    const window = await at.unlocked();
    at.server.faults.arm(routes.rotate, misbehaviours.dropAnswer, 1);
    const lost = at.server.faults.arm(routes.view, misbehaviours.drop);
    await assert.rejects(window.session.rotateApiKey(at.verification()), { name: 'RotationUnfinishedError' });
    await window.session.lock();
    lost.remove();
    at.pass(HOURS);
    const views = at.server.requests.count(routes.view);
    const held = at.server.faults.arm(routes.token, misbehaviours.hold, 1);
    await window.session.unlock(at.password());
    await held.arrived();
    await window.session.lock();
    held.release();
    await window.caughtUp();
    assert.equal(at.server.requests.count(routes.view), views, 'no hash was sent after the lock');
    assert.notEqual(at.rotationMark, undefined);
  });
});
