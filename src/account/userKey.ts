import { type SecretBytes, wipe } from '../base/secretBytes';
import type { MasterPasswordUnlock } from '../bitwarden/wire/model';
import { type EncStringText, parseEncString } from '../bitwarden/crypto/encString';
import { deriveMasterKey, derivePasswordHash } from '../bitwarden/crypto/kdf';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { unwrapUserKey } from '../bitwarden/crypto/masterKey';
import { openBytes } from '../bitwarden/crypto/open';
import { CancelledError, DecryptionError, MacMismatchError, UnsupportedEncryptionError } from '../bitwarden/errors';
import { UnsupportedAccountError, WrongMasterPasswordError } from '../vault/errors';
import { PasswordHash } from './passwordHash';

export interface UserKeyRequest {
  /** From the server, or from the file that its answer is kept in: only a key that proves right (isRight) is used. */
  readonly unlock: MasterPasswordUnlock;
  /** UTF-8; stays the caller's to wipe, which it may do at any time. */
  readonly password: SecretBytes;
  /**
   * @returns the private key under the user key. A user key that was wrapped without a MAC (type 0) is right if it
   * opens it; not called for other user keys.
   */
  privateKey(): Promise<EncStringText | undefined>;
  /** Whether this is the key that it has to be; asked before anything else is made of the password. */
  isRight(userKey: SymmetricKey): boolean;
  /** True where a request to the server that needs it follows at once. */
  readonly wantsPasswordHash: boolean;
  /** Fires at a lock, and when the user gives up. */
  readonly signal: AbortSignal;
}

/** Both are the caller's to wipe. */
export interface OpenedUserKey {
  readonly userKey: SymmetricKey;
  /** Undefined unless wanted. */
  readonly passwordHash: PasswordHash | undefined;
}

/**
 * Opens the user key with the master password.
 *
 * @throws WrongMasterPasswordError; UnsupportedAccountError for a user key of an algorithm, or wrapped in a way, that
 * Vaultside does not know; KdfOutOfBoundsError, CancelledError and EncStringFormatError from the crypto.
 */
export async function openUserKey(request: UserKeyRequest): Promise<OpenedUserKey> {
  const { unlock, password, signal } = request;
  if (password.length === 0) throw new WrongMasterPasswordError('empty');
  const masterKey = await deriveMasterKey(password, unlock.salt, unlock.kdf, signal);
  let userKey: SymmetricKey | undefined;
  try {
    userKey = await unwrap(unlock.masterKeyEncryptedUserKey, masterKey, request);
    if (signal.aborted) throw new CancelledError('cancelled');
    if (!request.isRight(userKey)) throw new WrongMasterPasswordError('it opens another key');
    const passwordHash = request.wantsPasswordHash
      ? new PasswordHash(derivePasswordHash(masterKey, password), signal)
      : undefined;
    return { userKey, passwordHash };
  } catch (error) {
    userKey?.wipe();
    if (error instanceof UnsupportedEncryptionError) throw new UnsupportedAccountError('user key', { cause: error });
    throw error;
  } finally {
    wipe(masterKey);
  }
}

async function unwrap(
  wrapped: EncStringText,
  masterKey: SecretBytes,
  { privateKey }: Pick<UserKeyRequest, 'privateKey'>,
): Promise<SymmetricKey> {
  const withoutMac = parseEncString(wrapped).type === 0;
  let userKey: SymmetricKey;
  try {
    userKey = unwrapUserKey(wrapped, masterKey);
  } catch (error) {
    if (error instanceof MacMismatchError || (withoutMac && error instanceof DecryptionError)) {
      throw new WrongMasterPasswordError('wrong master password');
    }
    throw error;
  }
  if (!withoutMac) return userKey;
  try {
    const wrappedPrivateKey = await privateKey();
    if (wrappedPrivateKey === undefined) throw new DecryptionError('nothing proves this user key');
    wipe(openBytes(wrappedPrivateKey, userKey, 'privateKey'));
    return userKey;
  } catch (error) {
    userKey.wipe();
    if (error instanceof MacMismatchError) throw new WrongMasterPasswordError('wrong master password');
    throw error;
  }
}
