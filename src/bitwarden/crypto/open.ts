import { type SecretBytes, textOfSecret, wipe } from '../../base/secretBytes';
import { DecryptionError, UnsupportedEncryptionError } from '../errors';
import { openAesCbcHmac } from './aesCbcHmac';
import { type EncStringText, parseEncString } from './encString';
import type { SymmetricKey } from './keys';

/**
 * Opens an encrypted string. Which types a key opens depends on its kind: a key with a MAC opens nothing without one,
 * since anybody on the way could have written that.
 *
 * @returns the plaintext, the caller's to wipe.
 * @throws EncStringFormatError, UnsupportedEncryptionError, MacMismatchError (before anything is decrypted),
 * DecryptionError.
 */
export function openBytes(text: EncStringText, key: SymmetricKey): SecretBytes {
  const encrypted = parseEncString(text);
  if (encrypted.type !== 2) throw new UnsupportedEncryptionError(encrypted.type);
  return openAesCbcHmac(encrypted, key);
}

/**
 * As openBytes, for text.
 *
 * @throws DecryptionError also when the plaintext is not UTF-8.
 */
export function openText(text: EncStringText, key: SymmetricKey): string {
  const bytes = openBytes(text, key);
  const plaintext = textOfSecret(bytes);
  wipe(bytes);
  if (plaintext === undefined) throw new DecryptionError('not UTF-8');
  return plaintext;
}
