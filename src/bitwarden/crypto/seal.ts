import { secretFromText, wipe } from '../../base/secretBytes';
import { sealAesCbcHmac } from './aesCbcHmac';
import { type EncStringText, formatEncString } from './encString';
import type { SymmetricKey } from './keys';

/**
 * Encrypts in the way of the key's kind, with a random IV.
 *
 * @param plaintext stays the caller's to wipe.
 */
export function sealBytes(plaintext: Uint8Array, key: SymmetricKey): EncStringText {
  return formatEncString(sealAesCbcHmac(plaintext, key));
}

/** As sealBytes, for text as UTF-8. */
export function sealText(plaintext: string, key: SymmetricKey): EncStringText {
  const bytes = secretFromText(plaintext);
  try {
    return sealBytes(bytes, key);
  } finally {
    wipe(bytes);
  }
}
