import { createHash } from 'node:crypto';

/**
 * The checksum that an item with a key of its own stores, encrypted, beside each address: base64 of the SHA-256 of the
 * address in UTF-8 (sdk:crates/bitwarden-vault/src/cipher/login.rs).
 *
 * @returns 44 characters.
 */
export function uriChecksum(uri: string): string {
  return createHash('sha256').update(uri, 'utf8').digest('base64');
}
