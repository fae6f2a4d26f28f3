import type { SecretBytes } from '../../../base/secretBytes';

/**
 * A key together with the algorithm it is for: authenticated encryption with additional data, that is data which is
 * authenticated without being encrypted.
 */
export interface AeadKey {
  readonly algorithm: AeadAlgorithm;
  /**
   * @param nonce as long as the algorithm says.
   * @param sealed ciphertext ‖ tag.
   * @returns the plaintext, the caller's to wipe.
   * @throws MacMismatchError when the tag does not fit: another key, or something was changed on the way.
   */
  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): SecretBytes;
  /**
   * @param nonce never used before with this key.
   * @returns ciphertext ‖ tag.
   */
  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array;
}

/** A key that has bytes of its own. */
export interface OwnedAeadKey extends AeadKey {
  /** Clears them; every later use throws. */
  wipe(): void;
}

export interface AeadAlgorithm {
  /** Its number in COSE; those below -65536 are Bitwarden's own (sdk:crates/bitwarden-crypto/src/cose/mod.rs). */
  readonly cose: number;
  /** Lengths in bytes. */
  readonly keyLength: number;
  readonly nonceLength: number;
  readonly tagLength: number;
}

/** @throws RangeError for a nonce of another length: random ones are only as good as they are long. */
export function checkNonce(nonce: Uint8Array, { nonceLength }: AeadAlgorithm): void {
  if (nonce.length !== nonceLength) throw new RangeError(`nonce of ${nonce.length} bytes`);
}

/** @throws RangeError */
export function checkKey(key: Uint8Array, { keyLength }: AeadAlgorithm): void {
  if (key.length !== keyLength) throw new RangeError(`key of ${key.length} bytes`);
}
