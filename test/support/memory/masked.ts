/** So that a process can look for copies of a secret in its own memory without holding one more. */
const MASK = 0xa5;

/** Turns the same bits of every byte over, in place; twice gives what was there. */
export function mask(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = (bytes[at] ?? 0) ^ MASK;
}

/** The bytes under the mask, as base64. */
export function masked(bytes: Uint8Array): string {
  const copy = Buffer.from(bytes);
  mask(copy);
  return copy.toString('base64');
}
