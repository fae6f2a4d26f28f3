import { hash, hkdfSync } from 'node:crypto';
import { secretIn, wipe } from '../../base/secretBytes';
import { aes256Gcm, Aes256GcmKey } from './aead/aes256Gcm';
import type { SymmetricKey } from './keys';

/** Bytes of a salt. */
export const SALT_LENGTH = 32;

/**
 * A key for what is kept on this machine alone, where no other client reads it: HKDF with SHA-256 (RFC 5869).
 *
 * @param key stays the caller's to wipe.
 * @param salt 32 random bytes; each gives another key.
 * @param purpose what is sealed with it, in words; each gives another key.
 * @returns the caller's to wipe.
 */
export function deriveLocalKey(key: SymmetricKey, salt: Uint8Array, purpose: string): Aes256GcmKey {
  const derived = secretIn(hkdfSync('sha256', key.bytes, salt, `vaultside: ${purpose}`, aes256Gcm.keyLength));
  try {
    return new Aes256GcmKey(derived);
  } finally {
    wipe(derived);
  }
}

/** SHA-256 in base64. */
export function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64');
}
