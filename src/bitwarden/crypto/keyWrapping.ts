import type { EncStringText } from './encString';
import { type SymmetricKey, takeSymmetricKey } from './keys';
import { openBytes } from './open';
import { sealBytes } from './seal';

/**
 * Opens a key under another one: the key of an item under the user key or the organisation's.
 *
 * @returns the caller's to wipe.
 * @throws as openBytes and takeSymmetricKey.
 */
export function unwrapSymmetricKey(wrapped: EncStringText, key: SymmetricKey): SymmetricKey {
  return takeSymmetricKey(openBytes(wrapped, key));
}

/** Encrypts a key under another one. */
export function wrapSymmetricKey(key: SymmetricKey, wrappingKey: SymmetricKey): EncStringText {
  return sealBytes(key.bytes, wrappingKey);
}
