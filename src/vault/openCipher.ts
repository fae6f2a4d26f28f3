import { type SecretBytes, wipe } from '../base/secretBytes';
import { blobValue, openBlob, readBlob } from './cipherBlob';
import type { Cipher } from '../bitwarden/wire/model';
import type { EncStringText } from '../bitwarden/crypto/encString';
import { openBytes, openText, takeText } from '../bitwarden/crypto/open';
import type { Keyring } from './keyring';

/** An item whose values can be decrypted, for as long as `use` of withOpenCipher runs. */
export interface OpenCipher {
  /** The cipher with its content, also where the item is sealed as a whole. */
  readonly cipher: Cipher;
  /** Whether an address of the item is believed only with a checksum that fits. */
  readonly needsChecksums: boolean;
  /**
   * Decrypts a value of the item to bytes. They should be UTF-8, which is not checked; the caller wipes them.
   *
   * @throws as openBytes.
   */
  readonly bytes: (value: EncStringText) => SecretBytes;
  /** @throws as openText. */
  readonly text: (value: EncStringText) => string;
  /**
   * The same for what stands beside the content, also where that is sealed: the names of files.
   *
   * @throws as openText.
   */
  readonly fileName: (value: EncStringText) => string;
}

/**
 * Runs `use` with the item opened. What was decrypted for that is wiped afterwards.
 *
 * @throws as Keyring.withCipherKey, openBlob and readBlob, and what `use` throws.
 */
export function withOpenCipher<T>(cipher: Cipher, keyring: Keyring, use: (opened: OpenCipher) => T): T {
  return keyring.withCipherKey(cipher, (key) => {
    const fileName = (value: EncStringText) => openText(value, key);
    if (cipher.blob === undefined) {
      const bytes = (value: EncStringText) => openBytes(value, key, 'text');
      const needsChecksums = keyring.needsChecksums(cipher);
      return use({ cipher, needsChecksums, bytes, text: fileName, fileName });
    }
    const content = openBlob(cipher.blob, key);
    try {
      const bytes = (value: EncStringText) => blobValue(content, value);
      // The seal covers the whole item, so no address can be that of another item, and no checksum is needed.
      return use({
        cipher: readBlob(cipher, content),
        needsChecksums: false,
        bytes,
        text: (value) => takeText(bytes(value)),
        fileName,
      });
    } finally {
      wipe(content);
    }
  });
}
