import {
  type CipherKey,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { concatPublic, publicBytes } from '../../../base/publicBytes';
import { type SecretBytes, wipe } from '../../../base/secretBytes';
import { MacMismatchError } from '../../errors';
import { updateStream } from '../freedMemory';
import { type AeadAlgorithm, checkKey, checkNonce, type OwnedAeadKey } from './aeadKey';

const CIPHER = 'aes-256-gcm';

/** GCM encrypts in CTR mode; the tag has the counter before this one (NIST SP 800-38D, section 7.1). */
const KEYSTREAM = 'aes-256-ctr';
const FIRST_COUNTER = publicBytes(0, 0, 0, 2);

/** A256GCM of RFC 9053, section 4.1. */
export const aes256Gcm: AeadAlgorithm = { cose: 3, keyLength: 32, nonceLength: 12, tagLength: 16 };

/** A key for AES-256-GCM (NIST SP 800-38D). */
export class Aes256GcmKey implements OwnedAeadKey {
  readonly algorithm = aes256Gcm;
  #key: KeyObject | undefined;

  /**
   * @param key 32 bytes. node:crypto keeps a copy of its own; the caller wipes these.
   * @throws RangeError for another length.
   */
  constructor(key: Uint8Array) {
    checkKey(key, aes256Gcm);
    this.#key = createSecretKey(key);
  }

  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): SecretBytes {
    return openAes256Gcm(this.#openKey(), nonce, sealed, additionalData);
  }

  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
    return sealAes256Gcm(this.#openKey(), nonce, plaintext, additionalData);
  }

  wipe(): void {
    this.#key = undefined;
  }

  #openKey(): KeyObject {
    if (!this.#key) throw new Error('this key has been wiped');
    return this.#key;
  }
}

/**
 * AES-256-GCM (NIST SP 800-38D).
 *
 * @param key 32 bytes.
 * @param nonce 12 bytes.
 * @param sealed ciphertext ‖ tag of 16 bytes.
 * @returns the plaintext, the caller's to wipe.
 * @throws MacMismatchError when the tag does not fit; what was decrypted by then is wiped. RangeError for a nonce of
 * another length.
 */
export function openAes256Gcm(
  key: CipherKey,
  nonce: Uint8Array,
  sealed: Uint8Array,
  additionalData: Uint8Array,
): SecretBytes {
  checkNonce(nonce, aes256Gcm);
  const { tagLength } = aes256Gcm;
  const end = sealed.length - tagLength;
  if (end < 0) throw new MacMismatchError('too short for a tag');
  // Not by a decipher for GCM, which takes no more bytes than there are, as updateStream has to give it. Sealing the
  // plaintext again makes the same ciphertext in any case, and the same tag only if it is authentic.
  const firstCounter = concatPublic(nonce, FIRST_COUNTER);
  const plaintext = updateStream(createDecipheriv(KEYSTREAM, key, firstCounter), sealed.subarray(0, end));
  if (timingSafeEqual(sealAes256Gcm(key, nonce, plaintext, additionalData), sealed)) return plaintext;
  wipe(plaintext);
  throw new MacMismatchError('tag mismatch');
}

/**
 * The reverse of {@link openAes256Gcm}.
 *
 * @param key 32 bytes.
 * @param nonce 12 bytes, never used with this key before.
 * @param plaintext stays the caller's to wipe.
 * @returns ciphertext ‖ tag of 16 bytes.
 * @throws RangeError for a nonce of another length.
 */
export function sealAes256Gcm(
  key: CipherKey,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array {
  checkNonce(nonce, aes256Gcm);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: aes256Gcm.tagLength });
  cipher.setAAD(additionalData);
  return concatPublic(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}
