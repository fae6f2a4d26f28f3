import { NO_BYTES } from '../../../base/publicBytes';
import { asBuffer } from '../../../base/secretBytes';
import { CoseFormatError, SignatureError, WrongKeyError } from '../../errors';
import { asBytes, type CborValue, decodeCbor, encodeCbor } from './cbor';
import { readFrame } from './frame';
import { HEADER } from './labels';
import type { VerifyingKey } from './verifyingKey';

/** A header parameter of Bitwarden's own. */
const NAMESPACE = -80000;
/** The content type of CBOR (RFC 7252, section 12.3, registered by RFC 8949). */
const CBOR = 60;

/**
 * What a signature is for. It is signed, too, so that no signature can be taken for one of another purpose
 * (sdk:crates/bitwarden-crypto/src/signing/namespace.rs).
 */
export const SIGNED_PUBLIC_KEY = 1;
export const SECURITY_STATE = 2;

/**
 * Verifies a COSE_Sign1 (RFC 9052, section 4.2) that the account itself has signed
 * (sdk:crates/bitwarden-crypto/src/signing/).
 *
 * @param signed untagged CBOR.
 * @param namespace what the signature must be for.
 * @returns the payload, CBOR decoded.
 * @throws CoseFormatError; WrongKeyError for a signature by another key; SignatureError when the signature does not fit
 * or is for another purpose.
 */
export function verifySign1(signed: Uint8Array, key: VerifyingKey, namespace: number): CborValue {
  const { protectedBytes, header, strings } = readFrame(signed, 2);
  const [payload, signature] = strings;
  if (header.get(HEADER.algorithm) !== key.algorithm) throw new WrongKeyError('another algorithm');
  if (!asBuffer(key.keyId).equals(asBytes(header.get(HEADER.keyId)))) throw new WrongKeyError('another key id');
  if (header.get(NAMESPACE) !== namespace) throw new SignatureError('another namespace');
  if (header.get(HEADER.contentType) !== CBOR) throw new CoseFormatError('content type');
  if (!key.verify(toBeSigned(protectedBytes, payload), signature)) {
    throw new SignatureError('signature mismatch');
  }
  return decodeCbor(payload);
}

/**
 * The bytes that a signature is made over: Sig_structure of RFC 9052, section 4.4, without external data.
 *
 * @param protectedBytes the protected header, byte for byte as received.
 * @param payload byte for byte as received.
 */
export function toBeSigned(protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(['Signature1', protectedBytes, NO_BYTES, payload]);
}
