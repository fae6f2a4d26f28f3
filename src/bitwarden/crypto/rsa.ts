import { constants, createPrivateKey, privateDecrypt, type KeyObject } from 'node:crypto';
import { asBuffer, type SecretBytes, takeSecret } from '../../base/secretBytes';
import { DecryptionError, UnsupportedEncryptionError } from '../errors';
import { AesCbcHmacKey } from './aesCbcHmac';
import { type EncStringText, parseEncString } from './encString';
import { overwritingCopies } from './freedMemory';
import type { SymmetricKey } from './keys';

/** The account's RSA private key, held by node:crypto. */
export type PrivateKey = KeyObject;

/** The hash of OAEP for each type (sdk:crates/bitwarden-crypto/src/enc_string/asymmetric.rs). */
const OAEP_HASH = { 3: 'sha256', 4: 'sha1', 5: 'sha256', 6: 'sha1' } as const;

/** In bytes. A key of 16,384 bits, the longest that OpenSSL makes, takes some 9,200. */
const LONGEST_PKCS8 = 16 * 1024;

/**
 * Hands a private key over to node:crypto.
 *
 * @param pkcs8 DER of PKCS#8 (RFC 5208). Node keeps a copy of its own; the caller wipes these bytes.
 * @throws DecryptionError when they are no RSA private key, or more than 16 KiB.
 */
export function importPrivateKey(pkcs8: SecretBytes): PrivateKey {
  if (pkcs8.length > LONGEST_PKCS8) throw new DecryptionError('private key too long');
  const key = overwritingCopies(pkcs8, () => parsePkcs8(pkcs8));
  if (key?.asymmetricKeyType !== 'rsa') throw new DecryptionError('no RSA private key');
  return key;
}

function parsePkcs8(pkcs8: SecretBytes): KeyObject | undefined {
  try {
    return createPrivateKey({ key: asBuffer(pkcs8), format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

/**
 * Opens encrypted strings of types 3 to 6: RSA-OAEP (RFC 8017, section 7.1), for the hashes see OAEP_HASH. As in
 * official clients, the MAC of types 5 and 6 is not checked. It is exported for the tests, which open vectors that hold
 * no key.
 *
 * @returns the plaintext, the caller's to wipe.
 * @throws EncStringFormatError; UnsupportedEncryptionError for other types; DecryptionError for another key, and for
 * what was changed.
 */
export function decryptWithPrivateKey(text: EncStringText, key: PrivateKey): SecretBytes {
  const parsed = parseEncString(text);
  if (!('ciphertext' in parsed) || parsed.type === 0 || parsed.type === 2) {
    throw new UnsupportedEncryptionError(parsed.type);
  }
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return takeSecret(privateDecrypt({ key, padding, oaepHash: OAEP_HASH[parsed.type] }, parsed.ciphertext));
  } catch {
    throw new DecryptionError('RSA decryption failed');
  }
}

/**
 * Opens an organisation key: 64 bytes, encrypted to the account's public key (server:
 * src/Api/AdminConsole/Models/Response/BaseProfileOrganizationResponseModel.cs).
 *
 * @param text an encrypted string of type 4, seldom 3, 5 or 6.
 * @returns the caller's to wipe.
 * @throws as decryptWithPrivateKey; DecryptionError also for another length.
 */
export function unwrapOrganizationKey(text: EncStringText, key: PrivateKey): SymmetricKey {
  return AesCbcHmacKey.take(decryptWithPrivateKey(text, key));
}
