import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import { publicZeros } from '../../base/publicBytes';
import { partOfSecret, type SecretBytes, wipe } from '../../base/secretBytes';
import { DecryptionError, MacMismatchError } from '../errors';
import { decryptAesCbc, decryptManyAesCbc, encryptAesCbc } from './aesCbc';
import { type AesCbcHmac, type EncStringText, writeAesCbcHmac } from './encString';

const HALF = 32;
const KEY_LENGTH = 2 * HALF;
const IV_LENGTH = 16;
const MAC_LENGTH = 32;

/**
 * The classic kind of key: 32 bytes to encrypt by AES-256-CBC, then 32 bytes to MAC by HMAC-SHA256
 * (sdk:crates/bitwarden-crypto/src/keys/symmetric_crypto_key.rs). Stretched master keys and organisation keys are of this
 * kind, and so are user keys and keys of items but for those of the newest accounts.
 */
export class AesCbcHmacKey {
  readonly kind = 'aesCbcHmac';
  #bytes: SecretBytes | undefined;
  #encryptionKeyObject: KeyObject | undefined;
  #macKeyObject: KeyObject | undefined;

  private constructor(bytes: SecretBytes) {
    this.#bytes = bytes;
  }

  /**
   * @param bytes 64 bytes, taken over; wiped when they are no key.
   * @throws DecryptionError for any other length.
   */
  static take(bytes: SecretBytes): AesCbcHmacKey {
    if (bytes.length === KEY_LENGTH) return new AesCbcHmacKey(bytes);
    wipe(bytes);
    throw new DecryptionError(`key of ${bytes.length} bytes`);
  }

  /**
   * All 64 bytes: a view that wipe() clears.
   *
   * @throws Error once wiped.
   */
  get bytes(): SecretBytes {
    if (!this.#bytes) throw new Error('this key has been wiped');
    return this.#bytes;
  }

  /** 32 bytes: a view that wipe() clears. @throws as bytes. */
  get encryptionKey(): SecretBytes {
    return partOfSecret(this.bytes, 0, HALF);
  }

  /** 32 bytes: a view that wipe() clears. @throws as bytes. */
  get macKey(): SecretBytes {
    return partOfSecret(this.bytes, HALF);
  }

  /** The encryption key in the form that node:crypto uses five times faster than bytes. @throws as bytes. */
  get encryptionKeyObject(): KeyObject {
    return (this.#encryptionKeyObject ??= createSecretKey(this.encryptionKey));
  }

  /** The MAC key in the same form. @throws as bytes. */
  get macKeyObject(): KeyObject {
    return (this.#macKeyObject ??= createSecretKey(this.macKey));
  }

  /** Clears the bytes. Every later use throws an Error. Node clears its own copies when they are garbage-collected. */
  wipe(): void {
    wipe(this.#bytes);
    this.#bytes = undefined;
    this.#encryptionKeyObject = undefined;
    this.#macKeyObject = undefined;
  }

  /** Shown by console and in messages of assertions, which would otherwise call the getters and print the key. */
  [inspect.custom](): string {
    return 'AesCbcHmacKey';
  }
}

/**
 * Checks the MAC in constant time, and decrypts only what it fits
 * (sdk:crates/bitwarden-crypto/src/hazmat/symmetric_encryption/aes256_cbc_hmac_sha256_ae.rs).
 *
 * @param encrypted an IV of 16 bytes, a ciphertext of a multiple of 16 bytes, a MAC of 32 bytes.
 * @returns the plaintext, the caller's to wipe.
 * @throws MacMismatchError before anything is decrypted; DecryptionError for bad padding; Error once the key is wiped.
 */
export function openAesCbcHmac(encrypted: AesCbcHmac, key: AesCbcHmacKey): SecretBytes {
  const { iv, ciphertext, mac } = encrypted;
  if (!timingSafeEqual(macOf(key, iv, ciphertext), mac)) throw new MacMismatchError('MAC mismatch');
  return decryptAesCbc(key.encryptionKeyObject, iv, ciphertext);
}

/**
 * As {@link openAesCbcHmac}, for many short ones under the same key, in a fraction of the time.
 *
 * @param texts encrypted strings of type 2.
 * @returns by the encrypted string, each the caller's to wipe; what parseEncString or openAesCbcHmac throws for is
 * missing, and so are strings of other types.
 * @throws Error once the key is wiped.
 */
export function openManyAesCbcHmac(
  texts: Iterable<EncStringText>,
  key: AesCbcHmacKey,
): Map<EncStringText, SecretBytes> {
  const all = [...texts];
  const bytes = publicZeros(all.reduce((length, text) => length + text.length, 0));
  const authentic: { text: EncStringText; start: number; end: number }[] = [];
  let next = 0;
  for (const text of all) {
    const macAt = writeAesCbcHmac(text, bytes, next);
    if (macAt === undefined) continue;
    const mac = bytes.subarray(macAt, macAt + MAC_LENGTH);
    // Not authentic, so the next string is written over it.
    if (!timingSafeEqual(macOf(key, bytes.subarray(next, macAt)), mac)) continue;
    authentic.push({ text, start: next + IV_LENGTH, end: macAt });
    next = macAt + MAC_LENGTH;
  }
  const opened = new Map<EncStringText, SecretBytes>();
  if (authentic.length === 0) return opened;
  const plaintexts = decryptManyAesCbc(key.encryptionKeyObject, bytes.subarray(0, next), authentic);
  for (const [at, { text }] of authentic.entries()) {
    const plaintext = plaintexts[at];
    if (plaintext !== undefined) opened.set(text, plaintext);
  }
  return opened;
}

/**
 * The reverse of {@link openAesCbcHmac}.
 *
 * @param plaintext of any length; stays the caller's to wipe.
 * @returns a random IV of 16 bytes, a ciphertext of a multiple of 16 bytes, at least one block, and a MAC of 32 bytes.
 * @throws Error once the key is wiped.
 */
export function sealAesCbcHmac(plaintext: Uint8Array, key: AesCbcHmacKey): AesCbcHmac {
  const iv = randomBytes(IV_LENGTH);
  const ciphertext = encryptAesCbc(key.encryptionKeyObject, iv, plaintext);
  return { type: 2, iv, ciphertext, mac: macOf(key, iv, ciphertext) };
}

/** HMAC-SHA256 over iv ‖ ciphertext, in one piece or two; 32 bytes. */
function macOf(key: AesCbcHmacKey, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key.macKeyObject);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
