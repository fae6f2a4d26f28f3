import { createCipheriv, createDecipheriv, type Decipher, type KeyObject } from 'node:crypto';
import { concatPublic, publicZeros } from '../../base/publicBytes';
import { partOfSecret, type SecretBytes, wipe } from '../../base/secretBytes';
import { DecryptionError } from '../errors';
import { updateBlocks, WHOLE_PIECES } from './freedMemory';

const ALGORITHM = 'aes-256-cbc';
const BLOCK = 16;

/**
 * AES-256-CBC (NIST SP 800-38A, section 6.2) with PKCS#7 padding (RFC 5652, section 6.3). Takes the padding off itself,
 * so that the plaintext is in one place, which the caller can wipe.
 *
 * @param key 32 bytes.
 * @param iv 16 bytes.
 * @param ciphertext a multiple of 16 bytes, at least one block.
 * @returns the plaintext, the caller's to wipe.
 * @throws DecryptionError on bad padding.
 */
export function decryptAesCbc(key: KeyObject, iv: Uint8Array, ciphertext: Uint8Array): SecretBytes {
  return checkPadding(decryptBlocks(key, iv, ciphertext));
}

/** @throws DecryptionError */
function checkPadding(padded: SecretBytes): SecretBytes {
  const plaintext = withoutPadding(padded);
  if (plaintext === undefined) throw new DecryptionError('bad padding');
  return plaintext;
}

/**
 * As {@link decryptAesCbc}, for many short ciphertexts under the same key. Making a decipher takes many times as long
 * as decrypting one of them, so one decipher gets them all in a row. In this mode a block is decrypted with the key and
 * the block before it alone. So if the IV of a ciphertext comes before it in the row, its plaintext comes out right.
 *
 * @param key 32 bytes.
 * @param blocks among other things the IV of each, of 16 bytes, and right behind it its ciphertext; all of it is a
 * multiple of 16 bytes.
 * @param places where in the blocks each ciphertext is: a multiple of 16 bytes, at least one block.
 * @returns in the order of the places, each the caller's to wipe; undefined where the padding is bad.
 */
export function decryptManyAesCbc(
  key: KeyObject,
  blocks: Uint8Array,
  places: readonly { readonly start: number; readonly end: number }[],
): (SecretBytes | undefined)[] {
  const padded = decryptBlocks(key, NO_IV, blocks);
  return places.map(({ start, end }) => withoutPadding(partOfSecret(padded, start, end)));
}

/** What AesCbcDecryption takes at a time, but for the last part: some 60 kB, which are decrypted in less than a millisecond. */
export const AT_ONCE = 64 * WHOLE_PIECES;

/** As {@link decryptAesCbc}, for a ciphertext that comes part by part. */
export class AesCbcDecryption {
  readonly #decipher: Decipher;

  constructor(key: KeyObject, iv: Uint8Array) {
    this.#decipher = createDecipheriv(ALGORITHM, key, iv).setAutoPadding(false);
  }

  /**
   * @param ciphertext AT_ONCE bytes.
   * @returns as many bytes, the caller's to wipe.
   */
  next(ciphertext: Uint8Array): SecretBytes {
    return updateBlocks(this.#decipher, ciphertext);
  }

  /**
   * @param ciphertext a multiple of 16 bytes, at least one block.
   * @returns the rest without the padding, the caller's to wipe.
   * @throws DecryptionError on bad padding.
   */
  last(ciphertext: Uint8Array): SecretBytes {
    return checkPadding(this.next(ciphertext));
  }
}

/** The IV of the row. It only matters for the first block, which is itself an IV and whose plaintext is not used. */
const NO_IV = publicZeros(BLOCK);

function decryptBlocks(key: KeyObject, iv: Uint8Array, blocks: Uint8Array): SecretBytes {
  return updateBlocks(createDecipheriv(ALGORITHM, key, iv).setAutoPadding(false), blocks);
}

/** The bytes without the padding, as a view. Undefined for bad padding; then all of them are wiped. */
function withoutPadding(padded: SecretBytes): SecretBytes | undefined {
  const padding = padded[padded.length - 1] ?? 0;
  const length = padded.length - padding;
  let good = padding >= 1 && padding <= BLOCK;
  for (let i = Math.max(length, 0); i < padded.length; i++) good &&= padded[i] === padding;
  if (good) return partOfSecret(padded, 0, length);
  wipe(padded);
  return undefined;
}

/**
 * The reverse of {@link decryptAesCbc}.
 *
 * @param key 32 bytes.
 * @param iv 16 bytes that nobody can predict.
 * @param plaintext of any length; stays the caller's to wipe.
 * @returns the ciphertext, a multiple of 16 bytes and at least one block.
 */
export function encryptAesCbc(key: KeyObject, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv(ALGORITHM, key, iv);
  return concatPublic(cipher.update(plaintext), cipher.final());
}
