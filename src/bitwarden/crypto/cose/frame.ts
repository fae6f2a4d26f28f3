import { CoseFormatError } from '../../errors';
import { asMap, type CborValue, decodeCbor, LONGEST_DECODED } from './cbor';
import { CborReader } from './cborReader';
import { HEADER } from './labels';

type Header = ReadonlyMap<CborValue, CborValue>;

/** Payload or ciphertext, then the signature of a message that is signed. */
type Strings = { 1: readonly [Uint8Array]; 2: readonly [Uint8Array, Uint8Array] };

/** What COSE messages have in common (RFC 9052, section 2). Nothing of it is to be trusted. */
export interface Frame<Count extends keyof Strings> {
  /** As received: the exact bytes are authenticated. */
  readonly protectedBytes: Uint8Array;
  /** The same, decoded: header parameters by their labels. */
  readonly header: Header;
  readonly unprotected: Header;
  /** Views of the message. */
  readonly strings: Strings[Count];
}

/**
 * Takes a COSE message apart. It may be of any size and hold anything, so that nothing is built of it but the headers,
 * which are short.
 *
 * @param message untagged CBOR.
 * @param count of the byte strings that follow the two headers.
 * @throws CoseFormatError
 */
export function readFrame<Count extends keyof Strings>(message: Uint8Array, count: Count): Frame<Count> {
  const cbor = new CborReader(message);
  if (cbor.array() !== 2 + count) throw new CoseFormatError(`array of ${2 + count} expected`);
  const protectedBytes = cbor.byteString();
  const unprotected = asMap(decodeCbor(cbor.item(LONGEST_DECODED)));
  const strings = Array.from({ length: count }, () => cbor.byteString()) as readonly Uint8Array[] as Strings[Count];
  cbor.end();
  const header = asMap(decodeCbor(protectedBytes));
  // A message may name header parameters that have to be understood. None are in use, so we understand none.
  if (header.has(HEADER.critical)) throw new CoseFormatError('critical header');
  return { protectedBytes, header, unprotected, strings };
}
