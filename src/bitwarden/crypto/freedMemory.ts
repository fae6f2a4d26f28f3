import { createCipheriv } from 'node:crypto';
import { publicZeros } from '../../base/publicBytes';

/** Used to encrypt zeros with a key of zeros; nothing of it is secret. */
const overwriting = createCipheriv('aes-256-ctr', publicZeros(32), publicZeros(16));

/** The zeros. Allocated beforehand: an allocation in between might take the freed piece of memory. */
const zeros = publicZeros(4096);

/**
 * Overwrites a copy of a secret that `update()` of a cipher has left in freed memory. Node lets `update()` write to a
 * buffer that is one block longer than its input, copies the result to a buffer of the right length, and frees the
 * first with the plaintext in it (node: src/crypto/crypto_cipher.cc, `CipherBase::Update`). If a second `update()` of
 * the same length follows at once, the allocator gives it the same piece of memory.
 *
 * @param length in bytes: that of the input plus one block of the cipher (16 for CBC and ECB, 1 for CTR and GCM).
 */
export function overwriteFreed(length: number): void {
  overwriting.update(length <= zeros.length ? zeros.subarray(0, length - 1) : publicZeros(length - 1));
}
