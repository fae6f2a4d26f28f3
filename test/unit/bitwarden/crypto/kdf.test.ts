import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { checkKdf, deriveMasterKey, derivePasswordHash, type KdfConfig } from '../../../../src/bitwarden/crypto/kdf';
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
      if (passwordHash) assert.equal(base64(await derivePasswordHash(key, utf8(password))), passwordHash);
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

describe('derivePasswordHash', () => {
  it('leaves no copy behind of the bytes that it gives', async () => {
    const { pbkdf2 } = crypto;
    const derived: Buffer[] = [];
    const watched: typeof pbkdf2 = (password, salt, iterations, length, digest, done) => {
      pbkdf2(password, salt, iterations, length, digest, (error, key) => {
        derived.push(key);
        done(error, key);
      });
    };
    Object.assign(crypto, { pbkdf2: watched });
    try {
      const hash = await derivePasswordHash(copySecret(Buffer.alloc(32, 1)), utf8('secret'));
      assert.equal(hash.length, 32);
      assert.ok(hash.some(Boolean));
    } finally {
      Object.assign(crypto, { pbkdf2 });
    }
    assert.deepEqual(derived, [Buffer.alloc(32)]);
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

  for (const kdf of [pbkdf2(5_000), pbkdf2(2_000_000), argon2id(2, 16, 1), argon2id(10, 1_024, 16)]) {
    it(`accepts ${JSON.stringify(kdf)}`, () => checkKdf(kdf));
  }

  const refused: [KdfConfig, KdfOutOfBoundsError['parameter'], KdfOutOfBoundsError['problem']][] = [
    [pbkdf2(4_999), 'iterations', 'tooWeak'],
    [pbkdf2(1), 'iterations', 'tooWeak'],
    [pbkdf2(0), 'iterations', 'tooWeak'],
    [pbkdf2(-1), 'iterations', 'tooWeak'],
    [pbkdf2(2_000_001), 'iterations', 'tooStrong'],
    [pbkdf2(4_294_967_295), 'iterations', 'tooStrong'],
    [pbkdf2(600_000.5), 'iterations', 'unknown'],
    [pbkdf2(Number.NaN), 'iterations', 'unknown'],
    [pbkdf2(Number.POSITIVE_INFINITY), 'iterations', 'unknown'],
    [pbkdf2('600000' as unknown as number), 'iterations', 'unknown'],
    [argon2id(1, 64, 4), 'iterations', 'tooWeak'],
    [argon2id(11, 64, 4), 'iterations', 'tooStrong'],
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
