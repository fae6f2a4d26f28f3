import assert from 'node:assert/strict';
import { ApiKeyRejectedError } from '../../../src/bitwarden/errors';
import { OtherAccountError, SessionDroppedError } from '../../../src/vault/errors';
import { createAccount } from '../../server/accounts';
import { changeMasterPassword } from '../../server/masterPassword';
import { accessToken, misbehaviours, otherSecurityStamp } from '../../server/misbehaviours';
import { until } from '../../support/until';
import { dialects, scenes, type EditorWindow, type Scene } from '../../support/window';

describe('stale sessions', () => {
  const scene = scenes();

  async function twoUnlocked(at: Scene): Promise<[EditorWindow, EditorWindow]> {
    const window = await at.unlocked();
    const other = await at.open();
    await other.unlock();
    return [window, other];
  }

  for (const dialect of dialects) {
    describe(dialect, () => {
      describe('the key was rotated elsewhere', () => {
        async function rejected(at: Scene): Promise<[EditorWindow, EditorWindow]> {
          const windows = await twoUnlocked(at);
          at.server.rotateApiKey();
          at.server.expireTokens();
          await assert.rejects(windows[0].session.sync(), SessionDroppedError);
          await until('the other window knows', () => windows[1].facts.dropped === 'keyRejected');
          return windows;
        }

        it('is known in all windows, notified in one, and the vault stays readable', async () => {
          const at = await scene(dialect, { items: [{ name: 'Example', password: 'not-a-real-password' }] });
          const [window, other] = await rejected(at);
          await assert.rejects(other.session.sync(), SessionDroppedError);
          assert.deepEqual([window.drops, other.drops], [['keyRejected'], []]);
          for (const each of [window, other]) {
            assert.equal(each.facts.dropped, 'keyRejected');
            assert.equal(each.facts.problem, undefined);
            assert.equal(each.locks, 0);
            assert.equal(each.read('Example', 'password'), 'not-a-real-password');
          }
          assert.equal('accessToken' in (at.secrets.record('accessToken') ?? {}), false);
        });

        it('asks the server no more until it is mended, even after a restart', async () => {
          const at = await scene(dialect);
          const [window] = await rejected(at);
          at.server.requests.clear();
          const reopened = await at.open();
          assert.equal(reopened.facts.dropped, 'keyRejected');
          await reopened.unlock();
          await assert.rejects(reopened.session.sync({ force: true }), SessionDroppedError);
          await assert.rejects(window.session.rotateApiKey(at.verification()), SessionDroppedError);
          assert.equal(at.server.requests.count(), 0);
          assert.deepEqual(reopened.drops, []);
        });

        it('is mended by the new client_secret, in all windows', async () => {
          const at = await scene(dialect);
          const [window, other] = await rejected(at);
          await window.session.replaceClientSecret(at.account.clientSecret);
          assert.equal(window.facts.dropped, undefined);
          await until('the other window goes on', () => other.facts.dropped === undefined);
          await other.session.sync({ force: true });
          assert.ok(at.holdsCurrentKey);
          assert.equal(window.locks + other.locks, 0);
        });

        it('takes no client_secret that does not work, and none of another account', async () => {
          const at = await scene(dialect);
          const [window] = await rejected(at);
          await assert.rejects(window.session.replaceClientSecret('x'.repeat(30)), ApiKeyRejectedError);
          const stranger = await createAccount({ email: 'other@example.test' });
          const tokenOfStranger = [{ sub: stranger.id, email: stranger.email }]
            .map((claims) => Buffer.from(JSON.stringify(claims)).toString('base64url'))
            .map((claims) => `e30.${claims}.c2ln`)
            .join('');
          at.server.faults.arm('/identity/connect/token', accessToken(tokenOfStranger), 1);
          await assert.rejects(window.session.replaceClientSecret(at.account.clientSecret), OtherAccountError);
          assert.equal(window.facts.dropped, 'keyRejected');
          assert.equal(at.holdsCurrentKey, false);
        });

        it('is notified once when both windows find out at the same moment', async () => {
          const at = await scene(dialect);
          const [window, other] = await twoUnlocked(at);
          at.server.rotateApiKey();
          at.server.expireTokens();
          await Promise.allSettled([window, other].map(({ session }) => session.sync()));
          assert.deepEqual([...window.drops, ...other.drops], ['keyRejected']);
        });
      });

      describe('the security stamp changed', () => {
        it('drops the session, locks all windows and says so once', async () => {
          const at = await scene(dialect);
          const [window, other] = await twoUnlocked(at);
          at.server.clock.advance(1);
          at.server.changeSecurityStamp();
          await assert.rejects(window.session.sync(), SessionDroppedError);
          await until('both are locked', () => window.locks === 1 && other.locks === 1);
          assert.deepEqual([window.drops, other.drops], [['stampChanged'], []]);
          await until('both know', () => [window, other].every(({ facts }) => facts.dropped === 'stampChanged'));
          await assert.rejects(other.session.unlock(at.password()), SessionDroppedError);
        });

        it('is said once when both windows find out at the same moment', async () => {
          const at = await scene(dialect);
          const [window, other] = await twoUnlocked(at);
          at.server.clock.advance(1);
          at.server.changeSecurityStamp();
          const held = at.server.faults.arm('/api/sync', misbehaviours.holdAnswer, 2);
          const syncing = Promise.allSettled([window, other].map(({ session }) => session.sync()));
          await until('both have asked', () => held.hits === 2);
          held.release();
          await syncing;
          assert.deepEqual([...window.drops, ...other.drops], ['stampChanged']);
        });

        it('is mended by signing in again, with the new master password', async () => {
          const at = await scene(dialect);
          const [window, other] = await twoUnlocked(at);
          at.server.clock.advance(1);
          await changeMasterPassword(at.account, { password: 'another password' });
          at.account.revisionDate = at.server.clock.iso();
          await assert.rejects(window.session.sync(), SessionDroppedError);
          await window.reaches('locked');
          await window.session.signInAgain();
          assert.equal(window.facts.dropped, undefined);
          await assert.rejects(window.session.unlock(at.password('correct horse battery staple')), {
            name: 'WrongMasterPasswordError',
          });
          await window.unlock('another password');
          await until('the other window knows', () => other.facts.dropped === undefined);
          await other.unlock('another password');
        });

        it('leaves nothing that the former master password opens, though the vault could not be fetched anew', async () => {
          const at = await scene(dialect);
          const window = await at.unlocked();
          at.server.clock.advance(1);
          await changeMasterPassword(at.account, { password: 'another password' });
          at.account.revisionDate = at.server.clock.iso();
          await assert.rejects(window.session.sync(), SessionDroppedError);
          const failing = at.server.faults.arm('/api/sync', misbehaviours.serverError);
          await assert.rejects(window.session.signInAgain());
          await assert.rejects(window.session.unlock(at.password('correct horse battery staple')), {
            name: 'NothingCachedError',
          });
          failing.remove();
          await window.unlock('another password');
        });

        it('can be cancelled while the vault is on its way, which is no trouble with the server', async () => {
          const at = await scene(dialect, { items: [{ name: 'Example' }] });
          const window = await at.unlocked();
          at.server.clock.advance(1);
          at.server.changeSecurityStamp();
          await assert.rejects(window.session.sync({ force: true }), SessionDroppedError);
          const held = at.server.faults.arm('/api/sync', misbehaviours.hold, 1);
          const cancel = new AbortController();
          const again = window.session.signInAgain({}, cancel.signal);
          await held.arrived();
          cancel.abort();
          await assert.rejects(again, { name: 'CancelledError' });
          assert.deepEqual([window.facts.syncing, window.facts.problem], [false, undefined]);
          held.release();
          await window.unlock();
          assert.equal(window.vault.items.length, 1);
        });

        it('is found out by the stamp alone, too', async () => {
          const at = await scene(dialect);
          const window = await at.unlocked();
          at.server.faults.arm('/api/sync', otherSecurityStamp('another'), 1);
          await assert.rejects(window.session.sync({ force: true }), SessionDroppedError);
          assert.deepEqual(window.drops, ['stampChanged']);
        });

        it('is no news after this window, or another, has signed in again', async () => {
          const at = await scene(dialect);
          const [window, other] = await twoUnlocked(at);
          at.server.clock.advance(1);
          at.server.changeSecurityStamp();
          const held = at.server.faults.arm('/api/sync', misbehaviours.holdAnswer, 1);
          const late = other.session.sync();
          await held.arrived();
          await assert.rejects(window.session.sync(), SessionDroppedError);
          await window.session.signInAgain();
          held.release();
          await late;
          assert.deepEqual([window.drops, other.drops], [['stampChanged'], []]);
          assert.equal(other.facts.dropped, undefined);
        });

        it('can be mended although the key was rotated as well', async () => {
          const at = await scene(dialect);
          const window = await at.unlocked();
          at.server.clock.advance(1);
          at.server.changeSecurityStamp();
          await assert.rejects(window.session.sync(), SessionDroppedError);
          at.server.rotateApiKey();
          await assert.rejects(window.session.signInAgain(), SessionDroppedError);
          assert.deepEqual(window.drops, ['stampChanged', 'keyRejected']);
          await window.session.replaceClientSecret(at.account.clientSecret);
          if (window.facts.dropped === 'stampChanged') await window.session.signInAgain();
          await window.reaches('locked');
          await window.unlock();
          assert.equal(window.facts.dropped, undefined);
        });
      });

      describe('the server answers for another user', () => {
        it('drops the session when the token is for another one', async () => {
          const stranger = await createAccount({ email: 'other@example.test' });
          const at = await scene(dialect);
          const window = await at.unlocked();
          const claims = Buffer.from(JSON.stringify({ sub: stranger.id })).toString('base64url');
          at.server.expireTokens();
          const wrong = at.server.faults.arm('/identity/connect/token', accessToken(`e30.${claims}.c2ln`));
          await assert.rejects(window.session.sync(), SessionDroppedError);
          assert.deepEqual(window.drops, ['otherUser']);
          await window.reaches('locked');
          await assert.rejects(window.session.signInAgain(), OtherAccountError);
          wrong.remove();
          await window.session.signInAgain();
          assert.equal(window.facts.dropped, undefined);
          await window.unlock();
        });

        it('drops the session when the vault is of another one, and stores nothing of it', async () => {
          const stranger = await createAccount({ email: 'other@example.test' });
          const at = await scene(dialect);
          const window = await at.unlocked();
          const before = at.vaultFile;
          at.server.faults.arm(
            '/api/sync',
            {
              kind: 'json',
              change: (answer) => ({ ...answer, profile: { ...(answer.profile as object), id: stranger.id } }),
            },
            1,
          );
          await assert.rejects(window.session.sync({ force: true }), SessionDroppedError);
          assert.deepEqual(window.drops, ['otherUser']);
          assert.equal(at.vaultFile, before);
        });
      });

      it('takes no token that was got with another key than the stored one', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        const stale = { ...at.secrets.record('accessToken'), keyId: 'another' };
        at.secrets.corrupt('accessToken', JSON.stringify(stale));
        await window.session.sync();
        assert.equal(at.signIns, 2);
        assert.equal(at.secrets.record('accessToken')?.keyId, at.secrets.record('apiKey')?.keyId);
      });

      it('gets a token anew when the stored one does not parse', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        const { keyId } = at.secrets.record('accessToken') ?? {};
        const broken = [
          '',
          '[]',
          'x',
          { keyId, accessToken: '', expiresAt: 1e15 },
          { keyId, accessToken: 'x', expiresAt: '9' },
        ];
        for (const [count, record] of broken.entries()) {
          at.secrets.corrupt('accessToken', typeof record === 'string' ? record : JSON.stringify(record));
          await window.session.sync();
          assert.equal(at.signIns, count + 2);
        }
      });

      it('ends all sessions on request, and goes on here and in the other windows', async () => {
        const at = await scene(dialect);
        const [window, other] = await twoUnlocked(at);
        at.server.clock.advance(1);
        await window.session.deauthorizeSessions(at.verification());
        await window.session.sync({ force: true });
        await other.session.sync({ force: true });
        assert.deepEqual([...window.drops, ...other.drops], []);
        window.is('unlocked');
        other.is('unlocked');
        assert.equal(window.facts.dropped, undefined);
      });

      it('does so while another window syncs in the middle of it', async () => {
        const at = await scene(dialect);
        const [window, other] = await twoUnlocked(at);
        at.server.clock.advance(1);
        const held = at.server.faults.arm('/identity/connect/token', misbehaviours.holdAnswer, 1);
        const deauthorizing = window.session.deauthorizeSessions(at.verification());
        await held.arrived();
        const syncing = other.session.sync({ force: true });
        await Promise.race([syncing.catch(() => undefined), until('it waits', () => at.files.waiting > 0)]);
        held.release();
        await deauthorizing;
        await syncing;
        assert.deepEqual([...window.drops, ...other.drops], []);
        window.is('unlocked');
        other.is('unlocked');
      });

      it('ends no session with a wrong master password', async () => {
        const at = await scene(dialect);
        const window = await at.unlocked();
        const { securityStamp } = at.account;
        await assert.rejects(window.session.deauthorizeSessions(at.verification('wrong')), {
          name: 'WrongMasterPasswordError',
        });
        assert.equal(at.account.securityStamp, securityStamp);
      });

      it('shows the current key to whoever knows the master password', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        assert.equal(await window.session.viewApiKey(at.verification()), at.account.clientSecret);
        await assert.rejects(window.session.viewApiKey(at.verification('wrong')), { name: 'WrongMasterPasswordError' });
      });
    });
  }
});
