import type { MasterPasswordUnlock } from '../bitwarden/api/model';
import { CancelledError, DecryptionError, MacMismatchError, UnsupportedEncryptionError } from '../bitwarden/errors';
import { decryptBytes, type EncStringText, parseEncString } from '../bitwarden/crypto/encString';
import { deriveMasterKey, masterPasswordHash } from '../bitwarden/crypto/kdf';
import { type SymmetricKey, unwrapUserKey } from '../bitwarden/crypto/keys';
import { UnsupportedAccountError, WrongMasterPasswordError } from './errors';

export interface OpenedUserKey {
  /** The caller's to wipe. */
  readonly userKey: SymmetricKey;
  /** base64; what the server takes for the master password. */
  readonly masterPasswordHash: string;
}

/**
 * Opens the user key with the master password.
 *
 * @param password UTF-8; wiped before this returns or throws.
 * @param privateKey yields the account's wrapped private key, which proves a user key that came without a MAC; called
 * for such a key alone.
 * @throws WrongMasterPasswordError; UnsupportedAccountError for a COSE user key, or one wrapped in a way
 * that Vaultside does not know; KdfOutOfBoundsError, CancelledError and EncStringFormatError from the crypto.
 */
export async function openUserKey(
  unlock: MasterPasswordUnlock,
  password: Uint8Array,
  privateKey: () => Promise<EncStringText | undefined>,
  signal?: AbortSignal,
): Promise<OpenedUserKey> {
  let masterKey: Uint8Array | undefined;
  try {
    if (password.length === 0) throw new WrongMasterPasswordError('empty');
    masterKey = await deriveMasterKey(password, unlock.salt, unlock.kdf, signal);
    const userKey = await unwrap(unlock.masterKeyEncryptedUserKey, masterKey, privateKey);
    const hash = await masterPasswordHash(masterKey, password);
    if (signal?.aborted) {
      userKey.wipe();
      throw new CancelledError('cancelled');
    }
    return { userKey, masterPasswordHash: hash };
  } catch (error) {
    if (error instanceof UnsupportedEncryptionError) throw new UnsupportedAccountError('user key', { cause: error });
    throw error;
  } finally {
    masterKey?.fill(0);
    password.fill(0);
  }
}

async function unwrap(
  wrapped: EncStringText,
  masterKey: Uint8Array,
  privateKey: () => Promise<EncStringText | undefined>,
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
    decryptBytes(wrappedPrivateKey, userKey).fill(0);
    return userKey;
  } catch (error) {
    userKey.wipe();
    if (error instanceof MacMismatchError) throw new WrongMasterPasswordError('wrong master password');
    throw error;
  }
}
