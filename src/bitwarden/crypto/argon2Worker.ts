import { parentPort, workerData } from 'node:worker_threads';
import { argon2id } from 'hash-wasm/dist/argon2.umd.min.js';
import { takeSecret, wipe } from '../../base/secretBytes';

export interface Argon2Work {
  readonly password: Uint8Array<ArrayBuffer>;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly memoryKiB: number;
  readonly parallelism: number;
  /** In bytes. */
  readonly keyLength: number;
}

/** The thread has one job, given at its start, and posts one key of `keyLength` bytes. */
async function work(): Promise<void> {
  const { password, salt, iterations, memoryKiB, parallelism, keyLength } = workerData as Argon2Work;
  const key = await argon2id({
    password,
    salt,
    iterations,
    memorySize: memoryKiB,
    parallelism,
    hashLength: keyLength,
    outputType: 'binary',
  });
  wipe(password);
  const own = takeSecret(key);
  parentPort?.postMessage(own, [own.buffer]);
}

void work();
