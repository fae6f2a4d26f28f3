import { secretFromText, wipe } from '../../base/secretBytes';
import { sealAesCbcHmac } from './aesCbcHmac';
import type { ContentType } from './cose/contentTypes';
import { sealEncrypt0 } from './cose/encrypt0';
import { type EncStringText, formatEncString } from './encString';
import type { SymmetricKey } from './keys';

/**
 * Encrypts in the way of the key's kind, with a random IV: type 2 with a key of 64 bytes, type 7 with a COSE key.
 *
 * @param plaintext stays the caller's to wipe.
 * @param content what it is: strings of type 7 say it.
 */
export function sealBytes(plaintext: Uint8Array, key: SymmetricKey, content: ContentType): EncStringText {
  if (key.kind === 'aesCbcHmac') return formatEncString(sealAesCbcHmac(plaintext, key));
  return formatEncString({ type: 7, cose: sealEncrypt0(plaintext, content, key) });
}

/** As sealBytes, for text as UTF-8. */
export function sealText(plaintext: string, key: SymmetricKey): EncStringText {
  const bytes = secretFromText(plaintext);
  try {
    return sealBytes(bytes, key, 'text');
  } finally {
    wipe(bytes);
  }
}
