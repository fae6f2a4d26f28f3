import { timingSafeEqual } from 'node:crypto';
import { copySecret, type SecretBytes, wipe } from '../../base/secretBytes';
import { Aes256CbcHmacAead } from './aead/aes256CbcHmac';
import { AesCbcHmacKey } from './aesCbcHmac';
import type { CoseEncryptionKey } from './cose/encrypt0';
import { padKey } from './cose/padding';
import { CoseSymmetricKey } from './cose/symmetricKey';
import { thumbprint } from './cose/thumbprint';

/**
 * A user key, organisation key, key of an item or stretched master key. Every kind has `kind`, by which open.ts and
 * seal.ts choose the algorithm, `bytes` and `wipe()`. Whoever holds a key wipes it.
 */
export type SymmetricKey = AesCbcHmacKey | CoseSymmetricKey;

/**
 * Length in bytes of a key of the classic kind. COSE keys are padded to be longer, so the length alone tells them
 * apart.
 */
const CLASSIC_LENGTH = 64;

/**
 * The key that was wrapped (sdk:crates/bitwarden-crypto/src/keys/symmetric_crypto_key.rs).
 *
 * @param bytes what came out of the wrapping; taken over, and wiped when they are no key.
 * @throws DecryptionError for fewer than 64 bytes, or bad padding; CoseFormatError for more that are no COSE key;
 * UnsupportedEncryptionError(7) for one of an algorithm that we do not know.
 */
export function takeSymmetricKey(bytes: SecretBytes): SymmetricKey {
  if (bytes.length <= CLASSIC_LENGTH) return AesCbcHmacKey.take(bytes);
  try {
    return CoseSymmetricKey.fromPadded(bytes);
  } finally {
    wipe(bytes);
  }
}

/**
 * The reverse of {@link takeSymmetricKey}.
 *
 * @returns the 64 bytes of the key, or a COSE key padded to 65 bytes or more: a copy, the caller's to wipe.
 * @throws Error once the key is wiped.
 */
export function encodeSymmetricKey(key: SymmetricKey): SecretBytes {
  if (key.kind === 'aesCbcHmac') return copySecret(key.bytes);
  const cose = key.toCose();
  try {
    return padKey(cose);
  } finally {
    wipe(cose);
  }
}

/** Whether both are the same key. Compared in constant time. @throws Error once one of them is wiped. */
export function isSameKey(one: SymmetricKey, other: SymmetricKey): boolean {
  return one.kind === other.kind && timingSafeEqual(one.bytes, other.bytes);
}

/**
 * The key for COSE messages. The id of a key of 64 bytes is the first 16 bytes of its thumbprint
 * (sdk:crates/bitwarden-crypto/src/keys/symmetric_crypto_key.rs).
 *
 * @returns what uses the bytes of this key, which stays the caller's to wipe.
 * @throws Error once a key of 64 bytes is wiped.
 */
export function coseEncryptionKey(key: SymmetricKey): CoseEncryptionKey {
  if (key.kind !== 'aesCbcHmac') return key;
  return {
    aead: new Aes256CbcHmacAead(key),
    keyId: thumbprint(key.bytes).subarray(0, 16),
    keyIdOptional: true,
    mayEncrypt: true,
  };
}
