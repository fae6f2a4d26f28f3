import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { kdfSeconds } from '../../../../src/bitwarden/crypto/kdfTime';
import {
  checkKdf,
  deriveMasterKey,
  derivePasswordHash,
  isUsualKdf,
  type KdfConfig,
} from '../../../../src/bitwarden/crypto/kdf';
import { CancelledError, KdfOutOfBoundsError } from '../../../../src/bitwarden/errors';
import { masterKeys } from '../../../support/vectors/kdf';
import { copySecret, secretFromText } from '../../../../src/base/secretBytes';

const utf8 = secretFromText;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe('deriveMasterKey', function () {
  this.timeout(30_000);

  for (const [index, { source, password, salt, kdf, masterKey, passwordHash }] of masterKeys.entries()) {
    it(`gives master key ${index + 1}, ${kdf.type}: ${source}`, async () => {
      const key = await deriveMasterKey(utf8(password), salt, kdf);
      assert.equal(base64(key), masterKey);
      if (passwordHash) assert.equal(base64(derivePasswordHash(key, utf8(password))), passwordHash);
    });
  }

  for (const kdf of [
    { type: 'pbkdf2', iterations: 5_000 },
    { type: 'argon2id', iterations: 2, memoryMiB: 16, parallelism: 1 },
  ] as const) {
    it(`has its own copy of the password by the time it returns (${kdf.type})`, async () => {
      const expected = await deriveMasterKey(utf8('secret'), 'salt', kdf);
      const password = utf8('secret');
      const pending = deriveMasterKey(password, 'salt', kdf);
      password.fill(0);
      assert.deepEqual(await pending, expected);
    });

    it(`refuses an empty password (${kdf.type})`, async () => {
      await assert.rejects(deriveMasterKey(utf8(''), 'salt', kdf), RangeError);
    });

    it(`does not start when cancelled before (${kdf.type})`, async () => {
      await assert.rejects(deriveMasterKey(utf8('secret'), 'salt', kdf, AbortSignal.abort()), CancelledError);
    });
  }

  it('can be cancelled on the way', async () => {
    const controller = new AbortController();
    const kdf = { type: 'pbkdf2', iterations: 2_000_000 } as const;
    const pending = deriveMasterKey(utf8('secret'), 'salt', kdf, controller.signal);
    controller.abort();
    await assert.rejects(pending, CancelledError);
  });

  it('computes nothing for numbers out of bounds', async () => {
    await assert.rejects(
      deriveMasterKey(utf8('secret'), 'salt', { type: 'pbkdf2', iterations: 4_999 }),
      KdfOutOfBoundsError,
    );
  });
});

describe('the salt', () => {
  const kdf = { type: 'pbkdf2', iterations: 5_000 } as const;

  for (const salt of [
    'Kim.Lee@Example.Test',
    ' kim.lee@example.test',
    'kim.lee@example.test\n',
    '\u00a0KIM.LEE@EXAMPLE.TEST\t',
  ]) {
    it(`is trimmed and lower-cased: ${JSON.stringify(salt)}`, async () => {
      const expected = crypto.pbkdf2Sync('secret', 'kim.lee@example.test', kdf.iterations, 32, 'sha256');
      assert.equal(base64(await deriveMasterKey(utf8('secret'), salt, kdf)), expected.toString('base64'));
    });
  }
});

describe('isUsualKdf', () => {
  it('is what the official server lets users choose', () => {
    const argon2id = (iterations: number) => ({ type: 'argon2id', iterations, memoryMiB: 64, parallelism: 4 }) as const;
    const pbkdf2 = (iterations: number) => ({ type: 'pbkdf2', iterations }) as const;
    assert.deepEqual([pbkdf2(2_000_000), argon2id(10)].map(isUsualKdf), [true, true]);
    assert.deepEqual([pbkdf2(2_000_001), argon2id(11)].map(isUsualKdf), [false, false]);
  });
});

