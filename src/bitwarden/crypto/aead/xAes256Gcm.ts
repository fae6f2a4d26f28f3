import { type Cipher, createCipheriv } from 'node:crypto';
import { publicZeros } from '../../../base/publicBytes';
import { allocateSecret, type SecretBytes, wipe } from '../../../base/secretBytes';
import { updateBlocks } from '../freedMemory';
import { type AeadAlgorithm, checkKey, checkNonce, type OwnedAeadKey } from './aeadKey';
import { openAes256Gcm, sealAes256Gcm } from './aes256Gcm';

/** See {@link XAes256GcmKey}. */
export const xAes256Gcm: AeadAlgorithm = { cose: -70010, keyLength: 32, nonceLength: 24, tagLength: 16 };

const BLOCK = 16;
/** The first bytes of the nonce go into the derivation. The other 12 are the nonce of AES-GCM. */
const DERIVATION = 12;

/**
 * XAES-256-GCM (C2SP, XAES-256-GCM.md): AES-256-GCM under a key that is derived for each nonce, so that nonces of 24
 * bytes can be random without end. The derivation is NIST SP 800-108 in counter mode over CMAC with AES-256.
 */
export class XAes256GcmKey implements OwnedAeadKey {
  readonly algorithm = xAes256Gcm;
  /** AES in ECB mode keeps nothing from one block to the next, so one object serves all messages. */
  #ecb: Cipher | undefined;
  /** The first CMAC subkey, 16 bytes: as secret as the key. */
  readonly #subkey: SecretBytes;

  /**
   * @param key 32 bytes. node:crypto keeps a copy of its own; the caller wipes these.
   * @throws RangeError for another length.
   */
  constructor(key: Uint8Array) {
    checkKey(key, xAes256Gcm);
    this.#ecb = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.#subkey = updateBlocks(this.#ecb, publicZeros(BLOCK));
    double(this.#subkey);
  }

  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): SecretBytes {
    const key = this.#messageKey(nonce);
    try {
      return openAes256Gcm(key, nonce.subarray(DERIVATION), sealed, additionalData);
    } finally {
      wipe(key);
    }
  }

  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
    const key = this.#messageKey(nonce);
    try {
      return sealAes256Gcm(key, nonce.subarray(DERIVATION), plaintext, additionalData);
    } finally {
      wipe(key);
    }
  }

  wipe(): void {
    wipe(this.#subkey);
    this.#ecb = undefined;
  }

  /** @returns 32 bytes: AES(K, M1 ⊕ K1) ‖ AES(K, M2 ⊕ K1), where Mi is 00 ‖ i ‖ "X" ‖ 00 ‖ nonce[0..12]. */
  #messageKey(nonce: Uint8Array): SecretBytes {
    if (!this.#ecb) throw new Error('this key has been wiped');
    checkNonce(nonce, xAes256Gcm);
    const blocks = allocateSecret(2 * BLOCK);
    for (let counter = 1; counter <= 2; counter++) {
      const at = (counter - 1) * BLOCK;
      blocks[at + 1] = counter;
      blocks[at + 2] = 0x58;
      blocks.set(nonce.subarray(0, DERIVATION), at + 4);
      for (let i = 0; i < BLOCK; i++) blocks[at + i] = (blocks[at + i] ?? 0) ^ (this.#subkey[i] ?? 0);
    }
    const key = updateBlocks(this.#ecb, blocks);
    wipe(blocks);
    return key;
  }
}

/** Doubling in GF(2^128) as CMAC has it (NIST SP 800-38B, section 6.1), in place, without a branch on the secret. */
function double(block: SecretBytes): void {
  const carry = (block[0] ?? 0) >> 7;
  for (let i = 0; i < BLOCK; i++) block[i] = ((block[i] ?? 0) << 1) | ((block[i + 1] ?? 0) >> 7);
  block[BLOCK - 1] = (block[BLOCK - 1] ?? 0) ^ (carry * 0x87);
}
