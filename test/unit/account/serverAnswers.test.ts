import assert from 'node:assert/strict';
import { HttpError, VaultNotSentError } from '../../../src/bitwarden/errors';
import { OtherAccountError, SessionDroppedError } from '../../../src/vault/errors';
import type { Session } from '../../../src/account/session';
import { isNotVerified, type Verification } from '../../../src/account/userVerification';
import { createAccount } from '../../server/accounts';
import { changeMasterPassword } from '../../server/masterPassword';
import { accessToken, misbehaviours } from '../../server/misbehaviours';
import { dialects, scenes, type Scene } from '../../support/window';

const acts: Readonly<Record<string, (session: Session, verification: Verification) => Promise<unknown>>> = {
  'viewing the key': (session, verification) => session.viewApiKey(verification),
  'rotating the key': (session, verification) => session.rotateApiKey(verification),
  'deauthorising all sessions': (session, verification) => session.deauthorizeSessions(verification),
};

/** As changed in the web vault, of a server that logs nobody out for it. */
async function changeKdf(at: Scene): Promise<void> {
  const { securityStamp, devices } = at.account;
  at.server.clock.advance(1);
  await changeMasterPassword(at.account, { kdf: { type: 'pbkdf2', iterations: 6_000 } });
  Object.assign(at.account, { securityStamp, devices });
  at.server.touch();
}

