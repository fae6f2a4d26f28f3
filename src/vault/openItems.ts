import type { Cipher } from '../bitwarden/wire/model';
import type { EncStringText } from '../bitwarden/crypto/encString';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { openManyTexts } from '../bitwarden/crypto/openMany';
import { NotReadableError } from './errors';
import { contentOf, storedUris } from './fields';
import { readUris } from './itemFields';
import { describe, type Item } from './items';
import type { Keyring } from './keyring';
import { type OpenCipher, withOpenCipher } from './openCipher';

/** What is decrypted of an item while the vault is open. */
export interface OpenItem {
  readonly item: Item;
  /** The addresses that can be read and, where they need one, fit their checksum. */
  readonly uris: readonly string[];
}

type Texts = Pick<OpenCipher, 'cipher' | 'needsChecksums' | 'text'>;

/**
 * Decrypts the names, usernames and addresses of some items, those under the same key in one go. If one does not open,
 * only that one is missing.
 *
 * @throws LockedError
 */
export function openItems(ciphers: readonly Cipher[], keyring: Keyring): OpenItem[] {
  return keyring.withCipherKeys(ciphers, (keys) => {
    const texts = openTexts(ciphers, keys, keyring);
    return ciphers.map((cipher, at): OpenItem => {
      if (cipher.unsupported && cipher.name === undefined) return closed(cipher);
      if (cipher.blob !== undefined) return openSealed(cipher, keyring);
      const key = keys[at];
      if (key === undefined) return closed(cipher);
      const opened = texts.get(key);
      const text = (value: EncStringText): string => {
        const plaintext = opened?.get(value);
        if (plaintext === undefined) throw new NotReadableError('it did not open');
        return plaintext;
      };
      return read({ cipher, needsChecksums: keyring.needsChecksums(cipher), text });
    });
  });
}

/** By the key that they are encrypted under. */
function openTexts(
  ciphers: readonly Cipher[],
  keys: readonly (SymmetricKey | undefined)[],
  keyring: Keyring,
): Map<SymmetricKey, Map<EncStringText, string>> {
  const wanted = new Map<SymmetricKey, EncStringText[]>();
  for (const [at, cipher] of ciphers.entries()) {
    const key = keys[at];
    if (key === undefined || cipher.blob !== undefined) continue;
    const beside = wanted.get(key);
    const texts = textsOf(cipher, keyring.needsChecksums(cipher));
    if (beside) beside.push(...texts);
    else wanted.set(key, texts);
  }
  return new Map([...wanted].map(([key, texts]) => [key, openManyTexts(texts, key)]));
}

/** What `read` reads. */
function textsOf(cipher: Cipher, needsChecksums: boolean): EncStringText[] {
  const uris = cipher.unsupported ? [] : storedUris(cipher, needsChecksums);
  return [cipher.name, contentOf(cipher).username, ...uris.flatMap(({ value, checksum }) => [value, checksum])].filter(
    (text) => text !== undefined,
  );
}

function read(opened: Texts): OpenItem {
  const { cipher } = opened;
  const { name } = cipher;
  const { username } = contentOf(cipher);
  const item: Item = {
    ...describe(cipher),
    name: name === undefined ? '' : attempt(() => opened.text(name)),
    username: username === undefined ? undefined : attempt(() => opened.text(username)),
    closed: cipher.unsupported ? 'unsupported' : undefined,
  };
  return { item, uris: cipher.unsupported ? [] : readUris(opened) };
}

/** Opens one item that is sealed as a whole: there is nothing that could be done for many at once. */
function openSealed(cipher: Cipher, keyring: Keyring): OpenItem {
  return attempt(() => withOpenCipher(cipher, keyring, read)) ?? closed(cipher);
}

function closed(cipher: Cipher): OpenItem {
  const reason = cipher.unsupported ? 'unsupported' : 'noKey';
  return { item: { ...describe(cipher), name: undefined, username: undefined, closed: reason }, uris: [] };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