describe('kdfSeconds', () => {
  it('grows with the work', async () => {
    const some = await kdfSeconds({ type: 'pbkdf2', iterations: 1_000_000 });
    assert.ok(some > 0);
    assert.ok((await kdfSeconds({ type: 'pbkdf2', iterations: 4_000_000_000 })) > some);
    const argon2id = { type: 'argon2id', iterations: 1_000, memoryMiB: 1_024, parallelism: 1 } as const;
    assert.ok((await kdfSeconds(argon2id)) > (await kdfSeconds({ ...argon2id, iterations: 2, memoryMiB: 16 })));
  });
});

describe('derivePasswordHash', () => {
  it('is PBKDF2 with one iteration', () => {
    for (const length of [1, 8, 55, 56, 64, 65, 200]) {
      const masterKey = crypto.randomBytes(32);
      const password = crypto.randomBytes(length);
      const hash = derivePasswordHash(copySecret(masterKey), copySecret(password));
      assert.equal(base64(hash), crypto.pbkdf2Sync(masterKey, password, 1, 32, 'sha256').toString('base64'));
    }
  });

  it('leaves the master key and the password to their owners', () => {
    const [masterKey, password] = [copySecret(crypto.randomBytes(32)), utf8('secret')];
    derivePasswordHash(masterKey, password);
    assert.ok(masterKey.some(Boolean));
    assert.deepEqual(password, utf8('secret'));
  });
});

describe('checkKdf', () => {
  const pbkdf2 = (iterations: number): KdfConfig => ({ type: 'pbkdf2', iterations });
  const argon2id = (iterations: number, memoryMiB: number, parallelism: number): KdfConfig => ({
    type: 'argon2id',
    iterations,
    memoryMiB,
    parallelism,
  });

  for (const kdf of [
    ...[5_000, 2_000_000, 2_000_001, 4_000_000, 50_000_000].map(pbkdf2),
    ...[argon2id(2, 16, 1), argon2id(10, 1_024, 16), argon2id(11, 64, 4), argon2id(64, 1_024, 16)],
  ]) {
    it(`accepts ${JSON.stringify(kdf)}`, () => checkKdf(kdf));
  }

  const refused: [KdfConfig, KdfOutOfBoundsError['parameter'], KdfOutOfBoundsError['problem']][] = [
    [pbkdf2(4_999), 'iterations', 'tooWeak'],
    [pbkdf2(1), 'iterations', 'tooWeak'],
    [pbkdf2(0), 'iterations', 'tooWeak'],
    [pbkdf2(-1), 'iterations', 'tooWeak'],
    [pbkdf2(50_000_001), 'iterations', 'tooStrong'],
    [pbkdf2(4_294_967_295), 'iterations', 'tooStrong'],
    [pbkdf2(600_000.5), 'iterations', 'unknown'],
    [pbkdf2(Number.NaN), 'iterations', 'unknown'],
    [pbkdf2(Number.POSITIVE_INFINITY), 'iterations', 'unknown'],
    [pbkdf2('600000' as unknown as number), 'iterations', 'unknown'],
    [argon2id(1, 64, 4), 'iterations', 'tooWeak'],
    [argon2id(1_001, 16, 4), 'iterations', 'tooStrong'],
    [argon2id(65, 1_024, 4), 'iterations', 'tooStrong'],
    [argon2id(1_000, 66, 4), 'iterations', 'tooStrong'],
    [argon2id(3, 15, 4), 'memoryMiB', 'tooWeak'],
    [argon2id(3, 1_025, 4), 'memoryMiB', 'tooStrong'],
    [argon2id(3, 65_536, 4), 'memoryMiB', 'tooStrong'],
    [argon2id(3, 64, 0), 'parallelism', 'tooWeak'],
    [argon2id(3, 64, 17), 'parallelism', 'tooStrong'],
    [argon2id(3, 64, 1.5), 'parallelism', 'unknown'],
  ];
  for (const [kdf, parameter, problem] of refused) {
    it(`refuses ${JSON.stringify(kdf)}: ${parameter} ${problem}`, () => {
      assert.throws(
        () => checkKdf(kdf),
        (error) => error instanceof KdfOutOfBoundsError && error.parameter === parameter && error.problem === problem,
      );
    });
  }
});
