import { parentPort, workerData } from 'node:worker_threads';
import { argon2id } from 'hash-wasm/dist/argon2.umd.min.js';
import { wipe } from '../../base/secretBytes';

/** As Argon2Input, in memory that is shared with the thread that asks. */
export interface Argon2Work {
  /** UTF-8; wiped once it was used. */
  readonly password: Uint8Array<SharedArrayBuffer>;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly memoryKiB: number;
  readonly parallelism: number;
  /** The derived key is written here; its length says how long it is to be. */
  readonly key: Uint8Array<SharedArrayBuffer>;
}

/**
 * Derives one key and says when it is there. Password and key are in memory that is shared with the thread that asks. A
 * message would be one more copy, and when a thread is ended early, what it was sent stays in memory. The library works
 * in WebAssembly memory, which is given back to the system when the thread ends.
 */
async function work(): Promise<void> {
  const { password, salt, iterations, memoryKiB, parallelism, key } = workerData as Argon2Work;
  const derived = await argon2id({
    password,
    salt,
    iterations,
    memorySize: memoryKiB,
    parallelism,
    hashLength: key.length,
    outputType: 'binary',
  });
  wipe(password);
  key.set(derived);
  wipe(derived);
  parentPort?.postMessage('done');
}

void work();
