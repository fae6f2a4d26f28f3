import { secretFromText, wipe } from '../../base/secretBytes';
import { sealAesCbcHmac } from './aesCbcHmac';
import type { ContentType } from './cose/contentTypes';
import { sealEncrypt0 } from './cose/encrypt0';
import { type EncStringText, formatEncString } from './encString';
import type { SymmetricKey } from './keys';

/**
 * Encrypts in the way of the key's kind, with a random IV: type 2 with a key of 64 bytes, type 7 with a COSE key
 * (sdk:crates/bitwarden-crypto/src/enc_string/symmetric.rs; type 7: cose/symmetric.rs).
 *
 * @param plaintext of any length, without padding; stays the caller's to wipe.
 * @param key stays the caller's to wipe.
 * @param content what it is: strings of type 7 say it.
 * @returns an encrypted string of type 2 or 7.
 * @throws Error for a COSE key that may only decrypt, and once the key is wiped.
 */
export function sealBytes(plaintext: Uint8Array, key: SymmetricKey, content: ContentType): EncStringText {
  if (key.kind === 'aesCbcHmac') return formatEncString(sealAesCbcHmac(plaintext, key));
  return formatEncString({ type: 7, cose: sealEncrypt0(plaintext, content, key) });
}

/** As sealBytes, for text, which is encrypted as UTF-8. @throws as sealBytes. */
export function sealText(plaintext: string, key: SymmetricKey): EncStringText {
  const bytes = secretFromText(plaintext);
  try {
    return sealBytes(bytes, key, 'text');
  } finally {
    wipe(bytes);
  }
}
