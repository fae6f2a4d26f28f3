import { decode } from 'cborg';
import type { CborValue } from '../../src/bitwarden/crypto/cose/cbor';

/** CBOR of any length, which decodeCbor refuses: whole messages, and keys of ML-DSA-44. */
export function decodeLong(bytes: Uint8Array): CborValue {
  return decode(bytes, { useMaps: true }) as CborValue;
}
