import { wipe } from '../../base/secretBytes';
import { openEncrypt0, parseEncrypt0 } from './cose/encrypt0';
import { CoseSymmetricKey } from './cose/symmetricKey';
import { type EncStringText, parseEncString } from './encString';
import { coseEncryptionKey, encodeSymmetricKey, type SymmetricKey, takeSymmetricKey } from './keys';
import { openBytes } from './open';
import { sealBytes } from './seal';

/**
 * Opens a key under another one: the key of an item under the user key or the organisation's
 * (sdk:crates/bitwarden-crypto/src/store/context.rs).
 *
 * @param wrapped an encrypted string of type 2 or 7.
 * @param key stays the caller's to wipe.
 * @returns the caller's to wipe.
 * @throws as openBytes and takeSymmetricKey.
 */
export function unwrapSymmetricKey(wrapped: EncStringText, key: SymmetricKey): SymmetricKey {
  const encrypted = parseEncString(wrapped);
  if (encrypted.type !== 7) return takeSymmetricKey(openBytes(wrapped, key, 'keyOf64Bytes'));
  const message = parseEncrypt0(encrypted.cose);
  const { type, content } = openEncrypt0(message, coseEncryptionKey(key), ['coseKey', 'keyOf64Bytes']);
  if (type === 'keyOf64Bytes') return takeSymmetricKey(content);
  try {
    return CoseSymmetricKey.fromCose(content);
  } finally {
    wipe(content);
  }
}

/**
 * Encrypts a key under another one. A COSE message says what kind of key it holds; in an encrypted string of type 2 the
 * length of the key tells (see padKey; sdk:crates/bitwarden-crypto/src/store/context.rs).
 *
 * @param key stays the caller's to wipe, and so does `wrappingKey`.
 * @returns an encrypted string of type 2 or 7.
 * @throws as sealBytes; Error once one of the keys is wiped.
 */
export function wrapSymmetricKey(key: SymmetricKey, wrappingKey: SymmetricKey): EncStringText {
  const isCose = key.kind !== 'aesCbcHmac' && wrappingKey.kind !== 'aesCbcHmac';
  const bytes = isCose ? key.toCose() : encodeSymmetricKey(key);
  try {
    return sealBytes(bytes, wrappingKey, isCose ? 'coseKey' : 'keyOf64Bytes');
  } finally {
    wipe(bytes);
  }
}
