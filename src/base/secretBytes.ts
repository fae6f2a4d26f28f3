import { isUtf8 } from 'node:buffer';

declare const secret: unique symbol;

/**
 * Bytes that can be wiped: keys, hashes and passwords. Only this file makes them.
 *
 * They lie in an `ArrayBuffer` of their own. V8 keeps a typed array of up to 64 bytes inside its heap, where the garbage
 * collector moves it and leaves copies behind, and where the first `.buffer` or `.subarray()` moves the content out and
 * leaves it behind as well; `Buffer.from` and `Buffer.concat` write into a slab of 8 KiB that much else shares. Neither
 * happens to memory that was an `ArrayBuffer` from the beginning: there is one copy, and `wipe` clears it.
 */
export type SecretBytes = Uint8Array<ArrayBuffer> & { readonly [secret]: true };

/** @returns `length` zeros. */
export function allocateSecret(length: number): SecretBytes {
  return new Uint8Array(new ArrayBuffer(length)) as SecretBytes;
}

/** Makes a second copy. Both have to be wiped. */
export function copySecret(bytes: Uint8Array): SecretBytes {
  const copy = allocateSecret(bytes.length);
  copy.set(bytes);
  clearRegisters();
  return copy;
}

/** A copy in memory that two threads can share. It can still be wiped here after the other thread was ended. */
export function shareSecret(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  clearRegisters();
  return shared;
}

/** Copies bytes that a library has made, wherever in memory they are, and wipes the original. */
export function takeSecret(bytes: Uint8Array): SecretBytes {
  const taken = copySecret(bytes);
  wipe(bytes);
  return taken;
}

/** The parts one after the other; they stay the caller's to wipe. */
export function concatSecrets(...parts: readonly Uint8Array[]): SecretBytes {
  const whole = allocateSecret(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  clearRegisters();
  return whole;
}

/** The text as UTF-8, not normalised. The text itself cannot be wiped, so do not keep it. */
export function secretFromText(text: string): SecretBytes {
  const bytes = allocateSecret(Buffer.byteLength(text, 'utf8'));
  new TextEncoder().encodeInto(text, bytes);
  return bytes;
}

/** A part of the bytes: a view, no copy, so that wiping the whole wipes the part. */
export function partOfSecret(bytes: SecretBytes, start: number, end: number = bytes.length): SecretBytes {
  return bytes.subarray(start, end) as SecretBytes;
}

/**
 * Overwrites the bytes with zeros. Undefined is allowed for the `finally` of work that has failed before there was
 * anything to wipe.
 */
export function wipe(bytes: Uint8Array | undefined): void {
  bytes?.fill(0);
  clearRegisters();
}

/** The bytes, UTF-8, as text, which cannot be wiped. Undefined when they are not UTF-8. */
export function textOfSecret(bytes: SecretBytes): string | undefined {
  return isUtf8(bytes) ? asBuffer(bytes).toString('utf8') : undefined;
}

/** The bytes as base64, which cannot be wiped: make it only right before it is sent. */
export function base64OfSecret(bytes: SecretBytes): string {
  return asBuffer(bytes).toString('base64');
}

/** The same bytes as Node's functions want them: a view, no copy. */
export function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const zeros = allocateSecret(1024);
const alsoZeros = allocateSecret(zeros.length);

/**
 * Copying takes bytes through the vector registers of the processor, and the last ones stay there. When V8 gives up
 * optimised code, it writes all registers to memory, which it later frees as it is. Copying zeros clears the registers;
 * so many, because copies of 256 bytes and more use registers that shorter ones do not touch.
 */
function clearRegisters(): void {
  alsoZeros.set(zeros);
}
