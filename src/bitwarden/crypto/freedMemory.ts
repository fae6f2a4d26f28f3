import { createCipheriv } from 'node:crypto';

/** Encrypts zeros by a key of zeros: nothing of it is secret. */
const overwriting = createCipheriv('aes-256-ctr', Buffer.alloc(32), Buffer.alloc(16));

/** What is encrypted: there beforehand, since to make it might free, in between, a piece of memory of the same length. */
const zeros = Buffer.alloc(4096);

/**
 * Writes over a copy of a secret that `update()` of a cipher has left behind: Node lets it write into a buffer that is a
 * block longer than its input, copies that into one of the right length, and frees the first with the plaintext in it
 * (node: src/crypto/crypto_cipher.cc, `CipherBase::Update`). Called at once, a second `update()` of the same length gets
 * that very piece of memory from the allocator.
 *
 * @param length in bytes: of the input, and of one block of the cipher (16 for CBC and ECB, 1 for CTR and GCM).
 */
export function overwriteFreed(length: number): void {
  overwriting.update(length <= zeros.length ? zeros.subarray(0, length - 1) : Buffer.alloc(length - 1));
}
