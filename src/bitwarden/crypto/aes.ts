import { createDecipheriv, type KeyObject } from 'node:crypto';
import { DecryptionError } from '../errors';

const ALGORITHM = 'aes-256-cbc';
const BLOCK = 16;

/**
 * AES-256-CBC with PKCS#7 padding (RFC 5652, section 6.3). Takes the padding off itself, so that the plaintext is in
 * one buffer of its own, which the caller can wipe.
 *
 * @param ciphertext a multiple of 16 bytes, at least one block.
 * @throws DecryptionError on bad padding.
 */
export function decryptAesCbc(key: KeyObject, iv: Uint8Array, ciphertext: Uint8Array): Buffer {
  const padded = createDecipheriv(ALGORITHM, key, iv).setAutoPadding(false).update(ciphertext);
  const padding = padded[padded.length - 1] ?? 0;
  const length = padded.length - padding;
  let good = padding >= 1 && padding <= BLOCK;
  for (let i = Math.max(length, 0); i < padded.length; i++) good &&= padded[i] === padding;
  if (good) return padded.subarray(0, length);
  padded.fill(0);
  throw new DecryptionError('bad padding');
}
