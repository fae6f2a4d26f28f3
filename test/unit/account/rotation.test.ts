import assert from 'node:assert/strict';
import { NotRotatedError, RotationUnfinishedError, SessionDroppedError } from '../../../src/vault/errors';
import { ApiKeyRejectedError, UserVerificationError } from '../../../src/bitwarden/errors';
import type { KdfConfig } from '../../../src/bitwarden/crypto/kdf';
import type { Fault } from '../../server/faults';
import { changeMasterPassword } from '../../server/masterPassword';
import { misbehaviours, rateLimited } from '../../server/misbehaviours';
import { until } from '../../support/until';
import { dialects, scenes, type EditorWindow, type Scene } from '../../support/window';

const rotateRoute = '/api/accounts/rotate-api-key';
const viewRoute = '/api/accounts/api-key';

describe('rotating the API key', () => {
  const scene = scenes();

  /** Nothing hangs in the air: the stored key is the server's, and a session can be got with it. */
  async function isWhole(at: Scene): Promise<void> {
    assert.ok(at.holdsCurrentKey, 'the stored key is the current one');
    const window = await at.open();
    assert.equal(window.facts.rotationUnfinished, false);
    assert.equal(window.facts.dropped, undefined);
    at.server.expireTokens();
    await window.session.sync({ force: true });
  }

  async function twoSignedIn(dialect: (typeof dialects)[number]): Promise<[at: Scene, EditorWindow, EditorWindow]> {
    const at = await scene(dialect);
    return [at, await at.signedIn(), await at.open()];
  }

  /** A rotation that the server carries out, and nobody learns of the new key. */
  async function leaveUnfinished(at: Scene, { session }: EditorWindow): Promise<void> {
    at.server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
    at.server.faults.arm(viewRoute, misbehaviours.drop, 1);
    await assert.rejects(session.rotateApiKey(at.verification()), RotationUnfinishedError);
  }

  /** A rotation that is under way until the fault is released. */
  async function underWay(at: Scene, { session }: EditorWindow, fault: Fault) {
    const held = at.server.faults.arm(rotateRoute, fault, 1);
    const rotation = session.rotateApiKey(at.verification());
    rotation.catch(() => undefined);
    await held.arrived();
    return { held, rotation };
  }

  /** Has something happen before the window takes that step for the first time. Resolves when it gets there. */
  function before({ steps }: EditorWindow, step: string, what: () => Promise<void>): Promise<void> {
    const reach = steps.reach.bind(steps);
    return new Promise((arrive) => {
      steps.reach = async (label) => {
        if (label === step) {
          steps.reach = reach;
          arrive();
          await what();
        }
        await reach(label);
      };
    });
  }

  /** In the web vault of a server that logs nobody out for it. */
  async function changeKdf(at: Scene, kdf: KdfConfig): Promise<void> {
    const { securityStamp } = at.account;
    at.server.clock.advance(1);
    await changeMasterPassword(at.account, { kdf });
    at.account.securityStamp = securityStamp;
    at.server.touch();
  }

  for (const dialect of dialects) {
    describe(dialect, () => {
      it('stores the new key, throws the old session away in all windows and signs in with the new one', async () => {
        const at = await scene(dialect);
        const window = await at.unlocked();
        const other = await at.open();
        const old = { secret: at.account.clientSecret, token: at.secrets.record('accessToken')?.accessToken };
        await window.session.rotateApiKey(at.verification());
        assert.notEqual(at.account.clientSecret, old.secret);
        assert.ok(at.holdsCurrentKey);
        const session = at.secrets.record('accessToken');
        assert.notEqual(session?.accessToken, old.token);
        assert.equal(session?.keyId, at.secrets.record('apiKey')?.keyId);
        assert.equal(at.rotationMark, undefined);
        window.is('unlocked');
        assert.equal(at.signIns, 2);
        await other.session.sync({ force: true });
        assert.equal(at.signIns, 2, 'the other window uses the same new session');
        assert.deepEqual([...window.drops, ...other.drops], []);
        await isWhole(at);
      });

      it('wipes the master password', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        const password = at.password();
        await window.session.rotateApiKey({ kind: 'masterPassword', password });
        assert.ok(password.every((byte) => byte === 0));
      });

      it('changes nothing when the master password is wrong, and sends nothing', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        await assert.rejects(window.session.rotateApiKey(at.verification('wrong')), {
          name: 'WrongMasterPasswordError',
        });
        assert.equal(at.server.requests.count(rotateRoute), 0);
        await isWhole(at);
      });

      it('asks once more for the right master password when the KDF was changed elsewhere, and takes it then', async () => {
        const at = await scene(dialect, { kdf: { type: 'pbkdf2', iterations: 5_000 } });
        const window = await at.signedIn();
        await changeKdf(at, { type: 'pbkdf2', iterations: 6_000 });
        await assert.rejects(window.session.rotateApiKey(at.verification()), { name: 'AskAgainError' });
        await window.session.rotateApiKey(at.verification());
        await changeKdf(at, { type: 'argon2id', iterations: 2, memoryMiB: 16, parallelism: 1 });
        await assert.rejects(window.session.viewApiKey(at.verification()), { name: 'AskAgainError' });
        assert.equal(await window.session.viewApiKey(at.verification()), at.account.clientSecret);
        await window.unlock();
        assert.deepEqual(window.drops, []);
        await isWhole(at);
      });

      it('sends a master password that the server refuses no second time when nothing has changed', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.account.masterPasswordHash = 'another';
        await assert.rejects(window.session.viewApiKey(at.verification()), UserVerificationError);
        assert.equal(at.server.requests.count(viewRoute), 1);
      });

      it('takes an e-mailed code instead of the master password', async () => {
        const at = await scene(dialect, { masterPassword: false });
        const window = await at.signedIn();
        assert.equal(await window.session.hasMasterPassword(), false);
        await window.session.requestCode();
        await window.session.rotateApiKey({ kind: 'code', code: at.account.otp ?? '' });
        await isWhole(at);
      });

      it('says so when the server refuses the code', async () => {
        const at = await scene(dialect, { masterPassword: false });
        const window = await at.signedIn();
        await assert.rejects(
          window.session.rotateApiKey({ kind: 'code', code: '000000x' }),
          (error: Error) => error instanceof NotRotatedError && error.cause instanceof UserVerificationError,
        );
        await isWhole(at);
      });

      const carriedOut: Readonly<Record<string, Fault>> = {
        'the connection breaks': misbehaviours.dropAnswer,
        'the answer is cut off half-way': misbehaviours.cutOff,
        'the answer is no JSON': misbehaviours.malformedJson,
        'the answer is empty': misbehaviours.emptyBody,
        'a page of a proxy comes instead': { kind: 'text', change: () => '<html>', contentType: 'text/html' },
        'the answer holds no key': { kind: 'json', change: () => ({ object: 'apiKey' }) },
        'the key in the answer is no key': { kind: 'json', change: (answer) => ({ ...answer, apiKey: 'x\r\ny' }) },
      };
      for (const [what, fault] of Object.entries(carriedOut)) {
        it(`gets the new key all the same when the server has rotated and ${what}`, async () => {
          const at = await scene(dialect);
          const window = await at.signedIn();
          at.server.faults.arm(rotateRoute, fault, 1);
          await window.session.rotateApiKey(at.verification());
          assert.equal(at.server.requests.count(rotateRoute), 1);
          await isWhole(at);
        });
      }

      it('gets the new key all the same when the answer takes too long', async () => {
        const at = await scene(dialect);
        at.timeoutMs = 1500;
        const window = await at.signedIn();
        const held = at.server.faults.arm(rotateRoute, misbehaviours.holdAnswer, 1);
        await window.session.rotateApiKey(at.verification());
        held.release();
        await isWhole(at);
      });

      it('gets the new key all the same when the server fails after it has rotated', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.server.faults.arm(rotateRoute, misbehaviours.serverError, 1);
        at.server.rotateApiKey();
        await window.session.rotateApiKey(at.verification());
        await isWhole(at);
      });

      const refused: Readonly<Record<string, Fault>> = {
        'a proxy forbids it': misbehaviours.proxyForbids,
        'there have been too many requests': rateLimited(60),
      };
      for (const [what, fault] of Object.entries(refused)) {
        it(`says that nothing was rotated when ${what}`, async () => {
          const at = await scene(dialect);
          const window = await at.signedIn();
          at.server.faults.arm(rotateRoute, fault, 1);
          await assert.rejects(window.session.rotateApiKey(at.verification()), NotRotatedError);
          assert.equal(at.rotationMark, undefined);
          assert.equal(window.facts.rotationUnfinished, false);
          at.pass(5);
          await isWhole(at);
        });
      }

      const perhapsUnderWay: Readonly<Record<string, Fault>> = {
        'the connection breaks before the server acts': misbehaviours.drop,
        'the server fails': misbehaviours.serverError,
        'a proxy cannot reach the server': misbehaviours.proxyUnavailable,
        'a captive portal is in the way': misbehaviours.loginPage,
      };
      for (const [what, fault] of Object.entries(perhapsUnderWay)) {
        it(`does not believe the old key at once when ${what}, and settles it later`, async () => {
          const at = await scene(dialect);
          const window = await at.signedIn();
          at.server.faults.arm(rotateRoute, fault, 1);
          await assert.rejects(window.session.rotateApiKey(at.verification()), RotationUnfinishedError);
          assert.equal(window.facts.rotationUnfinished, true);
          assert.equal(await window.session.finishRotation(at.verification()), 'notRotated');
          assert.equal(window.facts.rotationUnfinished, false);
          await isWhole(at);
        });
      }

      it('gets the key of a rotation that the server carries out after it was given up', async () => {
        const at = await scene(dialect);
        at.timeoutMs = 1500;
        const window = await at.signedIn();
        at.server.faults.arm(rotateRoute, misbehaviours.hold, 1);
        await assert.rejects(window.session.rotateApiKey(at.verification()), RotationUnfinishedError);
        assert.ok(at.holdsCurrentKey);
        at.server.rotateApiKey();
        await window.unlock();
        assert.deepEqual(window.settled, ['recovered']);
        await isWhole(at);
      });

      it('says that nothing was rotated when the server is not there', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        await at.server.close();
        await assert.rejects(window.session.rotateApiKey(at.verification()), NotRotatedError);
        assert.equal(window.facts.rotationUnfinished, false);
      });

      it('renews a token that has just expired, and rotates once', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.server.expireTokens();
        await window.session.rotateApiKey(at.verification());
        assert.deepEqual(
          at.server.requests.to(rotateRoute).map(({ status }) => status),
          [401, 200],
        );
        await isWhole(at);
      });

      it('leaves a mark when nobody knows, and settles it at the next unlock', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        await leaveUnfinished(at, window);
        assert.equal(window.facts.rotationUnfinished, true);
        assert.equal(at.holdsCurrentKey, false);
        await window.unlock();
        assert.deepEqual(window.settled, ['recovered']);
        assert.equal(window.facts.rotationUnfinished, false);
        await isWhole(at);
      });

      it('settles by hand as well', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
        at.server.faults.arm(viewRoute, misbehaviours.serverError, 1);
        await assert.rejects(window.session.rotateApiKey(at.verification()), RotationUnfinishedError);
        assert.equal(await window.session.finishRotation(at.verification()), 'recovered');
        await isWhole(at);
      });

      it('settles that nothing was rotated', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.server.faults.arm(rotateRoute, misbehaviours.drop, 1);
        at.server.faults.arm(viewRoute, misbehaviours.drop, 1);
        await assert.rejects(window.session.rotateApiKey(at.verification()), RotationUnfinishedError);
        assert.equal(await window.session.finishRotation(at.verification()), 'notRotated');
        assert.equal(window.facts.rotationUnfinished, false);
        await isWhole(at);
      });

      it('offers the mending of a rejected key when no token is left to ask with', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        await leaveUnfinished(at, window);
        at.server.expireTokens();
        await assert.rejects(window.session.finishRotation(at.verification()), SessionDroppedError);
        assert.equal(window.facts.dropped, 'keyRejected');
        assert.deepEqual(window.drops, ['keyRejected']);
        await window.session.replaceClientSecret(at.account.clientSecret);
        await isWhole(at);
      });

      it('says that it is unfinished when the new key cannot be stored, and fetches it later', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.secrets.beforeWrite = (key) => {
          if (key.startsWith('apiKey.')) throw new Error('the keychain is locked');
        };
        await assert.rejects(window.session.rotateApiKey(at.verification()), RotationUnfinishedError);
        at.secrets.beforeWrite = () => undefined;
        await window.unlock();
        assert.deepEqual(window.settled, ['recovered']);
        await isWhole(at);
      });

      it('succeeds when only the tidying up behind it fails', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        let stored = false;
        at.secrets.beforeWrite = (key) => {
          if (stored) throw new Error('the keychain is locked');
          stored = key.startsWith('apiKey.');
        };
        await window.session.rotateApiKey(at.verification());
        at.secrets.beforeWrite = () => undefined;
        await isWhole(at);
      });

      it('sends nothing when no mark can be left', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.files.beforeWrite = (name) => {
          if (name.endsWith('.rotation')) throw new Error('the disk is full');
        };
        await assert.rejects(window.session.rotateApiKey(at.verification()), NotRotatedError);
        at.files.beforeWrite = () => undefined;
        assert.equal(at.server.requests.count(rotateRoute), 0);
        await isWhole(at);
      });

      it('keeps its mark while another window renews its token with the old key', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        const { held, rotation } = await underWay(at, window, misbehaviours.hold);
        at.clock.advance(3 * 60 * 60_000);
        const syncing = other.session.sync({ force: true });
        await Promise.race([syncing, until('it waits', () => at.files.waiting > 0)]);
        assert.notEqual(at.rotationMark, undefined);
        held.release();
        await rotation;
        await syncing;
        assert.deepEqual([...window.drops, ...other.drops], []);
        await isWhole(at);
      });

      it('is waited for by a window whose renewal is refused meanwhile', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        const { held, rotation } = await underWay(at, window, misbehaviours.holdAnswer);
        await until('the server has rotated', () => !at.holdsCurrentKey);
        at.clock.advance(3 * 60 * 60_000);
        const syncing = other.session.sync({ force: true });
        held.release();
        await rotation;
        await syncing;
        assert.deepEqual([...window.drops, ...other.drops], []);
        assert.equal(other.facts.dropped, undefined);
        await isWhole(at);
      });

      it('is not called undone in a window that saw it under way', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        const { held, rotation } = await underWay(at, window, misbehaviours.holdAnswer);
        await other.session.checkAgain();
        assert.equal(other.facts.rotationUnfinished, true);
        await other.session.unlock(at.password());
        await until('it waits', () => at.files.waiting > 0);
        held.release();
        await rotation;
        await until('the other window sees the end of it', () => !other.facts.rotationUnfinished);
        await other.caughtUp();
        assert.deepEqual(other.settled, []);
        await isWhole(at);
      });

      it('says that it is settled already to who finishes it a second time', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        await leaveUnfinished(at, window);
        const outcomes = await Promise.all(
          [window, other].map(({ session }) => session.finishRotation(at.verification())),
        );
        assert.deepEqual(outcomes.sort(), ['recovered', 'settled']);
        await isWhole(at);
      });

      it('is not overwritten by the key that was valid when somebody entered it in another window', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        const before = at.account.clientSecret;
        const { held, rotation } = await underWay(at, window, misbehaviours.hold);
        const replacing = other.session.replaceClientSecret(before);
        replacing.catch(() => undefined);
        await until('it waits', () => at.files.waiting > 0);
        held.release();
        await rotation;
        await assert.rejects(replacing, ApiKeyRejectedError);
        await isWhole(at);
      });

      for (const [what, ...answer] of [['is refused'], ['has to wait', rateLimited(60)]] as const) {
        it(`keeps the last token that can ask for the new key when a renewal under way ${what}`, async () => {
          const [at, window, other] = await twoSignedIn(dialect);
          at.server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
          at.server.faults.arm(viewRoute, misbehaviours.drop, 1);
          for (const fault of answer) at.server.faults.arm('/identity/connect/token', fault, 1);
          const { expiresAt } = at.secrets.record('accessToken') as { expiresAt: number };
          let rotated: () => void = () => undefined;
          const rotation = new Promise<void>((resolve) => (rotated = resolve));
          at.server.requests.clear();
          // Of the window that rotates the token is still good enough; a moment later that of the other one is not.
          let syncing: Promise<unknown> = Promise.resolve();
          const asking = before(other, answer.length === 0 ? 'send POST token' : 'answer POST token', () => rotation);
          void before(window, 'write rotation file', async () => {
            at.clock.advance(10_000);
            syncing = other.session.sync({ force: true }).catch((error: unknown) => error);
            await asking;
          });
          at.clock.advance(expiresAt - at.clock.now() - 5 * 60_000 - 5_000);
          await assert.rejects(window.session.rotateApiKey(at.verification()), RotationUnfinishedError);
          rotated();
          await syncing;
          assert.deepEqual([...window.drops, ...other.drops], []);
          assert.equal(await window.session.finishRotation(at.verification()), 'recovered');
          at.pass(5);
          await isWhole(at);
        });
      }

      it('is not begun, nor its mark taken away, while another one is unfinished', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        const held = at.server.faults.arm(rotateRoute, misbehaviours.dropAnswer, 1);
        at.server.faults.arm(viewRoute, misbehaviours.drop, 1);
        const rotations = [window, other].map(({ session }) => session.rotateApiKey(at.verification()));
        for (const rotation of rotations) await assert.rejects(rotation, RotationUnfinishedError);
        assert.equal(held.hits, 1);
        assert.equal(at.server.requests.count(rotateRoute), 1);
        assert.notEqual(at.rotationMark, undefined);
        assert.equal(await window.session.finishRotation(at.verification()), 'recovered');
        await isWhole(at);
      });

      it('works twice when two windows do it at once', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        await Promise.all([window, other].map(({ session }) => session.rotateApiKey(at.verification())));
        assert.equal(at.server.requests.count(rotateRoute), 2);
        assert.deepEqual([...window.drops, ...other.drops], []);
        await isWhole(at);
      });

      it('does not bring the account back when another window signs out meanwhile', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        const { held, rotation } = await underWay(at, window, misbehaviours.hold);
        await other.session.signOut();
        held.release();
        await assert.rejects(rotation, { name: 'SignedOutError' });
        await window.reaches('signedOut');
        assert.deepEqual(
          [...at.secrets.entries.keys()].filter((key) => key.includes(at.account.id)),
          [],
        );
      });

      it('does not bring the account back when the other window signs out at the last moment', async () => {
        const [at, window, other] = await twoSignedIn(dialect);
        at.secrets.beforeWrite = async (key) => {
          if (!key.startsWith('apiKey.')) return;
          at.secrets.beforeWrite = () => undefined;
          await other.session.signOut();
        };
        await assert.rejects(window.session.rotateApiKey(at.verification()), { name: 'SignedOutError' });
        await window.reaches('signedOut');
        assert.deepEqual(
          [...at.secrets.entries.keys()].filter((key) => key.includes(at.account.id)),
          [],
        );
        await at.quiet();
        await window.session.signIn(at.urls, at.key);
        await isWhole(at);
      });
    });
  }
});
