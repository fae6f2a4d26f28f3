import { decode, encode } from 'cborg';
import { CoseFormatError } from '../../errors';

/**
 * CBOR (RFC 8949) for what is not secret: the frames of COSE messages, and what is signed. The library makes copies of
 * what it reads, so keys and contents of items are read by SecretCbor instead.
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
 * @throws CoseFormatError for what is malformed, cut off or longer than one value, and for forms that no official
 * client writes: indefinite lengths, tags, numbers in more bytes than they need, a key that comes twice.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  try {
    return decode(bytes, STRICT) as CborValue;
  } catch {
    // Without the cause: its message quotes the input.
    throw new CoseFormatError('CBOR');
  }
}

export function encodeCbor(value: CborValue): Uint8Array {
  return encode(value);
}

/** @throws CoseFormatError */
export function asMap(value: CborValue | undefined): ReadonlyMap<CborValue, CborValue> {
  if (!(value instanceof Map)) throw new CoseFormatError('map expected');
  return value as ReadonlyMap<CborValue, CborValue>;
}

/** @throws CoseFormatError */
export function asBytes(value: CborValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new CoseFormatError('bytes expected');
  return value;
}

/** @throws CoseFormatError for any other number of elements, too. */
export function asArray(value: CborValue, length: number): readonly CborValue[] {
  if (!Array.isArray(value) || value.length !== length) throw new CoseFormatError(`array of ${length} expected`);
  return value as readonly CborValue[];
}
