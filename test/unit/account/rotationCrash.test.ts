import assert from 'node:assert/strict';
import { UserVerificationError } from '../../../src/bitwarden/errors';
import { RotationUnfinishedError } from '../../../src/vault/errors';
import type { Verification } from '../../../src/account/userVerification';
import { until } from '../../support/until';
import { dialects, scenes, type EditorWindow, type Scene } from '../../support/window';

/** Everything that a rotation does outside the window, in order; a crash is tried before each of them. */
const sequence = [
  'write rotation file',
  'send POST rotate-api-key',
  'answer POST rotate-api-key',
  'set apiKey',
  'write account file',
  'set accessToken',
  'write session file',
  'send POST token',
  'answer POST token',
  'set accessToken',
  'write session file',
];

/** With the answer to the rotation lost on the way, the key is asked for. */
const recovery = [...sequence.slice(0, 2), 'send POST api-key', 'answer POST api-key', ...sequence.slice(3)];

describe('a crash in the middle of a rotation', () => {
  const scene = scenes();

  async function crashAt(at: Scene, step: number): Promise<void> {
    const before = at.account.clientSecret;
    const window = await at.signedIn();
    const token = at.secrets.record('accessToken')?.accessToken;
    at.secrets.settle();
    window.steps.taken.length = 0;
    window.steps.crashBefore = step;
    const died = new Promise<void>((resolve) => window.steps.onDeath(resolve));
    await Promise.race([window.session.rotateApiKey(at.verification()), died]);
    assert.ok(window.steps.crashed);
    if (at.secrets.losesLastWrites) return;
    const stored = at.secrets.record('apiKey')!;
    const storedAt = window.steps.taken.indexOf('set apiKey');
    assert.equal(
      stored.clientSecret,
      storedAt < 0 ? before : at.account.clientSecret,
      'once stored, the new key stays',
    );
    if (!at.holdsCurrentKey) assert.equal(at.rotationMark, stored.keyId, 'there is a mark');
    const session = at.secrets.record('accessToken');
    if (storedAt >= 0 && session?.accessToken === token) assert.notEqual(session?.keyId, stored.keyId, 'it is stale');
  }

  /** A window waits for a version that will not come; the time passes. */
  async function openedPatiently(at: Scene): Promise<EditorWindow> {
    let opened: EditorWindow | undefined;
    const opening = at.open().then((window) => (opened = window));
    await until('it gives up', () => {
      at.clock.advance(500);
      return opened !== undefined;
    });
    return opening;
  }

  async function isWhole(at: Scene, window: EditorWindow): Promise<void> {
    assert.ok(at.holdsCurrentKey);
    assert.equal(window.facts.rotationUnfinished, false);
    assert.equal(window.facts.dropped, undefined);
    at.server.expireTokens();
    await window.session.sync({ force: true });
    assert.equal(window.facts.problem, undefined);
  }

  for (const dialect of dialects) {
    describe(dialect, () => {
      it('can come at these steps and no others', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        window.steps.taken.length = 0;
        await window.session.rotateApiKey(at.verification());
        assert.deepEqual(window.steps.taken.slice(0, sequence.length), sequence);
        const rest = window.steps.taken.slice(sequence.length);
        assert.ok(
          rest.every((step) => step.endsWith('file') || step.includes(' GET ')),
          rest.join(),
        );
      });

      for (const [step, label] of sequence.entries()) {
        it(`mends itself at the next unlock: before "${label}"`, async () => {
          const at = await scene(dialect);
          await crashAt(at, step);
          const reopened = await at.open();
          reopened.is('locked');
          await reopened.unlock();
          await isWhole(at, reopened);
        });

        it(`mends itself though the last writes are lost with the window: before "${label}"`, async () => {
          const at = await scene(dialect);
          at.secrets.losesLastWrites = true;
          await crashAt(at, step);
          const reopened = await openedPatiently(at);
          reopened.is('locked');
          await reopened.unlock();
          await isWhole(at, reopened);
        });

        it(`can be mended by hand without unlocking: before "${label}"`, async () => {
          const at = await scene(dialect);
          await crashAt(at, step);
          const reopened = await at.open();
          if (reopened.facts.rotationUnfinished) await reopened.session.finishRotation(at.verification());
          else await reopened.session.sync({ force: true });
          await isWhole(at, reopened);
        });

        it(`leaves the user a way on when no token is left: before "${label}"`, async () => {
          const at = await scene(dialect);
          await crashAt(at, step);
          at.server.expireTokens();
          at.pass(180);
          const reopened = await at.open();
          await reopened.unlock();
          reopened.is('unlocked');
          if (reopened.facts.dropped !== undefined) {
            assert.equal(reopened.facts.dropped, 'keyRejected');
            assert.deepEqual(reopened.drops, ['keyRejected']);
            assert.equal(at.holdsCurrentKey, false);
            await reopened.session.replaceClientSecret(at.account.clientSecret);
          }
          await isWhole(at, reopened);
        });

        it(`lets a new rotation run: before "${label}"`, async () => {
          const at = await scene(dialect);
          await crashAt(at, step);
          const reopened = await at.open();
          if (reopened.facts.rotationUnfinished) {
            await assert.rejects(reopened.session.rotateApiKey(at.verification()), RotationUnfinishedError);
            await reopened.session.finishRotation(at.verification());
          }
          await reopened.session.rotateApiKey(at.verification());
          await isWhole(at, reopened);
        });
      }

      for (const [step, label] of recovery.entries()) {
        if (step < 2) continue;
        it(`mends itself when the answer was lost before it, too: before "${label}"`, async () => {
          const at = await scene(dialect);
          at.server.faults.arm('/api/accounts/rotate-api-key', { kind: 'drop', when: 'after' }, 1);
          await crashAt(at, step);
          const reopened = await at.open();
          await reopened.unlock();
          await isWhole(at, reopened);
        });
      }

      it('keeps the mark through crashes of the recovery itself', async () => {
        const at = await scene(dialect);
        await crashAt(at, 3);
        for (const label of ['send POST api-key', 'answer POST api-key', 'set apiKey']) {
          const window = await at.open();
          window.steps.taken.length = 0;
          const reach = window.steps.reach.bind(window.steps);
          window.steps.reach = (next) => {
            if (next === label) window.steps.crash();
            return reach(next);
          };
          const died = new Promise<void>((resolve) => window.steps.onDeath(resolve));
          await Promise.race([window.session.finishRotation(at.verification()), died]);
          assert.ok(window.steps.crashed);
          assert.notEqual(at.rotationMark, undefined);
        }
        const reopened = await at.open();
        await reopened.unlock();
        assert.deepEqual(reopened.settled, ['recovered']);
        await isWhole(at, reopened);
      });

      describe('confirmed by a one-time code, for want of a master password', () => {
        const usedUp = dialect === 'vaultwarden';

        async function newCode(at: Scene, window: EditorWindow): Promise<Verification> {
          await window.session.requestCode();
          return { kind: 'code', code: at.account.otp ?? '' };
        }

        async function begun(): Promise<{ at: Scene; window: EditorWindow; code: Verification }> {
          const at = await scene(dialect, { masterPassword: false });
          const window = await at.signedIn();
          const code = await newCode(at, window);
          window.steps.taken.length = 0;
          return { at, window, code };
        }

        it(`is finished with ${usedUp ? 'another' : 'the same'} code when the answer is lost`, async () => {
          const { at, window, code } = await begun();
          at.server.faults.arm('/api/accounts/rotate-api-key', { kind: 'drop', when: 'after' }, 1);
          if (!usedUp) {
            await window.session.rotateApiKey(code);
            await isWhole(at, window);
            return;
          }
          await assert.rejects(window.session.rotateApiKey(code), RotationUnfinishedError);
          assert.equal(window.facts.rotationUnfinished, true);
          await assert.rejects(window.session.finishRotation(code), UserVerificationError);
          assert.equal(window.facts.rotationUnfinished, true, 'a refused code leaves the mark');
          assert.equal(await window.session.finishRotation(await newCode(at, window)), 'recovered');
          await isWhole(at, window);
        });

        for (const [step, label] of sequence.entries()) {
          it(`is mended by another code at most: a crash before "${label}"`, async () => {
            const { at, window, code } = await begun();
            window.steps.crashBefore = step;
            const died = new Promise<void>((resolve) => window.steps.onDeath(resolve));
            await Promise.race([window.session.rotateApiKey(code), died]);
            assert.ok(window.steps.crashed);
            const reopened = await at.open();
            reopened.is('locked');
            if (!at.holdsCurrentKey) assert.equal(reopened.facts.rotationUnfinished, true);
            if (reopened.facts.rotationUnfinished) {
              await reopened.session.finishRotation(await newCode(at, reopened));
            } else await reopened.session.sync({ force: true });
            await isWhole(at, reopened);
          });
        }
      });
    });
  }
});
