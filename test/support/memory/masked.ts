/**
 * A process can look for a secret in its own memory only with a changed form of it: the secret itself would be one more
 * copy.
 */
const MASK = 0xa5;

/** Flips the same bits of every byte, in place. Doing it twice restores the bytes. */
export function mask(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = (bytes[at] ?? 0) ^ MASK;
}

/** The bytes under the mask, as base64. */
export function masked(bytes: Uint8Array): string {
  const copy = Buffer.from(bytes);
  mask(copy);
  return copy.toString('base64');
}
