/** Our key derivation against the bare primitive of the same process. */
import * as crypto from 'node:crypto';
import { promisify } from 'node:util';
import { argon2id, type HostArgon2 } from '../../src/bitwarden/crypto/argon2';
import { deriveMasterKey, type KdfConfig } from '../../src/bitwarden/crypto/kdf';
import { compare, inTurn } from './measure';

const ROUNDS = 9;
/** Within 1.1 of the bare primitive. */
const AIM = 1 / 1.1;
const password = Buffer.from('not-a-real-master-password');
const salt = 'bench@example.test';
const hashedSalt = crypto.createHash('sha256').update(salt).digest();
const pbkdf2: KdfConfig = { type: 'pbkdf2', iterations: 600_000 };
const argon2 = { type: 'argon2id', iterations: 3, memoryMiB: 64, parallelism: 4 } as const;

async function main(): Promise<void> {
  const bare = promisify(crypto.pbkdf2);
  compare(
    'Master key, PBKDF2 600,000',
    AIM,
    await inTurn(
      [
        { name: 'Vaultside', run: () => deriveMasterKey(password, salt, pbkdf2) },
        { name: 'bare libcrypto', run: () => bare(password, salt, pbkdf2.iterations, 32, 'sha256') },
      ],
      ROUNDS,
    ),
  );
  const host = (crypto as { argon2?: HostArgon2 }).argon2;
  const { iterations: passes, memoryMiB, parallelism } = argon2;
  const parameters = {
    message: password,
    nonce: hashedSalt,
    parallelism,
    tagLength: 32,
    memory: memoryMiB * 1024,
    passes,
  };
  const input = { ...argon2, password, salt: hashedSalt };
  compare(
    'Master key, Argon2id 64 MiB, 3 passes, 4 lanes',
    AIM,
    await inTurn(
      [
        { name: 'Vaultside', run: () => deriveMasterKey(password, salt, argon2) },
        ...(host ? [{ name: 'bare libcrypto', run: () => promisify(host)('argon2id', parameters) }] : []),
        { name: 'Vaultside without crypto.argon2', run: () => argon2id(input, undefined, null) },
      ],
      ROUNDS,
    ),
  );
}

void main();
