import { createHmac, hash } from 'node:crypto';
import { takeSecret, wipe } from '../../base/secretBytes';
import { Aes256GcmKey } from './aead/aes256Gcm';
import { expand } from './hkdf';
import type { SymmetricKey } from './keys';

/** Bytes of a salt. */
export const SALT_LENGTH = 32;

/**
 * A key for what is kept on this machine alone, where no other client reads it: HKDF with SHA-256 (RFC 5869), of which one
 * round of Expand gives the 32 bytes. Not by `hkdfSync`: that copies the key into an object of its own, which stays until
 * the garbage collector finds it.
 *
 * @param key stays the caller's to wipe.
 * @param salt 32 random bytes; each gives another key.
 * @param purpose what is sealed with it, in words; each gives another key.
 * @returns a key of 32 bytes, the caller's to wipe.
 * @throws Error once `key` is wiped.
 */
export function deriveLocalKey(key: SymmetricKey, salt: Uint8Array, purpose: string): Aes256GcmKey {
  const extracted = takeSecret(createHmac('sha256', salt).update(key.bytes).digest());
  const expanded = expand(extracted, `vaultside: ${purpose}`);
  try {
    return new Aes256GcmKey(expanded);
  } finally {
    wipe(extracted);
    wipe(expanded);
  }
}

/**
 * Names something on this machine without telling what it is: without the key nobody can try guesses. HMAC with SHA-256
 * under a key that HKDF's Extract makes, with the purpose as salt.
 *
 * @param key stays the caller's to wipe.
 * @param purpose what is named, in words; each gives other digests.
 * @returns base64, 44 characters, the same each time.
 * @throws Error once `key` is wiped.
 */
export function localDigest(key: SymmetricKey, purpose: string, text: string): string {
  const extracted = takeSecret(createHmac('sha256', `vaultside: ${purpose}`).update(key.bytes).digest());
  try {
    return createHmac('sha256', extracted).update(text).digest('base64');
  } finally {
    wipe(extracted);
  }
}

/** SHA-256 in base64: 44 characters. */
export function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64');
}
