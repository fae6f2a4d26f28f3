import type { SecretBytes } from '../../../base/secretBytes';
import { CoseFormatError } from '../../errors';
import type { CborValue } from './cbor';
import { padData, padText, removePadding } from './padding';

/** What a COSE message says its content is (sdk:crates/bitwarden-crypto/src/content_format.rs). */
export type ContentType =
  'text' | 'bytes' | 'cbor' | 'paddedCbor' | 'coseKey' | 'keyOf64Bytes' | 'privateKey' | 'publicKey';

/** Texts are Bitwarden's own, numbers those of CoAP (RFC 7252, section 12.3; RFC 9052, section 11). */
const WIRE: Readonly<Record<ContentType, string | number>> = {
  text: 'application/x.bitwarden.utf8-padded',
  bytes: 42,
  cbor: 60,
  paddedCbor: 'application/x.bitwarden.cbor-padded',
  coseKey: 101,
  keyOf64Bytes: 'application/x.bitwarden.legacy-key',
  privateKey: 284,
  publicKey: 'application/x.bitwarden.spki-public-key',
};

const BY_WIRE = new Map(Object.entries(WIRE).map(([type, wire]) => [wire, type as ContentType]));

/** The content type as a message names it, under label 3 of its header. */
export function wireContentType(type: ContentType): string | number {
  return WIRE[type];
}

/** The reverse of {@link wireContentType}. @throws CoseFormatError when the type is missing or unknown. */
export function contentTypeFrom(value: CborValue | undefined): ContentType {
  const type = typeof value === 'string' || typeof value === 'number' ? BY_WIRE.get(value) : undefined;
  if (type === undefined) throw new CoseFormatError('content type');
  return type;
}

/**
 * Pads the content of a COSE message, if content of its type is padded.
 *
 * @param content stays the caller's to wipe.
 * @returns a new array, the caller's to wipe; undefined for content that is not padded.
 */
export function padContent(type: ContentType, content: Uint8Array): SecretBytes | undefined {
  if (type === 'text') return padText(content);
  return type === 'paddedCbor' ? padData(content) : undefined;
}

/**
 * The reverse of {@link padContent}.
 *
 * @returns a view of the same bytes.
 * @throws DecryptionError for bad padding.
 */
export function unpadContent(type: ContentType, content: SecretBytes): SecretBytes {
  return type === 'text' || type === 'paddedCbor' ? removePadding(content) : content;
}
