/**
 * Bytes that anybody may see: ciphertexts, headers, nonces, public keys. They may lie anywhere. Files that hold secrets as
 * well make them here, by a name that says so, because lint lets such files make bytes in no other way than here and in
 * secretBytes.ts.
 */

export const NO_BYTES = new Uint8Array(0);

/** @returns `length` zeros. */
export function publicZeros(length: number): Buffer {
  return Buffer.alloc(length);
}

/**
 * As {@link publicZeros}, but from the memory that was freed last: calloc, by which zeros are made elsewhere, passes over
 * some of that (glibc: malloc/malloc.c, tcache).
 */
export function publicMemory(length: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(length).fill(0).buffer;
}

/** @param numbers from 0 to 255. */
export function publicBytes(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers);
}

/** The bytes of a text. What is not of the encoding is left out. */
export function publicBytesOf(text: string, encoding: 'utf8' | 'base64' | 'hex'): Buffer {
  return Buffer.from(text, encoding);
}

/** A copy: the bytes may be a view of what is wiped. */
export function copyPublic(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

/** The parts one after the other. */
export function concatPublic(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts);
}
