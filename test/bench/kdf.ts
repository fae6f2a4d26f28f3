/** Our key derivation against the bare primitive: libcrypto, and WebAssembly for hosts whose libcrypto has no Argon2id. */
import * as crypto from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { argon2id, type HostArgon2 } from '../../src/bitwarden/crypto/argon2';
import { deriveMasterKey } from '../../src/bitwarden/crypto/kdf';
import { argon2, pbkdf2 } from './kdfs';
import { compare, compareTwo, inTurn, rows } from './measure';
import { secretFromText } from '../../src/base/secretBytes';

const ROUNDS = 9;
/** Within 1.1 of the bare primitive. */
const AIM = 1 / 1.1;
const password = secretFromText('not-a-real-master-password');
const salt = 'bench@example.test';
const hashedSalt = crypto.createHash('sha256').update(salt).digest();
const { iterations, memoryMiB, parallelism } = argon2;
const memory = memoryMiB * 1024;

async function main(): Promise<void> {
  const barePbkdf2 = promisify(crypto.pbkdf2);
  compare(
    'Master key, PBKDF2 600,000',
    AIM,
    await inTurn(
      [
        { name: 'Vaultside', run: () => deriveMasterKey(password, salt, pbkdf2) },
        { name: 'bare libcrypto', run: () => barePbkdf2(password, salt, pbkdf2.iterations, 32, 'sha256') },
      ],
      ROUNDS,
    ),
  );

  const results = await inTurn(
    [
      { name: 'Vaultside', run: () => deriveMasterKey(password, salt, argon2) },
      { name: 'bare libcrypto', run: bareLibcrypto },
      {
        name: 'Vaultside by WebAssembly',
        run: () => argon2id({ ...argon2, password, salt: hashedSalt }, undefined, null),
      },
      { name: 'bare hash-wasm in a thread', run: bareWebAssembly },
    ],
    ROUNDS,
  );
  rows('Master key, Argon2id 64 MiB, 3 passes, 4 lanes', results);
  compareTwo(results, 'Vaultside', 'bare libcrypto', AIM);
  compareTwo(results, 'Vaultside by WebAssembly', 'bare hash-wasm in a thread', AIM);
  compareTwo(results, 'Vaultside by WebAssembly', 'bare libcrypto', AIM);
}

function bareLibcrypto(): Promise<unknown> {
  const { argon2: host } = crypto as unknown as { argon2: HostArgon2 };
  const parameters = { message: password, nonce: hashedSalt, parallelism, tagLength: 32, memory, passes: iterations };
  return promisify(host)('argon2id', parameters);
}

async function bareWebAssembly(): Promise<void> {
  const cost = { iterations, memorySize: memory, parallelism, hashLength: 32, outputType: 'binary' };
  const worker = new Worker(join(__dirname, 'bareArgon2.js'), { workerData: { ...cost, password, salt: hashedSalt } });
  await once(worker, 'message');
  await worker.terminate();
}

void main();
