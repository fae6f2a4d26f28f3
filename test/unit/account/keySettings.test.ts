import assert from 'node:assert/strict';
import type { KdfConfig } from '../../../src/bitwarden/crypto/kdf';
import { hostileKdf } from '../../server/misbehaviours';
import { dialects, scenes } from '../../support/window';

const slow = { name: 'SlowKdfError' };

describe('Key settings as servers report them', () => {
  const scene = scenes();

  for (const dialect of dialects) {
    for (const oldAnswers of [false, true]) {
      for (const salt of ['Kim.Lee@Example.Test', '  kim.lee@example.test ', 'KIM.LEE@EXAMPLE.TEST\t']) {
        const title = `opens a vault whose salt it reports as ${JSON.stringify(salt)}`;
        it(`${dialect}${oldAnswers ? ', of old' : ''}: ${title}`, async () => {
          const at = await scene(dialect, { email: 'kim.lee@example.test', server: { oldAnswers } });
          Object.assign(at.account, { salt, email: salt });
          const window = await at.signedIn();
          await window.unlock();
          window.is('unlocked');
          await window.session.proveMasterPassword(at.password());
        });
      }
    }

    for (const kdf of [
      { type: 'pbkdf2', iterations: 2_000_001 },
      { type: 'pbkdf2', iterations: 4_000_000 },
      { type: 'argon2id', iterations: 11, memoryMiB: 64, parallelism: 4 },
    ] satisfies KdfConfig[]) {
      it(`${dialect}: opens a vault with ${JSON.stringify(kdf)} once the user knows how long it takes`, async function () {
        this.timeout(60_000);
        const at = await scene(dialect, { kdf });
        const window = await at.signedIn();
        const seconds = await window.session.expectedSeconds();
        assert.ok(seconds !== undefined && seconds > 0);
        await window.session.unlock(at.password());
        window.is('unlocked');
        await window.session.proveMasterPassword(at.password());
      });
    }
  }

  it('computes nothing unusual before the user knows, and asks for the password again', async () => {
    const at = await scene('official', { kdf: { type: 'pbkdf2', iterations: 2_000_001 } });
    const window = await at.signedIn();
    const password = at.password();
    await assert.rejects(window.session.unlock(password), slow);
    assert.ok(password.every((byte) => byte === 0));
    window.is('locked');
    await window.unlock();
    const other = { kdf: { type: 'pbkdf2', iterations: 2_000_002 } } as const;
    Object.assign(at.account, other);
    at.server.clock.advance(1);
    at.server.touch();
    await window.session.sync();
    await assert.rejects(window.session.proveMasterPassword(at.password()), slow);
  });

  it('says nothing of usual ones', async () => {
    const at = await scene('official');
    const window = await at.signedIn();
    assert.equal(await window.session.expectedSeconds(), undefined);
  });

  it('refuses those that would burn minutes', async () => {
    for (const kdf of [
      { iterations: 50_000_001 },
      { type: 1, iterations: 1_001, memory: 16, parallelism: 4 },
      { type: 1, iterations: 65, memory: 1_024, parallelism: 4 },
    ]) {
      const at = await scene('official');
      at.server.faults.arm(/token|sync|prelogin/, hostileKdf(kdf));
      const window = await at.signedIn();
      await assert.rejects(window.session.unlock(at.password()), (error: Error) => {
        assert.equal((error.cause as Error | undefined)?.name, 'KdfOutOfBoundsError');
        return true;
      });
    }
  });
});
