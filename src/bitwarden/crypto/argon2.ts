import * as crypto from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { allocateSecret, type SecretBytes, shareSecret, wipe } from '../../base/secretBytes';
import { cancellable, type Done } from './cancellable';
import type { Argon2Work } from './argon2Worker';
import workerCode from 'worker:./argon2Worker';

/** Bytes of a master key. */
const KEY_LENGTH = 32;

/** What {@link argon2id} derives a key from. */
export interface Argon2Input {
  /** UTF-8. */
  readonly password: SecretBytes;
  /** 32 bytes: SHA-256 of the account's salt. */
  readonly salt: Uint8Array;
  /** Passes over the memory. */
  readonly iterations: number;
  readonly memoryMiB: number;
  /** Lanes. */
  readonly parallelism: number;
}

/**
 * `crypto.argon2` of Node 24.7; neither Node 22 nor Electron (BoringSSL) has a working one. `memory` is in KiB,
 * `tagLength` in bytes (nodejs.org/api/crypto.html).
 */
export type HostArgon2 = (
  algorithm: 'argon2id',
  parameters: {
    message: Uint8Array;
    nonce: Uint8Array;
    parallelism: number;
    tagLength: number;
    memory: number;
    passes: number;
  },
  callback: (error: Error | null, key: Buffer) => void,
) => void;

const hostArgon2 = (crypto as { argon2?: HostArgon2 }).argon2 ?? null;

/**
 * Argon2id version 1.3 (RFC 9106), 32 bytes, never on the calling thread: by the host if it has Argon2id, else by
 * WebAssembly in a worker. The password is copied before this returns, so the caller may wipe its own bytes then.
 *
 * @param host null: the worker alone.
 * @returns 32 bytes, the caller's to wipe.
 * @throws CancelledError when the signal fires; Error when there is not enough memory.
 */
export function argon2id(
  input: Argon2Input,
  signal?: AbortSignal,
  host: HostArgon2 | null = hostArgon2,
): Promise<SecretBytes> {
  return cancellable((done) => {
    if (!host) return startInWorker(input, done);
    try {
      startInHost(input, host, done);
      return undefined;
    } catch (error) {
      if (!isUnsupportedByHost(error)) throw error;
      return startInWorker(input, done);
    }
  }, signal);
}

/** Computes on libuv's thread pool, where it cannot be stopped. */
function startInHost(input: Argon2Input, host: HostArgon2, done: Done): void {
  const parameters = {
    message: input.password,
    nonce: input.salt,
    parallelism: input.parallelism,
    tagLength: KEY_LENGTH,
    memory: input.memoryMiB * 1024,
    passes: input.iterations,
  };
  host('argon2id', parameters, done);
}

/**
 * Computes in a worker, which ends when its work is done or is cancelled. What it was given and what it has made are
 * wiped here in any case.
 */
function startInWorker(input: Argon2Input, done: Done): () => void {
  const password = shareSecret(input.password);
  const key = shareSecret(allocateSecret(KEY_LENGTH));
  const work: Argon2Work = {
    password,
    salt: input.salt,
    iterations: input.iterations,
    memoryKiB: input.memoryMiB * 1024,
    parallelism: input.parallelism,
    key,
  };
  const worker = new Worker(workerCode, {
    eval: true,
    workerData: work,
    execArgv: [],
    env: {},
  });
  const end = (): void => {
    wipe(password);
    wipe(key);
    void worker.terminate();
  };
  worker.once('message', () => {
    done(null, key);
    end();
  });
  worker.once('error', (error) => {
    done(error);
    end();
  });
  worker.once('exit', () => {
    done(new Error('Argon2id worker ended early'));
    end();
  });
  return end;
}

/** Node exports the function even when the OpenSSL underneath lacks it, and then throws on every call. */
function isUnsupportedByHost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED';
}
