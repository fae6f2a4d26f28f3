import type { SecretBytes } from '../../../base/secretBytes';

/**
 * A key for one algorithm of authenticated encryption with additional data. Additional data is authenticated without
 * being encrypted.
 */
export interface AeadKey {
  readonly algorithm: AeadAlgorithm;
  /**
   * @param nonce of the length that the algorithm has.
   * @param sealed ciphertext ‖ tag.
   * @returns the plaintext, the caller's to wipe.
   * @throws MacMismatchError when the tag does not fit: the key is another one, or something was changed on the way;
   * RangeError for a nonce of another length.
   */
  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): SecretBytes;
  /**
   * @param nonce of the length that the algorithm has, never used with this key before.
   * @returns ciphertext ‖ tag.
   * @throws RangeError for a nonce of another length.
   */
  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array;
}

/** A key that holds its bytes itself. */
export interface OwnedAeadKey extends AeadKey {
  /** Clears the bytes. Every later use throws an Error. */
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

/**
 * Checks the length of a nonce. A random nonce that is too short would soon repeat, which breaks the encryption.
 *
 * @throws RangeError
 */
export function checkNonce(nonce: Uint8Array, { nonceLength }: AeadAlgorithm): void {
  if (nonce.length !== nonceLength) throw new RangeError(`nonce of ${nonce.length} bytes`);
}

/** @throws RangeError */
export function checkKey(key: Uint8Array, { keyLength }: AeadAlgorithm): void {
  if (key.length !== keyLength) throw new RangeError(`key of ${key.length} bytes`);
}