describe('what servers answer', () => {
  const scene = scenes();

  for (const dialect of dialects) {
    describe(dialect, () => {
      for (const [what, act] of Object.entries(acts)) {
        it(`${what}: a password that the server refuses is told as that`, async () => {
          const at = await scene(dialect);
          const window = await at.unlocked();
          at.account.masterPasswordHash = 'another';
          await assert.rejects(act(window.session, at.verification()), isNotVerified);
        });

        it(`${what}: a code that the server refuses is told as that`, async () => {
          const at = await scene(dialect, { masterPassword: false });
          const window = await at.signedIn();
          const code: Verification = { kind: 'code', code: '000000x' };
          await assert.rejects(act(window.session, code), isNotVerified);
          await window.session.requestCode();
          await assert.rejects(act(window.session, code), isNotVerified);
        });

        it(`${what}: a password that is right since the KDF was changed elsewhere is asked for once more after a sync, and taken`, async () => {
          const at = await scene(dialect);
          const window = await at.unlocked();
          await changeKdf(at);
          await assert.rejects(act(window.session, at.verification()), { name: 'AskAgainError' });
          await act(window.session, at.verification());
          assert.equal(window.facts.dropped, undefined);
        });
      }

      describe('for an account without a key pair', () => {
        for (const masterPassword of [true, false]) {
          it(`${masterPassword ? 'with' : 'without'} a master password: signs in and syncs, and asks for no profile`, async () => {
            const at = await scene(dialect, {
              keyPair: false,
              masterPassword,
              items: [{ name: 'Mine', password: 'p' }],
            });
            const window = await at.signedIn();
            assert.equal(window.facts.problem, undefined);
            assert.equal(at.server.requests.count('/api/accounts/profile'), 0);
            if (!masterPassword) {
              await assert.rejects(window.session.unlock(at.password()), { name: 'NoMasterPasswordError' });
              return;
            }
            await window.unlock();
            assert.equal(window.read('Mine', 'password'), 'p');
            await window.session.deauthorizeSessions(at.verification());
            assert.equal(at.server.requests.count('/api/accounts/profile'), 0);
          });
        }

        it('says that the server fails where its sync fails, too', async () => {
          const at = await scene(dialect, { keyPair: false });
          at.server.faults.arm('/api/sync', misbehaviours.serverError);
          const window = await at.signedIn();
          assert.ok(window.facts.problem instanceof VaultNotSentError);
        });
      });

      for (const empty of ['token', 'sync'] as const) {
        it(`unlocks where the ${empty} has an empty object for what the other says`, async () => {
          const at = await scene(dialect, { items: [{ name: 'Mine', password: 'p' }] });
          at.server.faults.arm(empty === 'token' ? '/identity/connect/token' : '/api/sync', {
            kind: 'json',
            change: (answer) =>
              empty === 'token'
                ? { ...answer, UserDecryptionOptions: { HasMasterPassword: true, MasterPasswordUnlock: {} } }
                : { ...answer, userDecryption: { masterPasswordUnlock: {} } },
          });
          const window = await at.unlocked();
          assert.equal(window.facts.problem, undefined);
          assert.equal(window.read('Mine', 'password'), 'p');
        });
      }

      for (const tokens of ['opaque', 'withoutEmail'] as const) {
        for (const oldAnswers of [false, true]) {
          const title = `signs in by a token that is ${tokens}${oldAnswers ? ', on an old server' : ''}`;
          it(`${title}: the profile tells the e-mail`, async () => {
            const at = await scene(dialect, {
              ...{ email: 'Dev@Example.test', items: [{ name: 'Mine', password: 'p' }] },
              server: { tokens, oldAnswers },
            });
            const window = await at.unlocked();
            assert.equal(at.server.requests.count('/api/accounts/profile'), 1);
            const { state } = window.session;
            assert.ok(state.kind === 'unlocked');
            const { userId, email } = state.account;
            assert.deepEqual([userId, email], [at.account.id, at.account.email]);
            assert.equal(window.read('Mine', 'password'), 'p');
            at.server.expireTokens();
            await window.session.sync({ force: true });
            await window.session.rotateApiKey(at.verification());
            assert.equal(window.facts.dropped, undefined);
          });
        }

        it(`stores nothing when a token is ${tokens} and the profile is another user's`, async () => {
          const stranger = await createAccount({ email: 'other@example.test' });
          const at = await scene(dialect, { server: { tokens } });
          at.server.accounts.push(stranger);
          at.server.faults.arm('/identity/connect/token', accessToken(at.server.issueToken(stranger)), 1);
          const window = await at.open();
          await assert.rejects(window.session.signIn(at.urls, at.key), OtherAccountError);
          assert.deepEqual([...at.secrets.entries.keys()], ['device']);
        });
      }

      it('takes no token for somebody else than the client_id names, however complete', async () => {
        const stranger = await createAccount({ email: 'other@example.test' });
        const at = await scene(dialect);
        at.server.accounts.push(stranger);
        at.server.faults.arm('/identity/connect/token', accessToken(at.server.issueToken(stranger)), 1);
        const window = await at.open();
        await assert.rejects(window.session.signIn(at.urls, at.key), OtherAccountError);
        assert.deepEqual([...at.secrets.entries.keys()], ['device']);
      });

      describe('for an account that was deleted', () => {
        async function deleted(at: Scene) {
          const window = await at.unlocked();
          at.server.accounts.splice(0);
          return window;
        }
        const withItem = { items: [{ name: 'Mine', password: 'p' }] };

        for (const [when, before] of Object.entries<(at: Scene) => void>({
          'while the token is good': () => undefined,
          'when the token is due for renewal': (at) => at.pass(dialect === 'official' ? 56 : 116),
        })) {
          it(`says so ${when}, and the copy of the vault stays readable`, async () => {
            const at = await scene(dialect, withItem);
            const { password } = at.account;
            const window = await deleted(at);
            before(at);
            await assert.rejects(window.session.sync(), SessionDroppedError);
            assert.deepEqual(window.drops, ['accountGone']);
            assert.equal(window.read('Mine', 'password'), 'p');
            const reopened = await at.open();
            assert.equal(reopened.facts.dropped, 'accountGone');
            await reopened.unlock(password);
            assert.equal(reopened.read('Mine', 'password'), 'p');
          });
        }

        it('says so at a verified call and at a sync that is forced', async () => {
          for (const act of [
            (session: Session, at: Scene) => session.viewApiKey({ kind: 'code', code: at.urls.api }),
            (session: Session) => session.sync({ force: true }),
          ]) {
            const at = await scene(dialect);
            const window = await deleted(at);
            await assert.rejects(act(window.session, at), SessionDroppedError);
            assert.deepEqual(window.drops, ['accountGone']);
          }
        });

        it('says so when only the vault itself is refused', async () => {
          const at = await scene(dialect, withItem);
          const window = await at.unlocked();
          const reply = { status: 400, json: { message: 'User not found.', object: 'error' } };
          at.server.faults.arm('/api/sync', { kind: 'answer', reply }, 1);
          await assert.rejects(window.session.sync({ force: true }), SessionDroppedError);
          assert.deepEqual(window.drops, ['accountGone']);
        });

        it('lets a user sign in again should it be back', async () => {
          const at = await scene(dialect, withItem);
          const { account } = at;
          const window = await deleted(at);
          await assert.rejects(window.session.sync(), SessionDroppedError);
          await assert.rejects(window.session.signInAgain(), SessionDroppedError);
          assert.deepEqual(window.drops, ['accountGone']);
          at.server.accounts.push(account);
          await window.session.signInAgain();
          assert.equal(window.facts.dropped, undefined);
          assert.equal(window.read('Mine', 'password'), 'p');
        });
      });

      it('a key rotated elsewhere is not taken for a deleted account, nor is a disabled one', async () => {
        const at = await scene(dialect);
        const window = await at.unlocked();
        at.server.rotateApiKey();
        at.pass(dialect === 'official' ? 56 : 116);
        await assert.rejects(window.session.sync(), SessionDroppedError);
        assert.deepEqual(window.drops, ['keyRejected']);
        const message = 'This user has been disabled (API key login)';
        const reply = { status: 400, json: { message, error: '', object: 'error' } };
        at.server.faults.arm('/identity/connect/token', { kind: 'answer', reply }, 1);
        await assert.rejects(
          window.session.replaceClientSecret(at.account.clientSecret),
          (error) => error instanceof HttpError && error.serverMessage === message,
        );
        assert.deepEqual(window.drops, ['keyRejected']);
      });
    });
  }

  it('official: a deleted account cannot be told from a rotated key once the token has run out', async () => {
    const at = await scene('official');
    const window = await at.unlocked();
    at.server.accounts.splice(0);
    at.pass(61);
    await assert.rejects(window.session.sync(), SessionDroppedError);
    assert.deepEqual(window.drops, ['keyRejected']);
  });
});
