import type { Cipher } from '../../src/bitwarden/wire/model';
import type { EncryptedVault } from '../../src/vault/encryptedVault';
import { deriveMasterKey } from '../../src/bitwarden/crypto/kdf';
import { importPrivateKey, unwrapOrganizationKey } from '../../src/bitwarden/crypto/rsa';
import { openBytes, openText } from '../../src/bitwarden/crypto/open';
import { unwrapSymmetricKey } from '../../src/bitwarden/crypto/keyWrapping';
import { unwrapUserKey } from '../../src/bitwarden/crypto/masterKey';
import type { SymmetricKey } from '../../src/bitwarden/crypto/keys';
import { secretFromText } from '../../src/base/secretBytes';

export interface OpenCipher {
  readonly cipher: Cipher;
  readonly name: string;
  /** Decrypts a text of the item. */
  readonly read: (text: string | undefined) => string | undefined;
}

export interface ReadVault {
  readonly items: readonly OpenCipher[];
  readonly folderNames: readonly string[];
  item(name: string): OpenCipher;
}

/** Opens a vault from a sync with the master password alone, by the extension's own crypto. */
export async function readVault(vault: EncryptedVault, password: string): Promise<ReadVault> {
  const { masterPasswordUnlock: unlock, profile } = vault;
  if (!unlock || profile.privateKey === undefined) throw new Error('nothing to unlock with');
  const masterKey = await deriveMasterKey(secretFromText(password), unlock.salt, unlock.kdf);
  const userKey = unwrapUserKey(unlock.masterKeyEncryptedUserKey, masterKey);
  const privateKey = importPrivateKey(openBytes(profile.privateKey, userKey, 'privateKey'));
  const owners = new Map<string | undefined, SymmetricKey>([[undefined, userKey]]);
  for (const { id, key } of profile.organizations) {
    if (key !== undefined) owners.set(id, unwrapOrganizationKey(key, privateKey));
  }
  const items = [...vault.ciphers()].map((cipher): OpenCipher => {
    const owner = owners.get(cipher.organizationId);
    if (!owner) throw new Error(`no key for ${cipher.id}`);
    const key = cipher.key === undefined ? owner : unwrapSymmetricKey(cipher.key, owner);
    const read = (text: string | undefined) => (text === undefined ? undefined : openText(text, key));
    return { cipher, name: read(cipher.name) ?? '', read };
  });
  return {
    items,
    folderNames: vault.folders.map(({ name }) => openText(name, userKey)),
    item: (wanted) => {
      const found = items.find(({ name }) => name === wanted);
      if (!found) throw new Error(`no item ${wanted}`);
      return found;
    },
  };
}
