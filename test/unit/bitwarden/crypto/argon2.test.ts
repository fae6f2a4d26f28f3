import assert from 'node:assert/strict';
import * as crypto from 'node:crypto';
import { argon2id, type Argon2Input, type HostArgon2 } from '../../../../src/bitwarden/crypto/argon2';
import { CancelledError } from '../../../../src/bitwarden/errors';
import { copySecret, secretFromText, textOfSecret } from '../../../../src/base/secretBytes';

const { argon2: hostArgon2 } = crypto as { argon2?: HostArgon2 };

const salt = crypto.createHash('sha256').update('test@bitwarden.com').digest();
const input: Argon2Input = {
  password: secretFromText('asdfasdfasdf'),
  salt,
  iterations: 6,
  memoryMiB: 32,
  parallelism: 4,
};
const expected = 'YONjg1tTkYIvw3a1k1JAQyDLBgLUJSA3kywIcZP6kBM=';
/** So much work that it cannot end before the test has acted. */
const heavy: Argon2Input = { ...input, iterations: 10, memoryMiB: 1_024 };

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Without the way out to a worker. */
function inHost(some: Argon2Input): Promise<Uint8Array> {
  assert.ok(hostArgon2, 'run the tests with the Node of this project');
  return argon2id(some, undefined, (...given) => {
    try {
      hostArgon2(...given);
    } catch (cause) {
      throw new Error('not in this host', { cause });
    }
  });
}

/** Node lists a worker by the port through which it answers. */
function workerRuns(): boolean {
  return process.getActiveResourcesInfo().includes('MessagePort');
}

async function untilNoWorkerRuns(): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (workerRuns()) {
    assert.ok(Date.now() < deadline, 'a worker is left');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('Argon2id', function () {
  this.timeout(60_000);
  beforeEach(untilNoWorkerRuns);

  it('runs in the worker', async () => {
    assert.equal(base64(await argon2id(input, undefined, null)), expected);
  });

  it('runs in the host, when that is Node 24', async () => {
    assert.equal(base64(await inHost(input)), expected);
  });

  for (const [iterations, memoryMiB, parallelism] of [
    [2, 16, 1],
    [3, 17, 3],
    [2, 64, 16],
  ] as const) {
    it(`is the same in both with t=${iterations} m=${memoryMiB} p=${parallelism}`, async () => {
      const some = {
        password: copySecret(crypto.randomBytes(40)),
        salt: crypto.randomBytes(32),
        iterations,
        memoryMiB,
        parallelism,
      };
      assert.deepEqual(base64(await argon2id(some, undefined, null)), base64(await inHost(some)));
    });
  }

  it('computes the largest that we accept', async () => {
    const largest = { ...input, iterations: 2, memoryMiB: 1_024, parallelism: 16 };
    assert.equal(base64(await argon2id(largest, undefined, null)), base64(await inHost(largest)));
  });

  it('falls back to the worker where the host has no Argon2', async () => {
    const withoutOpenSsl: HostArgon2 = () => {
      throw Object.assign(new Error('not supported'), { code: 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED' });
    };
    const password = copySecret(input.password);
    const pending = argon2id({ ...input, password }, undefined, withoutOpenSsl);
    password.fill(0);
    assert.equal(base64(await pending), expected);
  });

  it('passes on any other failure of the host', async () => {
    const failing: HostArgon2 = (_algorithm, _parameters, callback) =>
      callback(new Error('no memory'), Buffer.alloc(0));
    await assert.rejects(argon2id(input, undefined, failing), /no memory/);
  });

  it('wipes what a cancelled host delivers too late', async () => {
    let deliver: (() => void) | undefined;
    const key = Buffer.alloc(32, 7);
    const late: HostArgon2 = (_algorithm, _parameters, callback) => {
      deliver = () => callback(null, key);
    };
    const controller = new AbortController();
    const pending = argon2id(input, controller.signal, late);
    controller.abort();
    await assert.rejects(pending, CancelledError);
    deliver?.();
    assert.deepEqual(key, Buffer.alloc(32));
  });

  it('leaves the password as it was and no worker behind', async () => {
    const password = secretFromText('asdfasdfasdf');
    await argon2id({ ...input, password }, undefined, null);
    assert.equal(textOfSecret(password), 'asdfasdfasdf');
    await untilNoWorkerRuns();
  });

  it('ends the worker at once when cancelled', async () => {
    const controller = new AbortController();
    const pending = argon2id(heavy, controller.signal, null);
    assert.ok(workerRuns());
    controller.abort();
    await assert.rejects(pending, CancelledError);
    await untilNoWorkerRuns();
  });

  it('rejects when the worker fails', async () => {
    await assert.rejects(argon2id({ ...input, parallelism: 0 }, undefined, null), /arallelism/);
  });
});
