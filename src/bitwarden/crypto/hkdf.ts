import { createHmac } from 'node:crypto';
import { type SecretBytes, takeSecret } from '../../base/secretBytes';

/**
 * HKDF-Expand with SHA-256 (RFC 5869, section 2.3) to 32 bytes, for which one round is enough.
 *
 * @param key 32 bytes; stays the caller's to wipe.
 * @returns 32 bytes, the caller's to wipe.
 */
export function expand(key: SecretBytes, info: string): SecretBytes {
  return takeSecret(createHmac('sha256', key).update(`${info}\x01`).digest());
}
