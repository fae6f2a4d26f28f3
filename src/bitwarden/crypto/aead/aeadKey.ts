import type { SecretBytes } from '../../../base/secretBytes';

/**
 * A key for one algorithm of authenticated encryption with additional data. Additional data is authenticated without
 * being encrypted.
 */
export interface AeadKey {
  readonly algorithm: AeadAlgorithm;
  /**
   * Checks the tag, and decrypts.
   *
   * @param nonce of the length that the algorithm has.
   * @param sealed ciphertext ‖ tag.
   * @param additionalData what `seal` got, byte for byte.
   * @returns the plaintext, the caller's to wipe.
   * @throws MacMismatchError when the tag does not fit: the key is another one, or something was changed on the way;
   * DecryptionError for bad padding, where the algorithm pads; RangeError for a nonce of another length; Error once the
   * key is wiped.
   */
  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): SecretBytes;
  /**
   * Encrypts, and makes the tag.
   *
   * @param nonce of the length that the algorithm has, never used with this key before.
   * @param plaintext stays the caller's to wipe.
   * @returns ciphertext ‖ tag.
   * @throws RangeError for a nonce of another length; Error once the key is wiped.
   */
  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array;
}

/** A key that holds its bytes itself. */
export interface OwnedAeadKey extends AeadKey {
  /** Clears the bytes. Every later use throws an Error. */
  wipe(): void;
}

/** An algorithm by its number and lengths. */
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

/** Checks the length of a key. @throws RangeError */
export function checkKey(key: Uint8Array, { keyLength }: AeadAlgorithm): void {
  if (key.length !== keyLength) throw new RangeError(`key of ${key.length} bytes`);
}
