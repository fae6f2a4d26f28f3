import { createCipheriv, createHmac, randomBytes, type KeyObject } from 'node:crypto';
import type { EncStringText } from '../../src/bitwarden/crypto/encString';
import { SymmetricKey } from '../../src/bitwarden/crypto/keys';

/** The half of the crypto that an extension which only reads has no use for; the official SDK judges it, too. */

/** 64 random bytes. */
export function generateSymmetricKey(): SymmetricKey {
  return SymmetricKey.fromBytes(randomBytes(64));
}

/** AES-256-CBC with PKCS#7 padding. */
export function encryptAesCbc(key: KeyObject, iv: Uint8Array, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

/** An encrypted string of type 2 with a random IV. */
export function encryptBytes(plaintext: Uint8Array, key: SymmetricKey): EncStringText {
  const iv = randomBytes(16);
  const ciphertext = encryptAesCbc(key.encryptionKeyObject, iv, plaintext);
  const mac = createHmac('sha256', key.macKeyObject).update(iv).update(ciphertext).digest();
  return `2.${iv.toString('base64')}|${ciphertext.toString('base64')}|${mac.toString('base64')}`;
}

/** As encryptBytes, for text as UTF-8. */
export function encryptText(plaintext: string, key: SymmetricKey): EncStringText {
  return encryptBytes(Buffer.from(plaintext, 'utf8'), key);
}

/** A key under another one, as an encrypted string of type 2. */
export function wrapSymmetricKey(key: SymmetricKey, wrappingKey: SymmetricKey): EncStringText {
  return encryptBytes(key.bytes, wrappingKey);
}
