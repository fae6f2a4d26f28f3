import { type Cipher, createCipheriv, type Decipher } from 'node:crypto';
import { publicMemory, publicZeros } from '../../base/publicBytes';
import { allocateSecret, type SecretBytes, wipe } from '../../base/secretBytes';

const BLOCK = 16;

/**
 * The length of all pieces, in bytes. Node's `update()` writes to a buffer that is one block longer than its input,
 * copies the result to a buffer of the right length, and frees the first with the plaintext in it (node:
 * src/crypto/crypto_cipher.cc, `CipherBase::Update`). A second `update()` of the same length at once gets the same
 * memory and overwrites it, if the allocator gives out first what was freed last. glibc does for up to 1,032 bytes, but
 * by sizes, in steps of 16 bytes: what V8 frees of a common size in between comes first. So the freed buffer has to be
 * of a size that hardly anything else has, and that the results, which are freed at any time, do not have either.
 */
const PIECE = 944;

/** The same for blocks of one byte: a buffer of 953 bytes is of the same size to glibc, a result of 952 is not. */
const PIECE_OF_STREAM = PIECE + BLOCK / 2;

/**
 * Blocks of a multiple of this length may be given to updateBlocks one after the other: it leaves the cipher as if it had
 * got them in one go.
 */
export const WHOLE_PIECES = PIECE;

/** Used to encrypt zeros with a key of zeros; nothing of it is secret. */
const overwriting = createCipheriv('aes-256-ecb', publicZeros(2 * BLOCK), null).setAutoPadding(false);

/** Allocated beforehand: an allocation in between might take the freed memory. */
const zeros = publicZeros(PIECE);

/** Holds nothing between two uses. */
const scratch = allocateSecret(PIECE_OF_STREAM);

/**
 * Has a cipher in ECB or CBC mode, without padding, process blocks, and leaves nothing of the result in freed memory.
 * The cipher is of no use for more afterwards, but for one in ECB mode, and after a multiple of WHOLE_PIECES.
 *
 * @param blocks a multiple of 16 bytes.
 * @returns as many bytes, the caller's to wipe.
 */
export function updateBlocks(cipher: Cipher | Decipher, blocks: Uint8Array): SecretBytes {
  return updateInPieces(cipher, blocks, PIECE);
}

/**
 * As {@link updateBlocks}, for a cipher in CTR mode.
 *
 * @param bytes of any length.
 */
export function updateStream(cipher: Cipher | Decipher, bytes: Uint8Array): SecretBytes {
  return updateInPieces(cipher, bytes, PIECE_OF_STREAM);
}

function updateInPieces(cipher: Cipher | Decipher, input: Uint8Array, length: number): SecretBytes {
  const output = allocateSecret(input.length);
  const piece = scratch.subarray(0, length);
  // Leaves a buffer of that size among those that glibc gives out first, so that there is room for one once it is taken.
  overwriting.update(zeros);
  for (let start = 0; start < input.length; start += length) {
    piece.fill(0).set(input.subarray(start, start + length));
    const result = cipher.update(piece);
    overwriting.update(zeros);
    output.set(result.subarray(0, input.length - start), start);
    wipe(result);
  }
  wipe(piece);
  return output;
}

/** As many gaps as OpenSSL may need at a time, with some to spare. */
const GAPS = 16;

/** More than there are gaps: some of them go to what was free before. */
const FILLINGS = 4 * GAPS;

/** Of each size that a gap may have been cut to, in steps of glibc. */
const FILLINGS_OF_PARTS = 4;
const STEP = 16;

/**
 * Has OpenSSL read a secret in DER, and overwrites the copies of it that OpenSSL frees as they are (openssl:
 * providers/implementations/encode_decode/decode_der2key.c, `der2key_decode`). They lie in buffers that are a third longer
 * (crypto/buffer/buffer.c, `BUF_MEM_grow_clean`). So gaps of that length are made beforehand, with memory in use between
 * them, lest what is freed becomes one with its neighbours; afterwards all gaps, and what may be left of one, are filled with
 * zeros. The OpenSSL of a desktop VS Code is BoringSSL, which clears what it frees.
 *
 * @param read reads the DER, at once.
 */
export function overwritingCopies<T>(der: SecretBytes, read: () => T): T {
  const length = Math.floor((der.length + 3) / 3) * 4;
  const memory = Array.from({ length: 2 * GAPS + 1 }, () => publicMemory(length));
  for (let at = 1; at < memory.length; at += 2) free(memory[at]);
  try {
    return read();
  } finally {
    for (let made = 0; made < FILLINGS; made++) memory.push(publicMemory(length));
    for (let part = length - STEP; part >= STEP; part -= STEP) {
      for (let made = 0; made < FILLINGS_OF_PARTS; made++) memory.push(publicMemory(part));
    }
    memory.forEach(free);
  }
}

/** At once, not when the garbage is collected. */
function free(memory: ArrayBuffer | undefined): void {
  if (memory?.detached === false) memory.transfer(0);
}
