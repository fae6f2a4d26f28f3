import { attempt } from '../base/thrown';
import type { Cipher } from '../bitwarden/wire/model';
import type { EncStringText } from '../bitwarden/crypto/encString';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { openManyTexts } from '../bitwarden/crypto/openMany';
import { NotReadableError } from './errors';
import { contentOf, storedUris } from './fields';
import { readUris } from './itemFields';
import type { Item, ItemLister } from './items';
import type { Keyring } from './keyring';
import { type OpenCipher, withOpenCipher } from './openCipher';

/** What is decrypted of an item while the vault is open. */
export interface OpenItem {
  readonly item: Item;
  /** The addresses that can be read and, where they need one, fit their checksum. */
  readonly uris: readonly string[];
  /** The names of its custom fields that can be read. They are no secrets, whatever hides the values. */
  readonly fieldNames: readonly string[];
}

type Texts = Pick<OpenCipher, 'cipher' | 'needsChecksums' | 'text'>;

/**
 * Decrypts the names, usernames and addresses of some items, and the names of their custom fields, those under the same key in one go. A text that does not
 * open is missing in its item, and an item for which there is no key is `closed`.
 *
 * @returns in the order of the ciphers.
 * @throws LockedError
 */
export function openItems(ciphers: readonly Cipher[], keyring: Keyring, lister: ItemLister): OpenItem[] {
  return keyring.withCipherKeys(ciphers, (keys) => {
    const texts = openTexts(ciphers, keys, keyring);
    return ciphers.map((cipher, at): OpenItem => {
      if (cipher.unsupported && cipher.name === undefined) return closed(cipher, lister);
      if (cipher.blob !== undefined) return openSealed(cipher, keyring, lister);
      const key = keys[at];
      if (key === undefined) return closed(cipher, lister);
      const opened = texts.get(key);
      const text = (value: EncStringText): string => {
        const plaintext = opened?.get(value);
        if (plaintext === undefined) throw new NotReadableError('it did not open');
        return plaintext;
      };
      return read({ cipher, needsChecksums: keyring.needsChecksums(cipher), text }, lister);
    });
  });
}

/** Decrypts the texts of all items. The result is by the key and then by the encrypted string. */
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

/** The encrypted strings that `read` asks for. */
function textsOf(cipher: Cipher, needsChecksums: boolean): EncStringText[] {
  const names = [cipher.name, contentOf(cipher).username];
  const uris = cipher.unsupported ? [] : storedUris(cipher, needsChecksums);
  const ofUris = uris.flatMap(({ value, checksum }) => [value, checksum]);
  return [...names, ...ofUris, ...namesOfFields(cipher)].filter((text) => text !== undefined);
}

function namesOfFields({ unsupported, fields }: Cipher): readonly EncStringText[] {
  return unsupported ? [] : fields.map(({ name }) => name).filter((name) => name !== undefined);
}

/** Characters that take as long as an item takes beside its texts. */
const LENGTH_OF_NOTHING = 50;

/** How long openItems takes for an item, roughly: in characters of encrypted text. */
export function encryptedLength(cipher: Cipher): number {
  const uris = (cipher.login?.uris ?? []).map(
    ({ uri, uriChecksum }) => (uri?.length ?? 0) + (uriChecksum?.length ?? 0),
  );
  const names = [cipher.name, contentOf(cipher).username, ...namesOfFields(cipher)];
  const texts = [...names, cipher.key, cipher.blob?.envelope];
  return [...texts.map((text) => text?.length ?? 0), ...uris].reduce((sum, length) => sum + length, LENGTH_OF_NOTHING);
}

function read(opened: Texts, lister: ItemLister): OpenItem {
  const { cipher } = opened;
  const { name } = cipher;
  const { username } = contentOf(cipher);
  const item = lister.item(cipher, {
    name: name === undefined ? '' : attempt(() => opened.text(name)),
    username: username === undefined ? undefined : attempt(() => opened.text(username)),
    closed: cipher.unsupported ? 'unsupported' : undefined,
  });
  const fieldNames = namesOfFields(cipher).flatMap((each) => attempt(() => opened.text(each)) ?? []);
  return { item, uris: cipher.unsupported ? [] : readUris(opened), fieldNames };
}

/** Opens an item that is sealed as a whole, by itself: many of them at once would not be quicker. */
function openSealed(cipher: Cipher, keyring: Keyring, lister: ItemLister): OpenItem {
  return attempt(() => withOpenCipher(cipher, keyring, (opened) => read(opened, lister))) ?? closed(cipher, lister);
}

function closed(cipher: Cipher, lister: ItemLister): OpenItem {
  const reason = cipher.unsupported ? 'unsupported' : 'noKey';
  return {
    item: lister.item(cipher, { name: undefined, username: undefined, closed: reason }),
    uris: [],
    fieldNames: [],
  };
}
