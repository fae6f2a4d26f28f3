import { createSecretKey } from 'node:crypto';
import { concatSecrets, type SecretBytes, wipe } from '../../base/secretBytes';
import { UnsupportedEncryptionError } from '../errors';
import { decryptAesCbc } from './aesCbc';
import { AesCbcHmacKey } from './aesCbcHmac';
import { type EncStringText, parseEncString } from './encString';
import { expand } from './hkdf';
import type { SymmetricKey } from './keys';
import { unwrapSymmetricKey } from './keyWrapping';

/** Bytes of a master key. */
const LENGTH = 32;
/** Bytes of a user key of 64 bytes and its padding. */
const WRAPPED_LENGTH = 80;

/**
 * Stretches the master key to 64 bytes: HKDF-Expand with SHA-256 (RFC 5869, section 2.3), without Extract, once with
 * the info "enc" and once with "mac" (sdk:crates/bitwarden-crypto/src/keys/utils.rs).
 *
 * @param masterKey 32 bytes; stays the caller's to wipe.
 * @returns the caller's to wipe.
 * @throws RangeError for a master key of another length.
 */
export function stretchMasterKey(masterKey: SecretBytes): AesCbcHmacKey {
  checkLength(masterKey);
  const encryptionKey = expand(masterKey, 'enc');
  const macKey = expand(masterKey, 'mac');
  const stretched = AesCbcHmacKey.take(concatSecrets(encryptionKey, macKey));
  wipe(encryptionKey);
  wipe(macKey);
  return stretched;
}

/**
 * Opens the user key under the master key (sdk:crates/bitwarden-crypto/src/keys/master_key.rs).
 *
 * Type 2: the MAC proves the master password. Type 0 (very old accounts): there is no MAC. A key of 64 bytes leaves a
 * whole block of padding, which no wrong password gives (one in 2^128 would); but the key itself may have been changed,
 * so the caller must open the account's private key with it (type 2, with a MAC) before believing it.
 *
 * @param masterKey 32 bytes; stays the caller's to wipe.
 * @returns the caller's to wipe.
 * @throws MacMismatchError for a wrong master password (type 2); DecryptionError for a wrong master password (type 0)
 * or a key of a length that does not exist (type 2); UnsupportedEncryptionError for other types, 0 also for a key of
 * another length, and 7 for a COSE key of an algorithm that we do not know; CoseFormatError for a broken one; EncStringFormatError; RangeError for a master key of
 * another length.
 */
export function unwrapUserKey(wrapped: EncStringText, masterKey: SecretBytes): SymmetricKey {
  checkLength(masterKey);
  const parsed = parseEncString(wrapped);
  if (parsed.type === 0) {
    // The first accounts had keys of 32 bytes. Their blocks are too few for one of 64, whatever the password is.
    if (parsed.ciphertext.length !== WRAPPED_LENGTH) throw new UnsupportedEncryptionError(0);
    return AesCbcHmacKey.take(decryptAesCbc(createSecretKey(masterKey), parsed.iv, parsed.ciphertext));
  }
  if (parsed.type !== 2) throw new UnsupportedEncryptionError(parsed.type);
  const stretched = stretchMasterKey(masterKey);
  try {
    return unwrapSymmetricKey(wrapped, stretched);
  } finally {
    stretched.wipe();
  }
}

function checkLength(masterKey: SecretBytes): void {
  if (masterKey.length !== LENGTH) throw new RangeError(`master key of ${masterKey.length} bytes`);
}
