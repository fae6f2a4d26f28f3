import { createHash } from 'node:crypto';
import { publicBytes } from '../../../base/publicBytes';

/** The CBOR of {1: 4 (Symmetric), -1: bytes} up to the length of the bytes. */
const HEAD = publicBytes(0xa2, 0x01, 0x04, 0x20, 0x58);

/**
 * COSE key thumbprint (RFC 9679) of a symmetric key: SHA-256 over its type and bytes in deterministic CBOR. The first 16
 * bytes are the id of a key that has none of its own.
 *
 * @param key 32 or 64 bytes; no copy of it is made.
 * @returns 32 bytes, not secret.
 */
export function thumbprint(key: Uint8Array): Buffer {
  return createHash('sha256').update(HEAD).update(publicBytes(key.length)).update(key).digest();
}
