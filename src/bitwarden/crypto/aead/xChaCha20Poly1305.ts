import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { allocateSecret, copySecret, type SecretBytes, wipe } from '../../../base/secretBytes';
import { MacMismatchError } from '../../errors';
import { type AeadAlgorithm, checkKey, checkNonce, type OwnedAeadKey } from './aeadKey';

/** See {@link XChaCha20Poly1305Key}. */
export const xChaCha20Poly1305: AeadAlgorithm = { cose: -70000, keyLength: 32, nonceLength: 24, tagLength: 16 };

/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), computed by `@noble/ciphers`. The crypto library of Electron has no
 * ChaCha20-Poly1305 in any form.
 */
export class XChaCha20Poly1305Key implements OwnedAeadKey {
  readonly algorithm = xChaCha20Poly1305;
  #key: SecretBytes | undefined;

  /**
   * @param key 32 bytes, copied; the caller wipes these.
   * @throws RangeError for another length.
   */
  constructor(key: Uint8Array) {
    checkKey(key, xChaCha20Poly1305);
    this.#key = copySecret(key);
  }

  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): SecretBytes {
    const key = this.#openKey();
    checkNonce(nonce, xChaCha20Poly1305);
    if (sealed.length < xChaCha20Poly1305.tagLength) throw new MacMismatchError('too short for a tag');
    const plaintext = allocateSecret(sealed.length - xChaCha20Poly1305.tagLength);
    try {
      xchacha20poly1305(key, nonce, additionalData).decrypt(sealed, plaintext);
      return plaintext;
    } catch {
      wipe(plaintext);
      throw new MacMismatchError('tag mismatch');
    }
  }

  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
    const key = this.#openKey();
    checkNonce(nonce, xChaCha20Poly1305);
    return xchacha20poly1305(key, nonce, additionalData).encrypt(plaintext);
  }

  wipe(): void {
    wipe(this.#key);
    this.#key = undefined;
  }

  #openKey(): SecretBytes {
    if (!this.#key) throw new Error('this key has been wiped');
    return this.#key;
  }
}
