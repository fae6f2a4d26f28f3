import assert from 'node:assert/strict';
import { ApiKeyRejectedError, NetworkError, ProxyLoginError } from '../../../src/bitwarden/errors';
import { OtherAccountError } from '../../../src/vault/errors';
import { createAccount } from '../../server/accounts';
import { misbehaviours } from '../../server/misbehaviours';
import { until } from '../../support/until';
import { startServer } from '../../server/server';
import { dialects, type EditorWindow, scenes, type Scene } from '../../support/window';

describe('signing in and out', () => {
  const scene = scenes();

  for (const dialect of dialects) {
    describe(dialect, () => {
      it('verifies the key, stores it and fetches the vault; the vault is locked', async () => {
        const at = await scene(dialect, { items: [{ name: 'Example' }] });
        const window = await at.open();
        window.is('signedOut');
        await window.session.signIn(at.urls, at.key);
        assert.ok(at.holdsCurrentKey);
        await window.caughtUp();
        const { state } = window.session;
        assert.ok(state.kind === 'locked');
        const { id: userId, email, clientId } = at.account;
        assert.deepEqual(state.account, { id: at.accountId, userId, email, clientId, servers: at.urls });
        assert.equal(state.facts.problem, undefined);
        assert.equal(state.facts.lastSync, at.clock.now());
        assert.equal(at.server.requests.count('GET /api/sync'), 1);
      });

      for (const [what, change] of [
        ['client_secret', { clientSecret: 'x'.repeat(30) }],
        ['client_id', { clientId: 'user.6f3bd3a2-0b5e-4a51-9d0c-6a3c5f0c1b2d' }],
      ] as const) {
        it(`stores nothing when the ${what} is wrong`, async () => {
          const at = await scene(dialect);
          const window = await at.open();
          await assert.rejects(window.session.signIn(at.urls, { ...at.key, ...change }), ApiKeyRejectedError);
          assert.deepEqual([...at.secrets.entries.keys()], ['device']);
          assert.equal(at.files.files.size, 0);
          window.is('signedOut');
        });
      }

      it('stores nothing for the key of an organisation', async () => {
        const at = await scene(dialect, { organizations: [{ name: 'Acme' }] });
        const window = await at.open();
        const [organization] = at.account.organizations;
        const key = { clientId: `organization.${organization!.id}`, clientSecret: organization!.apiKey };
        await assert.rejects(window.session.signIn(at.urls, key));
        assert.deepEqual([...at.secrets.entries.keys()], ['device']);
      });

      it('stores nothing when the token is for another user than the profile', async () => {
        const other = await createAccount({ email: 'other@example.test' });
        const at = await scene(dialect, { server: { tokens: 'withoutEmail' } });
        at.server.faults.arm('/api/accounts/profile', {
          kind: 'json',
          change: (answer) => ({ ...answer, id: other.id }),
        });
        const window = await at.open();
        await assert.rejects(window.session.signIn(at.urls, at.key), OtherAccountError);
        assert.deepEqual([...at.secrets.entries.keys()], ['device']);
      });

      it('does not mind in which letter case the server gives the id', async () => {
        const at = await scene(dialect);
        at.server.faults.arm(/profile|sync/, {
          kind: 'json',
          change: (answer) =>
            JSON.parse(JSON.stringify(answer).replaceAll(at.account.id, at.account.id.toUpperCase())) as typeof answer,
        });
        const window = await at.signedIn();
        await window.unlock();
        assert.equal(window.facts.problem, undefined);
      });

      for (const request of ['/identity/connect/token', '/api/accounts/profile']) {
        it(`stores nothing when it is cancelled while ${request} is under way`, async () => {
          const at = await scene(dialect, { server: { tokens: 'withoutEmail' } });
          const window = await at.open();
          const held = at.server.faults.arm(request, misbehaviours.hold, 1);
          const cancel = new AbortController();
          const signingIn = window.session.signIn(at.urls, at.key, cancel.signal);
          await held.arrived();
          cancel.abort();
          await assert.rejects(signingIn, { name: 'CancelledError' });
          assert.deepEqual([...at.secrets.entries.keys()], ['device']);
        });
      }

      it('leaves alone another account, of which a request is under way', async () => {
        const other = await createAccount({});
        const at = await scene(dialect);
        const server = await startServer({ dialect, accounts: [other] });
        const window = await at.signedIn();
        at.pass(24 * 60);
        const held = at.server.faults.arm('/identity/connect/token', misbehaviours.hold, 1);
        const late = window.session.sync();
        await held.arrived();
        const { base, api, identity } = server.urls;
        const second = await at.open();
        await second.session.signIn({ webVault: base, api, identity }, other);
        held.release();
        await late;
        await server.close();
        const [one, another] = second.sessions.all;
        assert.notEqual(one?.accountId, another?.accountId);
        await until('both know both', () => window.sessions.all.length === 2);
        assert.equal(window.facts.problem, undefined);
        const { state } = second.session;
        assert.ok(state.kind === 'locked');
        assert.equal(state.account.email, other.email);
      });

      it('signs in even if the vault cannot be fetched, and unlocks once it can', async () => {
        const at = await scene(dialect, { items: [{ name: 'Example' }] });
        at.server.faults.arm(/sync|revision-date/, misbehaviours.drop, 3);
        const window = await at.signedIn();
        assert.ok(window.facts.problem instanceof NetworkError);
        assert.equal(window.facts.lastSync, undefined);
        await window.unlock();
        assert.equal(window.vault.items.length, 1);
        assert.equal(window.facts.problem, undefined);
      });

      it('is told of a proxy that wants a login, at the first sign-in and later, and keeps its session', async () => {
        const at = await scene(dialect);
        const window = await at.open();
        const proxy = at.server.faults.arm(/ \/api\//, misbehaviours.proxyWantsLogin);
        const signedIn = await window.session.signIn(at.urls, at.key).then(
          () => window.caughtUp().then(() => window.facts.problem),
          (error: unknown) => error,
        );
        assert.ok(signedIn instanceof ProxyLoginError, String(signedIn));
        proxy.remove();
        const later = await at.signedIn();
        const { signIns } = at;
        at.server.faults.arm(/ \/api\//, misbehaviours.proxyWantsLogin);
        await assert.rejects(later.session.sync(), ProxyLoginError);
        assert.deepEqual([later.drops, later.facts.dropped, at.signIns], [[], undefined, signIns]);
      });

      it('unlocks on an old server, too, when the vault could not be fetched at sign-in', async () => {
        const at = await scene(dialect, { server: { oldAnswers: true }, items: [{ name: 'Example' }] });
        at.server.faults.arm(/sync|revision-date/, misbehaviours.drop, 3);
        const window = await at.signedIn();
        await window.unlock();
        assert.equal(window.vault.items.length, 1);
      });

      it('shows other windows that somebody has signed in, and out', async () => {
        const at = await scene(dialect);
        const other = await at.open();
        const window = await at.unlocked();
        await other.reaches('locked');
        await other.unlock();
        await window.session.signOut();
        await other.reaches('signedOut');
        assert.equal(other.locks, 1);
        assert.deepEqual([...at.secrets.entries.keys()].sort(), ['device']);
        await until('the cached vault is gone', () => at.files.files.size === 1);
        const left = [...at.secrets.entries.values(), ...at.files.files.keys(), ...at.fileTexts];
        assert.ok(!left.join().includes(at.account.id), 'nothing left names the user');
      });

      it('keeps one device identifier over sign-outs, and uses it everywhere', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        await window.session.signOut();
        await window.session.signIn(at.urls, at.key);
        const stored = at.secrets.entries.get('device');
        assert.match(stored ?? '', /^[0-9a-f-]{36}$/);
        const sent = at.server.requests
          .to('/identity/connect/token')
          .map(({ body }) => new URLSearchParams(body).get('deviceIdentifier'));
        assert.deepEqual(sent, [stored, stored]);
      });
    });
  }

  it('wipes a master password that it has no use for', async () => {
    const at = await scene('official');
    const window = await at.open();
    const password = at.password();
    for (const use of [
      () => window.session.unlock(password),
      () => window.session.proveMasterPassword(password),
      () => window.session.rotateApiKey({ kind: 'masterPassword', password }),
    ]) {
      password.set(at.password());
      await assert.rejects(use, { name: 'SignedOutError' });
      assert.ok(password.every((byte) => byte === 0));
    }
  });

  it('locks another window even if the user is back before it has looked', async () => {
    const at = await scene('official');
    const window = await at.unlocked();
    const other = await at.open();
    await other.unlock();
    await window.session.signOut();
    await window.session.signIn(at.urls, at.key);
    await until('the other window locks', () => other.locks === 1);
    await other.reaches('locked');
  });

  it('shows in another window the address that was signed in to last', async () => {
    const at = await scene('official');
    const window = await at.signedIn();
    const other = await at.open();
    await window.session.signIn({ ...at.urls, webVault: 'https://vault.example.test' }, at.key);
    const shown = () => (other.session.state.kind === 'locked' ? other.session.state.account.servers.webVault : '');
    await until('the other window shows it', () => shown() === 'https://vault.example.test');
  });

  it('shows the account just signed in to, not what an earlier one has left', async () => {
    const at = await scene('official');
    for (const kind of ['account', 'session']) {
      at.secrets.entries.set(`${kind}.00000000-0000-0000-0000-000000000000`, '{"clientSecret":"half a rec');
    }
    const window = await at.signedIn();
    assert.ok(window.session.state.kind === 'locked');
    assert.equal(window.session.state.account.userId, at.account.id);
    assert.deepEqual(
      [...at.secrets.entries.keys()].filter((key) => key.includes('00000000')),
      [],
    );
  });

  /** As after the keyring was reset. */
  async function withoutSecrets(at: Scene): Promise<string> {
    await at.signedIn();
    const { accountId } = at;
    at.files.files.set(`${accountId}.rotation`, { content: new Uint8Array(), modifiedAt: at.clock.now() });
    for (const { session, steps } of at.windows.splice(0)) {
      session.dispose();
      steps.crash();
    }
    at.secrets.entries.clear();
    return accountId;
  }

  const filesOf = (at: Scene, accountId: string) =>
    [...at.files.files.keys()].filter((name) => name.startsWith(`${accountId}.`) && !name.endsWith('.signedOut'));

  it('removes the files of an account whose secrets were lost a day ago, with the next sign-in', async () => {
    const at = await scene('official');
    const lost = await withoutSecrets(at);
    assert.ok(filesOf(at, lost).includes(`${lost}.vault`));
    at.pass(24 * 60 + 1);
    const window = at.prepare();
    const starting = window.session.start();
    await until('it gives the secrets up', () => {
      at.clock.advance(500);
      return window.session.state.kind === 'signedOut';
    });
    await starting;
    await window.session.signIn(at.urls, at.key);
    await window.caughtUp();
    assert.deepEqual(filesOf(at, lost), []);
    await window.session.signOut();
    assert.ok(at.isEmpty);
  });

  it('removes the files of an account whose secrets were lost, with the next sign-out', async () => {
    const at = await scene('official');
    const window = await at.signedIn();
    const { accountId } = at;
    const lost = globalThis.crypto.randomUUID();
    for (const kind of ['account', 'session', 'lockSignal', 'vault', 'kdf']) {
      at.files.files.set(`${lost}.${kind}`, { content: new Uint8Array(), modifiedAt: at.clock.now() });
    }
    await window.session.sync({ force: true });
    assert.equal(filesOf(at, lost).length, 5);
    await window.session.signOut();
    assert.deepEqual([...filesOf(at, lost), ...filesOf(at, accountId)], []);
  });

  /** Another window signs in to a second account, whose secrets take longer to arrive than anybody waits for them. */
  async function awaiting(at: Scene): Promise<{ window: EditorWindow; next: Scene; late: string }> {
    const next = await scene('official');
    const window = await at.signedIn();
    const other = await at.open();
    at.secrets.holdsWrites = true;
    await other.session.signIn(next.urls, next.key);
    await other.caughtUp();
    const late = other.session.accountId ?? assert.fail();
    assert.notEqual(late, window.session.accountId);
    return { window, next, late };
  }

  /** @returns what has been begun, once nothing of it waits any more. */
  async function inVain<T>(at: Scene, begun: Promise<T>): Promise<T> {
    let isOver = false;
    const ended = begun.finally(() => (isOver = true));
    await until('it waits no more', () => {
      at.clock.advance(500);
      return isOver;
    });
    return ended;
  }

  for (const [what, act] of [
    ['a sign-out of another one', ({ session }: EditorWindow) => session.signOut()],
    ['a sign-in to a third', ({ session }: EditorWindow, third: Scene) => session.signIn(third.urls, third.key)],
  ] as const) {
    it(`is not taken for left behind by ${what} where its secrets are late`, async () => {
      const [at, third] = [await scene('official'), await scene('official')];
      const { window, next, late } = await awaiting(at);
      await inVain(at, window.session.checkAgain());
      assert.ok(!window.sessions.all.some(({ accountId }) => accountId === late), 'it is not known here yet');
      await inVain(at, act(window, third));
      assert.ok(filesOf(at, late).includes(`${late}.vault`));
      at.secrets.holdsWrites = false;
      await at.quiet();
      const arrived = () => window.sessions.all.find(({ accountId }) => accountId === late);
      await until('it is here', () => arrived() !== undefined);
      await arrived()!.unlock(next.password());
    });
  }

  it('leaves nothing that a window has stored which died while it signed in, and another one did too', async () => {
    const at = await scene('official');
    const [dying, window] = [await at.open(), await at.open()];
    at.secrets.holdsWrites = true;
    let signingIn: Promise<void> | undefined;
    const reach = dying.steps.reach.bind(dying.steps);
    dying.steps.reach = async (step) => {
      if (step === 'write account file') {
        signingIn = window.session.signIn(at.urls, at.key);
        await until('the other one waits for it', () => at.files.waiting > 0);
        dying.crash();
      }
      await reach(step);
    };
    void dying.session.signIn(at.urls, at.key);
    await until('it has died', () => dying.steps.crashed);
    at.secrets.holdsWrites = false;
    await signingIn;
    await window.caughtUp();
    await at.quiet();
    const keys = [...at.secrets.entries.keys()].filter((key) => key.startsWith('apiKey.'));
    assert.equal(keys.length, 2, 'neither knew of the other one');
    const later = await at.open();
    assert.deepEqual(later.session.state, window.session.state);
    await window.session.signOut();
    window.is('signedOut');
    await later.reaches('signedOut');
    assert.ok(at.isEmpty);
  });

  it('leaves no vault behind when somebody signs out during a sync', async () => {
    const at = await scene('official');
    const window = await at.signedIn();
    const other = await at.open();
    const held = at.server.faults.arm('/api/sync', misbehaviours.holdAnswer, 1);
    const syncing = window.session.sync({ force: true }).catch(() => undefined);
    await held.arrived();
    await other.session.signOut();
    await window.reaches('signedOut');
    held.release();
    await syncing;
    assert.ok(at.isEmpty);
  });

  it('leaves neither key nor token behind when the disk is full', async () => {
    const at = await scene('official');
    const window = await at.signedIn();
    at.files.beforeWrite = () => {
      throw new Error('no space left');
    };
    await assert.rejects(window.session.signOut(), /no space left/);
    assert.deepEqual([...at.secrets.entries.keys()].sort(), ['device']);
    await window.reaches('signedOut');
  });

  it('leaves neither key nor token behind when the keychain takes nothing new', async () => {
    const at = await scene('official');
    const window = await at.unlocked();
    at.secrets.beforeWrite = (_, value) => {
      if (value !== undefined) throw new Error('cannot be encrypted');
    };
    await window.session.signOut();
    window.is('signedOut');
    assert.deepEqual([...at.secrets.entries.keys()].sort(), ['device']);
  });

  for (const [when, refusals] of [
    ['somebody signs out during a renewal', 0],
    ['the disk is full then until something was removed', 1],
  ] as const) {
    it(`leaves no token behind when ${when}`, async () => {
      const at = await scene('official');
      const window = await at.signedIn();
      const other = await at.open();
      at.pass(180);
      const held = at.server.faults.arm('/identity/connect/token', misbehaviours.holdAnswer, 1);
      const syncing = window.session.sync({ force: true });
      syncing.catch(() => undefined);
      await held.arrived();
      let left: number = refusals;
      at.files.beforeWrite = () => {
        if (left-- > 0) throw new Error('no space left');
      };
      await other.session.signOut();
      held.release();
      await assert.rejects(syncing, { name: 'SignedOutError' });
      assert.deepEqual([...at.secrets.entries.keys()].sort(), ['device']);
    });
  }

  it('keeps a client_secret from the server that somebody signed in to while it was being verified', async () => {
    const at = await scene('official');
    const moved = await scene('official', { server: { accounts: [at.account] } });
    const window = await at.signedIn();
    const other = await at.open();
    const held = at.server.faults.arm('/identity/connect/token', misbehaviours.holdAnswer, 1);
    const replacing = window.session.replaceClientSecret(at.key.clientSecret);
    replacing.catch(() => undefined);
    await held.arrived();
    await other.session.signOut();
    at.clock.advance(1);
    await other.session.signIn(moved.urls, at.key);
    const before = at.secrets.record('apiKey');
    held.release();
    await assert.rejects(replacing, { name: 'SignedOutError' });
    assert.deepEqual(at.secrets.record('apiKey'), before);
    assert.deepEqual(before?.servers, moved.urls);
  });

  it('counts a record that does not parse as absent, and signs in over it', async () => {
    for (const text of ['', 'null', '[]', '{', '{"email":1}', '"text"']) {
      const at = await scene('official');
      await at.signedIn();
      at.secrets.corrupt('apiKey', text);
      const window = await at.open();
      window.is('signedOut');
      await window.session.signIn(at.urls, at.key);
      window.is('locked');
    }
  });

  it('never sends a stored key to an address that sign-in would not have taken', async () => {
    const at = await scene('official');
    await at.signedIn();
    const record = at.secrets.record('apiKey');
    at.secrets.corrupt('apiKey', JSON.stringify({ ...record, servers: { ...at.urls, identity: 'http://evil.test' } }));
    const window = await at.open();
    window.is('signedOut');
  });

  it('starts even if the secret storage fails, and recovers with it', async () => {
    const at = await scene('official');
    await at.signedIn();
    at.secrets.readable = false;
    const window = await at.open();
    window.is('unreadable');
    await assert.rejects(window.session.unlock(at.password()), { name: 'SecretStorageError' });
    at.secrets.readable = true;
    await window.session.checkAgain();
    window.is('locked');
  });

  it('stays signed out when the secret storage fails later', async () => {
    const at = await scene('official');
    const window = await at.open();
    at.secrets.readable = false;
    await window.session.checkAgain();
    window.is('signedOut');
  });
});
