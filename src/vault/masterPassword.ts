import { base64OfSecret, type SecretBytes, wipe } from '../base/secretBytes';
import type { MasterPasswordUnlock } from '../bitwarden/api/model';
import { CancelledError, DecryptionError, MacMismatchError, UnsupportedEncryptionError } from '../bitwarden/errors';
import { type EncStringText, parseEncString } from '../bitwarden/crypto/encString';
import { deriveMasterKey, derivePasswordHash } from '../bitwarden/crypto/kdf';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { unwrapUserKey } from '../bitwarden/crypto/masterKey';
import { openBytes } from '../bitwarden/crypto/open';
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
 * @throws WrongMasterPasswordError; UnsupportedAccountError for a user key of an algorithm, or wrapped in a way, that
 * Vaultside does not know; KdfOutOfBoundsError, CancelledError and EncStringFormatError from the crypto.
 */
export async function openUserKey(
  unlock: MasterPasswordUnlock,
  password: SecretBytes,
  privateKey: () => Promise<EncStringText | undefined>,
  signal?: AbortSignal,
): Promise<OpenedUserKey> {
  let masterKey: SecretBytes | undefined;
  let hash: SecretBytes | undefined;
  try {
    if (password.length === 0) throw new WrongMasterPasswordError('empty');
    masterKey = await deriveMasterKey(password, unlock.salt, unlock.kdf, signal);
    const userKey = await unwrap(unlock.masterKeyEncryptedUserKey, masterKey, privateKey);
    hash = await derivePasswordHash(masterKey, password);
    if (signal?.aborted) {
      userKey.wipe();
      throw new CancelledError('cancelled');
    }
    return { userKey, masterPasswordHash: base64OfSecret(hash) };
  } catch (error) {
    if (error instanceof UnsupportedEncryptionError) throw new UnsupportedAccountError('user key', { cause: error });
    throw error;
  } finally {
    wipe(masterKey);
    wipe(hash);
    wipe(password);
  }
}

async function unwrap(
  wrapped: EncStringText,
  masterKey: SecretBytes,
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
    wipe(openBytes(wrappedPrivateKey, userKey, 'privateKey'));
    return userKey;
  } catch (error) {
    userKey.wipe();
    if (error instanceof MacMismatchError) throw new WrongMasterPasswordError('wrong master password');
    throw error;
  }
}
