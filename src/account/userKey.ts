import { createHash } from 'node:crypto';
import { type SecretBytes, wipe } from '../base/secretBytes';
import type { MasterPasswordUnlock } from '../bitwarden/wire/model';
import { type EncStringText, parseEncString } from '../bitwarden/crypto/encString';
import { deriveMasterKey, derivePasswordHash } from '../bitwarden/crypto/kdf';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { unwrapUserKey } from '../bitwarden/crypto/masterKey';
import { openBytes } from '../bitwarden/crypto/open';
import { CancelledError, DecryptionError, MacMismatchError, UnsupportedEncryptionError } from '../bitwarden/errors';
import { AccountStateError, UnsupportedAccountError, WrongMasterPasswordError } from '../vault/errors';
import { PasswordHash } from './passwordHash';

export interface UserKeyRequest {
  /** From the server, or from the file that its answer is kept in: only a key that proves right (isRight) is used. */
  readonly unlock: MasterPasswordUnlock;
  /** UTF-8; stays the caller's to wipe, which it may do at any time. */
  readonly password: SecretBytes;
  /**
   * @returns the private key under the user key. A user key that was wrapped without a MAC (type 0) is believed if it
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

/**
 * Names what a user key came out of: with another master password, or another user key, it is another one.
 *
 * @returns SHA-256 of the wrapped user key, 32 bytes.
 */
export function originOf({ masterKeyEncryptedUserKey }: MasterPasswordUnlock): Buffer {
  return createHash('sha256').update(masterKeyEncryptedUserKey).digest();
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
 * @throws WrongMasterPasswordError; UnsupportedAccountError for a user key of an algorithm or a length, or wrapped in a
 * way, that Vaultside does not know; AccountStateError for one without a MAC that the account's private key does not
 * confirm; KdfOutOfBoundsError, CancelledError, CoseFormatError and EncStringFormatError from the crypto; what
 * `privateKey` throws.
 */
export async function openUserKey(request: UserKeyRequest): Promise<OpenedUserKey> {
  const { unlock, password, signal } = request;
  if (password.length === 0) throw new WrongMasterPasswordError('empty');
  const masterKey = await deriveMasterKey(password, unlock.salt, unlock.kdf, signal);
  let userKey: SymmetricKey | undefined;
  try {
    userKey = unwrap(unlock.masterKeyEncryptedUserKey, masterKey);
    if (!request.isRight(userKey)) throw new WrongMasterPasswordError('it opens another key');
    if (isWithoutMac(unlock.masterKeyEncryptedUserKey)) confirm(userKey, await request.privateKey());
    if (signal.aborted) throw new CancelledError('cancelled');
    const passwordHash = request.wantsPasswordHash
      ? new PasswordHash(derivePasswordHash(masterKey, password), signal)
      : undefined;
    return { userKey, passwordHash };
  } catch (error) {
    userKey?.wipe();
    throw error;
  } finally {
    wipe(masterKey);
  }
}

function isWithoutMac(wrapped: EncStringText): boolean {
  return parseEncString(wrapped).type === 0;
}

function unwrap(wrapped: EncStringText, masterKey: SecretBytes): SymmetricKey {
  try {
    return unwrapUserKey(wrapped, masterKey);
  } catch (error) {
    const isBadPadding = error instanceof DecryptionError && isWithoutMac(wrapped);
    if (error instanceof MacMismatchError || isBadPadding) throw new WrongMasterPasswordError('wrong master password');
    // The MAC has told by now that the password is right.
    const isUnknown = error instanceof UnsupportedEncryptionError || error instanceof DecryptionError;
    throw isUnknown ? new UnsupportedAccountError('user key', { cause: error }) : error;
  }
}

/**
 * Where there is no MAC, the password is known to be right by the padding (see unwrapUserKey), which says nothing of
 * the key: whoever changes the blocks before it changes the key.
 */
function confirm(userKey: SymmetricKey, wrappedPrivateKey: EncStringText | undefined): void {
  if (wrappedPrivateKey === undefined) throw new AccountStateError('nothing confirms this user key');
  try {
    wipe(openBytes(wrappedPrivateKey, userKey, 'privateKey'));
  } catch (error) {
    throw new AccountStateError('not the private key of this user key', { cause: error });
  }
}
