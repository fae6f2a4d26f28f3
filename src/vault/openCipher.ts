import { type SecretBytes, wipe } from '../base/secretBytes';
import { blobValue, openBlob, readBlob } from '../bitwarden/wire/cipherBlob';
import type { Cipher } from '../bitwarden/wire/model';
import type { EncStringText } from '../bitwarden/crypto/encString';
import { openBytes, takeText } from '../bitwarden/crypto/open';
import type { Keyring } from './keyring';

/** An item whose values can be decrypted, for as long as `use` of withOpenCipher runs. */
export interface OpenCipher {
  /** With the content in it, of an item that is sealed as a whole too. */
  readonly cipher: Cipher;
  /** Whether an address is to be believed only with a checksum that fits. */
  readonly needsChecksums: boolean;
  /** @returns UTF-8 of a value of the item, not judged; the caller's to wipe. @throws as openBytes. */
  readonly bytes: (value: EncStringText) => SecretBytes;
  /** @throws as openText. */
  readonly text: (value: EncStringText) => string;
}

/**
 * Runs `use` with the item opened. What was decrypted for that is wiped afterwards.
 *
 * @throws as Keyring.withCipherKey, openBlob and readBlob, and what `use` throws.
 */
export function withOpenCipher<T>(cipher: Cipher, keyring: Keyring, use: (opened: OpenCipher) => T): T {
  return keyring.withCipherKey(cipher, (key) => {
    if (cipher.blob === undefined) {
      const bytes = (value: EncStringText) => openBytes(value, key, 'text');
      return use({
        cipher,
        needsChecksums: keyring.needsChecksums(cipher),
        bytes,
        text: (value) => takeText(bytes(value)),
      });
    }
    const content = openBlob(cipher.blob, key);
    try {
      const bytes = (value: EncStringText) => blobValue(content, value);
      // The seal is over all of the item: no address in it can be another's.
      return use({
        cipher: readBlob(cipher, content),
        needsChecksums: false,
        bytes,
        text: (value) => takeText(bytes(value)),
      });
    } finally {
      wipe(content);
    }
  });
}
