import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { partOfSecret, type SecretBytes, takeSecret, wipe } from '../../base/secretBytes';
import { DecryptionError } from '../errors';
import { overwriteFreed } from './freedMemory';

const ALGORITHM = 'aes-256-cbc';
const BLOCK = 16;

/**
 * AES-256-CBC with PKCS#7 padding (RFC 5652, section 6.3). Takes the padding off itself, so that the plaintext is in one
 * place, which the caller can wipe.
 *
 * @param key 32 bytes.
 * @param iv 16 bytes.
 * @param ciphertext a multiple of 16 bytes, at least one block.
 * @returns the plaintext, the caller's to wipe.
 * @throws DecryptionError on bad padding.
 */
export function decryptAesCbc(key: KeyObject, iv: Uint8Array, ciphertext: Uint8Array): SecretBytes {
  const padded = takeSecret(createDecipheriv(ALGORITHM, key, iv).setAutoPadding(false).update(ciphertext));
  overwriteFreed(ciphertext.length + BLOCK);
  const padding = padded[padded.length - 1] ?? 0;
  const length = padded.length - padding;
  let good = padding >= 1 && padding <= BLOCK;
  for (let i = Math.max(length, 0); i < padded.length; i++) good &&= padded[i] === padding;
  if (good) return partOfSecret(padded, 0, length);
  wipe(padded);
  throw new DecryptionError('bad padding');
}

/**
 * The reverse of {@link decryptAesCbc}.
 *
 * @param iv 16 bytes that nobody can foretell.
 * @returns a multiple of 16 bytes, at least one block.
 */
export function encryptAesCbc(key: KeyObject, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv(ALGORITHM, key, iv);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}
