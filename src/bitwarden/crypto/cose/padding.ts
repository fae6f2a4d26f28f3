import { allocateSecret, partOfSecret, type SecretBytes } from '../../../base/secretBytes';
import { DecryptionError } from '../../errors';

/** In bytes. Texts are padded to the next multiple, so that their length is known only roughly. */
const TEXT_BLOCK = 32;
/** In bytes. A padded COSE key is longer than a key of 64 bytes, and is told from it by that. */
const KEY_MINIMUM = 65;
/** In bytes. */
const DATA_MINIMUM = 64;

/**
 * Removes the padding of COSE messages. It is like that of PKCS#7 without fixed blocks: n bytes of the value n, at
 * least one (sdk:crates/bitwarden-crypto/src/keys/utils.rs).
 *
 * @returns a view of the same bytes, so that wiping the whole wipes it.
 * @throws DecryptionError for bad padding.
 */
export function removePadding(padded: SecretBytes): SecretBytes {
  const count = padded[padded.length - 1] ?? 0;
  if (count === 0 || count > padded.length) throw new DecryptionError('bad padding');
  return partOfSecret(padded, 0, padded.length - count);
}

/**
 * Pads text: 0 to 31 bytes become 32, 32 become 64 (sdk:crates/bitwarden-crypto/src/cose/symmetric.rs).
 *
 * @param utf8 stays the caller's to wipe, as with the two below.
 * @returns a new array of a multiple of 32 bytes, the caller's to wipe.
 */
export function padText(utf8: Uint8Array): SecretBytes {
  return pad(utf8, TEXT_BLOCK * (1 + Math.floor(utf8.length / TEXT_BLOCK)));
}

/**
 * Pads a COSE key for where nothing but its length tells what it is
 * (sdk:crates/bitwarden-crypto/src/keys/symmetric_crypto_key.rs).
 *
 * @returns a new array, the caller's to wipe: 65 bytes for a key of up to 64, else one byte more than the key.
 */
export function padKey(coseKey: Uint8Array): SecretBytes {
  return pad(coseKey, KEY_MINIMUM);
}

/**
 * Pads the CBOR in a data envelope (sdk:crates/bitwarden-crypto/src/safe/data_envelope.rs).
 *
 * @returns a new array, the caller's to wipe: 64 bytes for CBOR of up to 63, else one byte more than that.
 */
export function padData(cbor: Uint8Array): SecretBytes {
  return pad(cbor, DATA_MINIMUM);
}

function pad(bytes: Uint8Array, minimum: number): SecretBytes {
  const count = Math.max(minimum - bytes.length, 1);
  const padded = allocateSecret(bytes.length + count);
  padded.set(bytes);
  return padded.fill(count, bytes.length);
}
