import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { concatPublic, publicBytesOf, publicZeros } from '../../../base/publicBytes';
import type { SecretBytes } from '../../../base/secretBytes';
import { MacMismatchError } from '../../errors';
import { decryptAesCbc, encryptAesCbc } from '../aesCbc';
import { type AeadAlgorithm, type AeadKey, checkNonce } from './aeadKey';

/** What openAes256CbcHmac does. The nonce is the IV of AES-CBC, and the tag is the MAC. */
export const aes256CbcHmac: AeadAlgorithm = { cose: -70011, keyLength: 64, nonceLength: 16, tagLength: 32 };

/**
 * Authenticated with every message. Without it, the MAC of an encrypted string of type 2 could pass for that of such a
 * message under the same key.
 */
const DOMAIN = publicBytesOf('bitwarden.aes256-cbc-hmac-sha256-aead.v1', 'utf8');

/** The halves of a key of 64 bytes: 32 to encrypt, 32 to authenticate. */
export interface CbcHmacKeys {
  readonly encryptionKeyObject: KeyObject;
  readonly macKeyObject: KeyObject;
}

/** Uses the halves of a key of 64 bytes. The key stays its owner's to wipe. */
export class Aes256CbcHmacAead implements AeadKey {
  readonly algorithm = aes256CbcHmac;

  constructor(private readonly keys: CbcHmacKeys) {}

  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): SecretBytes {
    return openAes256CbcHmac(this.keys, nonce, sealed, additionalData);
  }

  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
    return sealAes256CbcHmac(this.keys, nonce, plaintext, additionalData);
  }
}

/**
 * AES-256-CBC with PKCS#7 padding, and HMAC-SHA256 over ciphertext and additional data. This is how a key of 64 bytes
 * is used in COSE messages
 * (sdk:crates/bitwarden-crypto/src/hazmat/symmetric_encryption/aes256_cbc_hmac_sha256_aead.rs).
 *
 * @param nonce 16 bytes.
 * @param sealed ciphertext of one block of 16 bytes or more ‖ MAC of 32 bytes.
 * @returns the plaintext, the caller's to wipe.
 * @throws MacMismatchError before anything is decrypted; DecryptionError for bad padding; RangeError for a nonce of
 * another length.
 */
function openAes256CbcHmac(
  keys: CbcHmacKeys,
  nonce: Uint8Array,
  sealed: Uint8Array,
  additionalData: Uint8Array,
): SecretBytes {
  checkNonce(nonce, aes256CbcHmac);
  const end = sealed.length - aes256CbcHmac.tagLength;
  if (end <= 0 || end % aes256CbcHmac.nonceLength !== 0) throw new MacMismatchError('no whole blocks and a MAC');
  const ciphertext = sealed.subarray(0, end);
  const mac = macOf(keys.macKeyObject, nonce, ciphertext, additionalData);
  if (!timingSafeEqual(mac, sealed.subarray(end))) throw new MacMismatchError('MAC mismatch');
  return decryptAesCbc(keys.encryptionKeyObject, nonce, ciphertext);
}

/**
 * The reverse of {@link openAes256CbcHmac}.
 *
 * @param nonce 16 bytes, random.
 * @returns ciphertext ‖ MAC of 32 bytes.
 * @throws RangeError for a nonce of another length.
 */
function sealAes256CbcHmac(
  keys: CbcHmacKeys,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array {
  checkNonce(nonce, aes256CbcHmac);
  const ciphertext = encryptAesCbc(keys.encryptionKeyObject, nonce, plaintext);
  return concatPublic(ciphertext, macOf(keys.macKeyObject, nonce, ciphertext, additionalData));
}

/**
 * HMAC-SHA256, 32 bytes, over domain ‖ IV ‖ length of ciphertext ‖ ciphertext ‖ length of additional data ‖ additional
 * data.
 */
function macOf(key: KeyObject, iv: Uint8Array, ciphertext: Uint8Array, additionalData: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(DOMAIN)
    .update(iv)
    .update(lengthOf(ciphertext))
    .update(ciphertext)
    .update(lengthOf(additionalData))
    .update(additionalData)
    .digest();
}

/** The length in bytes, as a number of 8 bytes, big-endian. */
function lengthOf(bytes: Uint8Array): Buffer {
  const length = publicZeros(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  return length;
}
