import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { publicBytes, publicBytesOf } from '../../base/publicBytes';
import { type SecretBytes, takeSecret } from '../../base/secretBytes';
import { KdfOutOfBoundsError } from '../errors';
import { argon2id } from './argon2';
import { cancellable } from './cancellable';

/**
 * The settings of an account's KDF, as they were read; `iterations` of Argon2id are passes, and its `parallelism` is in
 * lanes. {@link checkKdf} says whether they are acceptable.
 */
export type KdfConfig =
  | { readonly type: 'pbkdf2'; readonly iterations: number }
  | {
      readonly type: 'argon2id';
      readonly iterations: number;
      readonly memoryMiB: number;
      readonly parallelism: number;
    };

/** Bytes of a master key. */
const KEY_LENGTH = 32;
/** The number of the first block of PBKDF2, 4 bytes, big-endian. */
const FIRST_BLOCK = publicBytes(0, 0, 0, 1);

/**
 * Lowest value: what official clients accept at unlock, against a server that asks for a weak hash (clients:
 * libs/key-management/src/models/kdf-config.ts). Highest value: official clients have none, and Vaultwarden lets users
 * choose any number of iterations; we compute for a minute or two at most, against a server that wants to burn our time.
 * Memory and lanes: the range of both servers.
 */
const BOUNDS = {
  pbkdf2: { iterations: [5_000, 50_000_000] },
  argon2id: { iterations: [2, 1_000], memoryMiB: [16, 1_024], parallelism: [1, 16] },
} as const;
/** The most passes × MiB that we compute. */
const MOST_ARGON2_WORK = 64 * 1_024;

/** The range in which the official server lets users choose (server: src/Core/KeyManagement/Kdf/KdfConstants.cs). */
const USUAL_ITERATIONS = { pbkdf2: 2_000_000, argon2id: 10 } as const;

/** False: the derivation may take so long that the user should be told before. */
export function isUsualKdf(kdf: KdfConfig): boolean {
  return kdf.iterations <= USUAL_ITERATIONS[kdf.type];
}

/**
 * Refuses settings that are out of bounds.
 *
 * @throws KdfOutOfBoundsError for a value that is too low, too high or no integer.
 */
export function checkKdf(kdf: KdfConfig): void {
  if (kdf.type === 'pbkdf2') {
    check('iterations', kdf.iterations, BOUNDS.pbkdf2.iterations);
    return;
  }
  check('iterations', kdf.iterations, BOUNDS.argon2id.iterations);
  check('memoryMiB', kdf.memoryMiB, BOUNDS.argon2id.memoryMiB);
  check('parallelism', kdf.parallelism, BOUNDS.argon2id.parallelism);
  check('iterations', kdf.iterations, [0, Math.floor(MOST_ARGON2_WORK / kdf.memoryMiB)]);
}

type Parameter = 'iterations' | 'memoryMiB' | 'parallelism';

function check(parameter: Parameter, value: number, [lowest, highest]: readonly [number, number]): void {
  if (!Number.isInteger(value)) throw new KdfOutOfBoundsError(parameter, value, 'unknown');
  if (value < lowest) throw new KdfOutOfBoundsError(parameter, value, 'tooWeak');
  if (value > highest) throw new KdfOutOfBoundsError(parameter, value, 'tooStrong');
}

/**
 * Derives the master key, 32 bytes, off the calling thread: by PBKDF2-HMAC-SHA256 with the UTF-8 bytes of the salt, or
 * by Argon2id with the SHA-256 of these (sdk:crates/bitwarden-crypto/src/keys/kdf.rs).
 *
 * The salt is trimmed and lower-cased before, wherever it comes from, as in official clients: servers report it as the
 * user once typed their e-mail address. The bytes of the password are copied before this returns, so the caller may
 * wipe them then.
 *
 * @param password UTF-8, not normalised, at least one byte.
 * @param salt as in MasterPasswordUnlock, or an e-mail address.
 * @returns 32 bytes, the caller's to wipe.
 * @throws KdfOutOfBoundsError; CancelledError when the signal fires; RangeError for an empty password; Error when there
 * is not enough memory for Argon2id.
 */
export async function deriveMasterKey(
  password: SecretBytes,
  salt: string,
  kdf: KdfConfig,
  signal?: AbortSignal,
): Promise<SecretBytes> {
  checkKdf(kdf);
  if (password.length === 0) throw new RangeError('empty password');
  const saltBytes = publicBytesOf(salt.trim().toLowerCase(), 'utf8');
  if (kdf.type === 'pbkdf2') return pbkdf2Sha256(password, saltBytes, kdf.iterations, signal);
  const hashedSalt = createHash('sha256').update(saltBytes).digest();
  return argon2id({ ...kdf, password, salt: hashedSalt }, signal);
}

/**
 * The hash by which the server knows the master password (purpose "server authorisation", the same for both KDFs):
 * PBKDF2-HMAC-SHA256 of the master key, salted with the password, one iteration, 32 bytes
 * (sdk:crates/bitwarden-crypto/src/keys/master_key.rs). It is sent as base64.
 *
 * One iteration is a single HMAC over the salt and the number of the block (RFC 8018, section 5.2), and is computed so.
 * The PBKDF2 of libcrypto would leave a copy of the salt, here the password, in freed memory.
 *
 * @param masterKey 32 bytes; stays the caller's to wipe.
 * @param password UTF-8; stays the caller's to wipe.
 * @returns 32 bytes, the caller's to wipe.
 */
export function derivePasswordHash(masterKey: SecretBytes, password: SecretBytes): SecretBytes {
  return takeSecret(createHmac('sha256', masterKey).update(password).update(FIRST_BLOCK).digest());
}

/** PBKDF2-HMAC-SHA256 on libuv's thread pool. Node takes a copy of both inputs and wipes it. */
function pbkdf2Sha256(
  password: SecretBytes,
  salt: Uint8Array,
  iterations: number,
  signal?: AbortSignal,
): Promise<SecretBytes> {
  return cancellable((done) => {
    pbkdf2(password, salt, iterations, KEY_LENGTH, 'sha256', done);
    return undefined;
  }, signal);
}
