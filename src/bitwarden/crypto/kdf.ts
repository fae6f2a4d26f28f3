import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { type SecretBytes, takeSecret } from '../../base/secretBytes';
import { KdfOutOfBoundsError } from '../errors';
import { argon2id } from './argon2';
import { cancellable } from './cancellable';

/** Settings of an account's KDF as parsed; {@link checkKdf} says whether they are acceptable. */
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
/** As PBKDF2 counts its blocks, in four bytes. */
const FIRST_BLOCK = Buffer.from([0, 0, 0, 1]);

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
/** Of passes × MiB. */
const MOST_ARGON2_WORK = 64 * 1_024;

/** The range in which the official server lets users choose (server: src/Core/KeyManagement/Kdf/KdfConstants.cs). */
const USUAL_ITERATIONS = { pbkdf2: 2_000_000, argon2id: 10 } as const;

/** False: it may take so long that the user has to know before. */
export function isUsualKdf(kdf: KdfConfig): boolean {
  return kdf.iterations <= USUAL_ITERATIONS[kdf.type];
}

/** @throws KdfOutOfBoundsError for a value that is too low, too high or no integer. */
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
 * The master key, 32 bytes, computed off the calling thread.
 *
 * PBKDF2-HMAC-SHA256 with the salt's UTF-8 bytes, or Argon2id with the SHA-256 of them (sdk:
 * crates/bitwarden-crypto/src/keys/kdf.rs). The salt is trimmed and lower-cased before, as official clients do with each,
 * wherever it comes from: servers report it as the user once typed their e-mail address. The password's bytes are copied before this returns, so the caller may
 * wipe them then.
 *
 * @param password UTF-8, not normalised, at least one byte.
 * @param salt as in MasterPasswordUnlock, or an e-mail address.
 * @returns the caller's to wipe.
 * @throws KdfOutOfBoundsError, CancelledError, RangeError for an empty password.
 */
export async function deriveMasterKey(
  password: SecretBytes,
  salt: string,
  kdf: KdfConfig,
  signal?: AbortSignal,
): Promise<SecretBytes> {
  checkKdf(kdf);
  if (password.length === 0) throw new RangeError('empty password');
  const saltBytes = Buffer.from(salt.trim().toLowerCase(), 'utf8');
  if (kdf.type === 'pbkdf2') return pbkdf2Sha256(password, saltBytes, kdf.iterations, signal);
  const hashedSalt = createHash('sha256').update(saltBytes).digest();
  return argon2id({ ...kdf, password, salt: hashedSalt }, signal);
}

/**
 * The hash by which the server knows the master password (purpose "server authorisation"; the same for both KDFs):
 * PBKDF2-HMAC-SHA256 of the master key, salted with the password, one iteration, 32 bytes. That is one HMAC over the salt
 * and the number of the block (RFC 8018, section 5.2), and is computed as such: libcrypto's PBKDF2 takes a salt for
 * public, and leaves a copy of it in freed memory. It is sent as base64.
 *
 * @param masterKey 32 bytes.
 * @param password UTF-8.
 * @returns 32 bytes, the caller's to wipe.
 */
export function derivePasswordHash(masterKey: SecretBytes, password: SecretBytes): SecretBytes {
  return takeSecret(createHmac('sha256', masterKey).update(password).update(FIRST_BLOCK).digest());
}

/** On libuv's thread pool; Node takes its own copy of both inputs and wipes it. */
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
