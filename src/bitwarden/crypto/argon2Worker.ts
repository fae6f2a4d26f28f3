import { parentPort, workerData } from 'node:worker_threads';
import { argon2id } from 'hash-wasm/dist/argon2.umd.min.js';
import { wipe } from '../../base/secretBytes';

export interface Argon2Work {
  /** Wiped once it was used. */
  readonly password: Uint8Array<SharedArrayBuffer>;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly memoryKiB: number;
  readonly parallelism: number;
  /** Where the key goes. */
  readonly key: Uint8Array<SharedArrayBuffer>;
}

/**
 * The thread has one job, given at its start, and says when the key is there. Password and key go through memory that is
 * shared with the thread that asks: a message would be one more copy, and a thread that is ended leaves behind what it had
 * been sent. The library works in WebAssembly memory, which goes back to the system when the thread ends.
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
