import { KdfOutOfBoundsError } from '../errors';
import type { KdfConfig } from '../crypto/kdf';
import type { UpgradeToken } from '../crypto/upgradeToken';
import type { MasterPasswordUnlock } from './model';
import { integer, isEmpty, object, required, nonEmptyText, type WireObject } from './wireObject';

/** The names of a KDF's parameters in one kind of object. */
interface KdfNames {
  readonly type: string;
  readonly iterations: string;
  readonly memory: string;
  readonly parallelism: string;
}

const NESTED: KdfNames = { type: 'kdfType', iterations: 'iterations', memory: 'memory', parallelism: 'parallelism' };
const FLAT: KdfNames = {
  type: 'kdf',
  iterations: 'kdfIterations',
  memory: 'kdfMemory',
  parallelism: 'kdfParallelism',
};

/**
 * KDF settings as a server sends them: 0 PBKDF2, 1 Argon2id; memory in MiB (clients:
 * libs/key-management/src/models/kdf-config.ts). Whether they are acceptable is not judged here.
 *
 * @throws KdfOutOfBoundsError for another KDF, MalformedAnswerError when a parameter is missing.
 */
function kdfFrom(from: WireObject, names: KdfNames, host: string): KdfConfig {
  const parameter = (name: string): number => required(integer(from, name), host, name);
  const type = parameter(names.type);
  const iterations = parameter(names.iterations);
  switch (type) {
    case 0:
      return { type: 'pbkdf2', iterations };
    case 1:
      return {
        type: 'argon2id',
        iterations,
        memoryMiB: parameter(names.memory),
        parallelism: parameter(names.parallelism),
      };
    default:
      throw new KdfOutOfBoundsError('type', type, 'unknown');
  }
}

/** From an object that has `kdfType`, `iterations`, `memory`, `parallelism`. @throws as kdfFrom. */
export function kdfFromSettings(from: WireObject, host: string): KdfConfig {
  return kdfFrom(from, NESTED, host);
}

/** From an object that has `kdf`, `kdfIterations`, `kdfMemory`, `kdfParallelism`. @throws as kdfFrom. */
export function kdfFromFlat(from: WireObject, host: string): KdfConfig {
  return kdfFrom(from, FLAT, host);
}

/** The salt of accounts whose server names none (server: User.GetMasterPasswordSalt). */
export function saltOfEmail(email: string): string {
  return email.trim().toLowerCase();
}

const isUnlock = (name: string) => name.toLowerCase() === 'masterpasswordunlock';

/**
 * Reads the `masterPasswordUnlock` inside `from` (`userDecryption` of a sync, `UserDecryptionOptions` of a token
 * answer; server: src/Core/KeyManagement/Models/Api/Response; vaultwarden: src/db/models/user.rs).
 *
 * @param email for the salt when the server gives none.
 * @param host for error messages.
 * @returns null when the server says that the account has none; undefined where it does not say, as one that is too old
 * to know of it, or by an empty object, and where neither the server nor an e-mail gives a salt.
 * @throws KdfOutOfBoundsError for an unknown KDF, MalformedAnswerError when it is there in part only.
 */
export function masterPasswordUnlockFrom(
  from: WireObject | undefined,
  email: string | undefined,
  host: string,
): MasterPasswordUnlock | null | undefined {
  if (!from) return undefined;
  const unlock = object(from, 'masterPasswordUnlock');
  if (!unlock) return Object.keys(from).some(isUnlock) ? null : undefined;
  if (isEmpty(unlock)) return undefined;
  const salt = nonEmptyText(unlock, 'salt') ?? (email === undefined ? undefined : saltOfEmail(email));
  if (salt === undefined) return undefined;
  return {
    kdf: kdfFromSettings(required(object(unlock, 'kdf'), host, 'masterPasswordUnlock.kdf'), host),
    salt,
    // Vaultwarden sends it by both names (src/db/models/user.rs).
    masterKeyEncryptedUserKey: required(
      nonEmptyText(unlock, 'masterKeyEncryptedUserKey') ?? nonEmptyText(unlock, 'masterKeyWrappedUserKey'),
      host,
      'masterPasswordUnlock.masterKeyEncryptedUserKey',
    ),
  };
}

/**
 * Reads the `v2UpgradeToken` of an account.
 *
 * @param from `userDecryption` of a sync (server:
 * src/Core/KeyManagement/Models/Api/Response/UserDecryptionResponseModel.cs).
 * @returns undefined when there is none, or half of one.
 */
export function upgradeTokenFrom(from: WireObject | undefined): UpgradeToken | undefined {
  const token = from && object(from, 'v2UpgradeToken');
  const wrappedUserKey1 = token && nonEmptyText(token, 'wrappedUserKey1');
  const wrappedUserKey2 = token && nonEmptyText(token, 'wrappedUserKey2');
  if (wrappedUserKey1 === undefined || wrappedUserKey2 === undefined) return undefined;
  return { wrappedUserKey1, wrappedUserKey2 };
}
