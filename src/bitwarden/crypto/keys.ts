import { timingSafeEqual } from 'node:crypto';
import { type SecretBytes, wipe } from '../../base/secretBytes';
import { UnsupportedEncryptionError } from '../errors';
import { AesCbcHmacKey } from './aesCbcHmac';

/**
 * A user key, organisation key, key of an item or stretched master key. Each kind has `kind`, by which open.ts and
 * seal.ts choose the algorithm, `bytes`, the key itself, and `wipe()`; whoever holds a key wipes it.
 */
export type SymmetricKey = AesCbcHmacKey;

/** Length of a key of the classic kind. COSE keys are padded to more, so that the length alone tells. */
const CLASSIC_LENGTH = 64;

/**
 * The key that was wrapped (sdk:crates/bitwarden-crypto/src/keys/symmetric_crypto_key.rs).
 *
 * @param bytes what came out of the wrapping; taken over, and wiped when they are no key.
 * @throws DecryptionError for fewer than 64 bytes; UnsupportedEncryptionError(7) for a COSE key, of more than 64.
 */
export function takeSymmetricKey(bytes: SecretBytes): SymmetricKey {
  if (bytes.length <= CLASSIC_LENGTH) return AesCbcHmacKey.take(bytes);
  wipe(bytes);
  throw new UnsupportedEncryptionError(7);
}

/** Whether both are the same key; how long it takes tells nothing of their bytes. */
export function isSameKey(one: SymmetricKey, other: SymmetricKey): boolean {
  return one.bytes.length === other.bytes.length && timingSafeEqual(one.bytes, other.bytes);
}
