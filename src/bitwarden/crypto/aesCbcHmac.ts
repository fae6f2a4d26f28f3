import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import { partOfSecret, type SecretBytes, wipe } from '../../base/secretBytes';
import { DecryptionError, MacMismatchError } from '../errors';
import { decryptAesCbc, decryptManyAesCbc, encryptAesCbc } from './aesCbc';
import type { AesCbcHmac } from './encString';

const HALF = 32;
const KEY_LENGTH = 2 * HALF;
const IV_LENGTH = 16;

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

  /** All 64 bytes: a view that wipe() clears. @throws Error once wiped. */
  get bytes(): SecretBytes {
    if (!this.#bytes) throw new Error('this key has been wiped');
    return this.#bytes;
  }

  /** 32 bytes: a view that wipe() clears. */
  get encryptionKey(): SecretBytes {
    return partOfSecret(this.bytes, 0, HALF);
  }

  /** 32 bytes: a view that wipe() clears. */
  get macKey(): SecretBytes {
    return partOfSecret(this.bytes, HALF);
  }

  /** The encryption key as node:crypto likes it best: five times faster per string than bytes. */
  get encryptionKeyObject(): KeyObject {
    return (this.#encryptionKeyObject ??= createSecretKey(this.encryptionKey));
  }

  get macKeyObject(): KeyObject {
    return (this.#macKeyObject ??= createSecretKey(this.macKey));
  }

  /** Clears the bytes; every later use throws. Node clears its own copies when they are garbage-collected. */
  wipe(): void {
    wipe(this.#bytes);
    this.#bytes = undefined;
    this.#encryptionKeyObject = undefined;
    this.#macKeyObject = undefined;
  }

  /** Keeps console and assertion messages from calling the getters. */
  [inspect.custom](): string {
    return 'AesCbcHmacKey';
  }
}

/**
 * Checks the MAC, in constant time and before anything is decrypted; then decrypts.
 *
 * @returns the plaintext, the caller's to wipe.
 * @throws MacMismatchError, DecryptionError.
 */
export function openAesCbcHmac(encrypted: AesCbcHmac, key: AesCbcHmacKey): SecretBytes {
  if (!isAuthentic(encrypted, key)) throw new MacMismatchError('MAC mismatch');
  return decryptAesCbc(key.encryptionKeyObject, encrypted.iv, encrypted.ciphertext);
}

/**
 * As {@link openAesCbcHmac}, for many short ones under the same key, in a fraction of the time.
 *
 * @returns by the same names, each the caller's to wipe; what openAesCbcHmac throws for is missing.
 */
export function openManyAesCbcHmac<Name>(
  encrypted: ReadonlyMap<Name, AesCbcHmac>,
  key: AesCbcHmacKey,
): Map<Name, SecretBytes> {
  const authentic = [...encrypted].filter(([, each]) => isAuthentic(each, key));
  const opened = new Map<Name, SecretBytes>();
  if (authentic.length === 0) return opened;
  const parts = authentic.map(([, each]) => each);
  for (const [at, plaintext] of decryptManyAesCbc(key.encryptionKeyObject, parts).entries()) {
    const [name] = authentic[at] ?? [];
    if (name !== undefined && plaintext !== undefined) opened.set(name, plaintext);
  }
  return opened;
}

/** The reverse of {@link openAesCbcHmac}, with a random IV. */
export function sealAesCbcHmac(plaintext: Uint8Array, key: AesCbcHmacKey): AesCbcHmac {
  const iv = randomBytes(IV_LENGTH);
  const ciphertext = encryptAesCbc(key.encryptionKeyObject, iv, plaintext);
  return { type: 2, iv, ciphertext, mac: macOf(iv, ciphertext, key) };
}

function isAuthentic({ iv, ciphertext, mac }: AesCbcHmac, key: AesCbcHmacKey): boolean {
  return timingSafeEqual(macOf(iv, ciphertext, key), mac);
}

/** HMAC-SHA256 over iv ‖ ciphertext, 32 bytes. */
function macOf(iv: Uint8Array, ciphertext: Uint8Array, key: AesCbcHmacKey): Uint8Array {
  return createHmac('sha256', key.macKeyObject).update(iv).update(ciphertext).digest();
}
