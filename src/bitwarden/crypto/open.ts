import { type SecretBytes, textOfSecret, wipe } from '../../base/secretBytes';
import { DecryptionError, UnsupportedEncryptionError, WrongKeyError } from '../errors';
import { openAesCbcHmac } from './aesCbcHmac';
import type { ContentType } from './cose/contentTypes';
import { openEncrypt0, parseEncrypt0 } from './cose/encrypt0';
import { type EncStringText, parseEncString } from './encString';
import { coseEncryptionKey, type SymmetricKey } from './keys';

/**
 * Opens an encrypted string. Which types a key opens depends on its kind: a key of 64 bytes opens types 2 and 7, a COSE
 * key type 7 alone. Nothing opens without a MAC, since anybody on the way could have written that
 * (sdk:crates/bitwarden-crypto/src/enc_string/symmetric.rs; type 7: cose/symmetric.rs).
 *
 * @param key stays the caller's to wipe.
 * @param content what it has to hold: strings of type 7 say it.
 * @returns the plaintext without padding, the caller's to wipe.
 * @throws EncStringFormatError and CoseFormatError for what is malformed, the latter also for other content;
 * UnsupportedEncryptionError for a type that no symmetric key opens; WrongKeyError for a key of another kind or id;
 * MacMismatchError before anything is given out; DecryptionError for bad padding; Error once the key is wiped.
 */
export function openBytes(text: EncStringText, key: SymmetricKey, content: ContentType): SecretBytes {
  const encrypted = parseEncString(text);
  if (encrypted.type === 7) {
    return openEncrypt0(parseEncrypt0(encrypted.cose), coseEncryptionKey(key), [content]).content;
  }
  if (encrypted.type !== 2) throw new UnsupportedEncryptionError(encrypted.type);
  if (key.kind !== 'aesCbcHmac') throw new WrongKeyError('a key of 64 bytes is asked for');
  return openAesCbcHmac(encrypted, key);
}

/**
 * As openBytes, for text.
 *
 * @returns the text, which cannot be wiped.
 * @throws as openBytes; DecryptionError also when the plaintext is not UTF-8.
 */
export function openText(text: EncStringText, key: SymmetricKey): string {
  return takeText(openBytes(text, key, 'text'));
}

/**
 * Decodes a text.
 *
 * @param bytes UTF-8, taken over and wiped.
 * @throws DecryptionError when it is not UTF-8.
 */
export function takeText(bytes: SecretBytes): string {
  const text = textOfSecret(bytes);
  wipe(bytes);
  if (text === undefined) throw new DecryptionError('not UTF-8');
  return text;
}
