import { randomBytes } from 'node:crypto';
import { NO_BYTES } from '../../../base/publicBytes';
import { asBuffer, type SecretBytes, wipe } from '../../../base/secretBytes';
import { CoseFormatError, UnsupportedEncryptionError, WrongKeyError } from '../../errors';
import { aes256CbcHmac } from '../aead/aes256CbcHmac';
import { aes256Gcm } from '../aead/aes256Gcm';
import type { AeadKey } from '../aead/aeadKey';
import { xAes256Gcm } from '../aead/xAes256Gcm';
import { xChaCha20Poly1305 } from '../aead/xChaCha20Poly1305';
import { asBytes, type CborValue, encodeCbor } from './cbor';
import { type ContentType, contentTypeFrom, padContent, unpadContent, wireContentType } from './contentTypes';
import { type Frame, readFrame } from './frame';
import { HEADER } from './labels';

const ALGORITHMS = new Map(
  [aes256Gcm, xAes256Gcm, xChaCha20Poly1305, aes256CbcHmac].map((known) => [known.cose, known]),
);

/** A key for COSE messages, with the id by which they name it. */
export interface CoseEncryptionKey {
  readonly aead: AeadKey;
  /** 16 bytes, written into every message. */
  readonly keyId: Uint8Array;
  /** A key of 64 bytes has no id of its own, so messages under it may name none. */
  readonly keyIdOptional: boolean;
  /** False for the key of a data envelope, which is used for one message. */
  readonly mayEncrypt: boolean;
}

/** COSE_Encrypt0 (RFC 9052, section 5.2), taken apart: nothing is decrypted, and nothing of it is to be trusted. */
export interface Encrypt0 extends Pick<Frame<1>, 'protectedBytes' | 'header'> {
  /** Of the length that the algorithm in the header has. */
  readonly nonce: Uint8Array;
  /** Ciphertext ‖ tag. */
  readonly sealed: Uint8Array;
}

/**
 * Takes a COSE_Encrypt0 apart; decrypts nothing (sdk:crates/bitwarden-crypto/src/cose/symmetric.rs).
 *
 * @param message untagged CBOR.
 * @throws CoseFormatError; UnsupportedEncryptionError(7) for an algorithm that we do not know.
 */
export function parseEncrypt0(message: Uint8Array): Encrypt0 {
  const { protectedBytes, header, unprotected, strings } = readFrame(message, 1);
  const [sealed] = strings;
  const algorithm = ALGORITHMS.get(header.get(HEADER.algorithm) as number);
  if (algorithm === undefined) throw new UnsupportedEncryptionError(7);
  const nonce = asBytes(unprotected.get(HEADER.iv));
  if (nonce.length !== algorithm.nonceLength) throw new CoseFormatError('nonce length');
  return { protectedBytes, header, nonce, sealed };
}

/**
 * Opens a COSE_Encrypt0 with a key and kinds of content that are known beforehand
 * (sdk:crates/bitwarden-crypto/src/cose/symmetric.rs).
 *
 * @param key stays the caller's to wipe.
 * @param expected the kinds of content that it may hold: otherwise a server could put one thing in the place of
 * another.
 * @returns the content without padding: a view of an array that nobody else has, which the caller wipes.
 * @throws WrongKeyError when the message names another key or algorithm; CoseFormatError for another kind of content;
 * MacMismatchError; DecryptionError for bad padding; RangeError for a nonce of another length; Error once the key is
 * wiped.
 */
export function openEncrypt0(
  { protectedBytes, header, nonce, sealed }: Encrypt0,
  key: CoseEncryptionKey,
  expected: readonly ContentType[],
): { readonly type: ContentType; readonly content: SecretBytes } {
  const { aead, keyId, keyIdOptional } = key;
  if (header.get(HEADER.algorithm) !== aead.algorithm.cose) throw new WrongKeyError('another algorithm');
  const named = header.get(HEADER.keyId);
  if (!(named === undefined ? keyIdOptional : asBuffer(keyId).equals(asBytes(named)))) {
    throw new WrongKeyError('another key id');
  }
  const type = contentTypeFrom(header.get(HEADER.contentType));
  if (!expected.includes(type)) throw new CoseFormatError('another content type');
  const plaintext = aead.open(nonce, sealed, additionalDataOf(protectedBytes));
  try {
    return { type, content: unpadContent(type, plaintext) };
  } catch (error) {
    wipe(plaintext);
    throw error;
  }
}

/**
 * Encrypts to a COSE_Encrypt0, with a random nonce.
 *
 * @param content without padding; stays the caller's to wipe.
 * @param key stays the caller's to wipe.
 * @param more further parameters of the protected header, by their labels.
 * @returns untagged CBOR.
 * @throws Error for a key that may only decrypt, and once the key is wiped.
 */
export function sealEncrypt0(
  content: Uint8Array,
  type: ContentType,
  key: CoseEncryptionKey,
  more: readonly (readonly [number, number])[] = [],
): Uint8Array {
  const { aead, keyId, mayEncrypt } = key;
  if (!mayEncrypt) throw new Error('this key decrypts only');
  const { cose, nonceLength } = aead.algorithm;
  const protectedBytes = encodeCbor(
    new Map<CborValue, CborValue>([
      [HEADER.algorithm, cose],
      [HEADER.contentType, wireContentType(type)],
      [HEADER.keyId, keyId],
      ...more,
    ]),
  );
  const nonce = randomBytes(nonceLength);
  const padded = padContent(type, content);
  try {
    const sealed = aead.seal(nonce, padded ?? content, additionalDataOf(protectedBytes));
    return encodeCbor([protectedBytes, new Map([[HEADER.iv, nonce]]), sealed]);
  } finally {
    wipe(padded);
  }
}

/** The additional data: Enc_structure of RFC 9052, section 5.3, without external data. */
function additionalDataOf(protectedBytes: Uint8Array): Uint8Array {
  return encodeCbor(['Encrypt0', protectedBytes, NO_BYTES]);
}
