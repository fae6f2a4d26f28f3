import { decode, encode } from 'cborg';
import { CoseFormatError } from '../../errors';

/**
 * CBOR (RFC 8949) for what is neither secret nor large: the headers of COSE messages, and what is signed. The library
 * makes copies of what it reads, and objects, so keys and contents of items are read by CborReader instead.
 */

/** What a decoded value may be; maps have integers or texts for keys. */
export type CborValue =
  number | bigint | string | boolean | null | Uint8Array | readonly CborValue[] | ReadonlyMap<CborValue, CborValue>;

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  useMaps: true,
  rejectDuplicateMapKeys: true,
} as const;

/**
 * Bytes that are decoded at the most: twice as many as a signed public key of RSA-4096 has, and headers are shorter. Each
 * byte may be a map, which takes a hundred times as much memory.
 */
export const LONGEST_DECODED = 1_024;

/**
 * Decodes one value.
 *
 * @throws CoseFormatError for what is longer than LONGEST_DECODED, malformed, cut off or longer than one value, and for
 * forms that no official client writes: indefinite lengths, tags, numbers in more bytes than they need, a key that comes
 * twice.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  if (bytes.length > LONGEST_DECODED) throw new CoseFormatError('too long');
  try {
    return decode(bytes, STRICT) as CborValue;
  } catch {
    // Without the cause: its message quotes the input.
    throw new CoseFormatError('CBOR');
  }
}

/**
 * The reverse of {@link decodeCbor}: definite lengths, each number in as few bytes as it needs, and no tags.
 *
 * @param value not secret: the library makes copies.
 * @throws Error for a bigint that takes more than 64 bits.
 */
export function encodeCbor(value: CborValue): Uint8Array {
  return encode(value);
}

/** The value, which has to be a map. @throws CoseFormatError when it is missing or something else. */
export function asMap(value: CborValue | undefined): ReadonlyMap<CborValue, CborValue> {
  if (!(value instanceof Map)) throw new CoseFormatError('map expected');
  return value as ReadonlyMap<CborValue, CborValue>;
}

/** The value, which has to be a byte string. @throws CoseFormatError when it is missing or something else. */
export function asBytes(value: CborValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new CoseFormatError('bytes expected');
  return value;
}
