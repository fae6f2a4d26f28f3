import type { SecretBytes } from '../../base/secretBytes';
import { openManyAesCbcHmac } from './aesCbcHmac';
import type { EncStringText } from './encString';
import { type SymmetricKey, takeSymmetricKey } from './keys';
import { unwrapSymmetricKey } from './keyWrapping';
import { openText, takeText } from './open';

/**
 * Opens many short texts under the same key. Those of type 2 take a fraction of the time that opening them one by one
 * would.
 *
 * @param key stays the caller's to wipe.
 * @returns the texts by their encrypted strings. Where openText would throw, the entry is missing.
 * @throws Error for strings of type 2 once the key is wiped.
 */
export function openManyTexts(texts: Iterable<EncStringText>, key: SymmetricKey): Map<EncStringText, string> {
  return openMany(texts, key, (text) => openText(text, key), takeText);
}

/**
 * Opens many keys under the same one, as {@link openManyTexts}.
 *
 * @param key stays the caller's to wipe.
 * @returns the keys by their encrypted strings, each the caller's to wipe. Where unwrapSymmetricKey would throw, the
 * entry is missing.
 * @throws as openManyTexts.
 */
export function unwrapManySymmetricKeys(
  wrapped: Iterable<EncStringText>,
  key: SymmetricKey,
): Map<EncStringText, SymmetricKey> {
  return openMany(wrapped, key, (each) => unwrapSymmetricKey(each, key), takeSymmetricKey);
}

function openMany<T>(
  texts: Iterable<EncStringText>,
  key: SymmetricKey,
  openOne: (text: EncStringText) => T,
  take: (plaintext: SecretBytes) => T,
): Map<EncStringText, T> {
  const opened = new Map<EncStringText, T>();
  const together: EncStringText[] = [];
  // One that does not open must not keep the others from opening.
  const attempt = (text: EncStringText, open: () => T) => {
    try {
      opened.set(text, open());
    } catch {
      return;
    }
  };
  for (const text of new Set(texts)) {
    if (key.kind === 'aesCbcHmac' && text.startsWith('2.')) together.push(text);
    else attempt(text, () => openOne(text));
  }
  if (key.kind !== 'aesCbcHmac') return opened;
  for (const [text, plaintext] of openManyAesCbcHmac(together, key)) attempt(text, () => take(plaintext));
  return opened;
}
