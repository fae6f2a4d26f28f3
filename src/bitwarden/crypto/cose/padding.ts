import { allocateSecret, partOfSecret, type SecretBytes } from '../../../base/secretBytes';
import { DecryptionError } from '../../errors';

/** In bytes. Texts are padded to the next multiple, so that their length is known only roughly. */
const TEXT_BLOCK = 32;
/** In bytes. A padded COSE key is longer than a key of 64 bytes, and is told from it by that. */
const KEY_MINIMUM = 65;
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

/** For text: 0 to 31 bytes become 32, 32 become 64. */
export function padText(utf8: Uint8Array): SecretBytes {
  return pad(utf8, TEXT_BLOCK * (1 + Math.floor(utf8.length / TEXT_BLOCK)));
}

/** For a COSE key where nothing but its length tells what it is. */
export function padKey(coseKey: Uint8Array): SecretBytes {
  return pad(coseKey, KEY_MINIMUM);
}

/** For the CBOR in a data envelope. */
export function padData(cbor: Uint8Array): SecretBytes {
  return pad(cbor, DATA_MINIMUM);
}

function pad(bytes: Uint8Array, minimum: number): SecretBytes {
  const count = Math.max(minimum - bytes.length, 1);
  const padded = allocateSecret(bytes.length + count);
  padded.set(bytes);
  return padded.fill(count, bytes.length);
}
