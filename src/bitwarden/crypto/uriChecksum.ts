import { createHash } from 'node:crypto';

/**
 * What a cipher with a key of its own stores, encrypted, beside each URI: base64 of SHA-256 of the URI's UTF-8 text
 * (sdk:crates/bitwarden-vault/src/cipher/login.rs).
 */
export function uriChecksum(uri: string): string {
  return createHash('sha256').update(uri, 'utf8').digest('base64');
}
