import type { Cipher, EncryptedVault } from '../../src/bitwarden/api/model';
import { decryptBytes, decryptText } from '../../src/bitwarden/crypto/encString';
import { deriveMasterKey } from '../../src/bitwarden/crypto/kdf';
import { unwrapSymmetricKey, unwrapUserKey, type SymmetricKey } from '../../src/bitwarden/crypto/keys';
import { importPrivateKey, unwrapOrganizationKey } from '../../src/bitwarden/crypto/rsa';

export interface OpenCipher {
  readonly cipher: Cipher;
  readonly name: string;
  /** Any encrypted text of the item in the clear. */
  readonly read: (text: string | undefined) => string | undefined;
}

export interface ReadVault {
  readonly items: readonly OpenCipher[];
  readonly folderNames: readonly string[];
  item(name: string): OpenCipher;
}

/** Opens a synced vault with nothing but the master password, through the extension's own crypto. */
export async function readVault(vault: EncryptedVault, password: string): Promise<ReadVault> {
  const { masterPasswordUnlock: unlock, profile } = vault;
  if (!unlock || profile.privateKey === undefined) throw new Error('nothing to unlock with');
  const masterKey = await deriveMasterKey(Buffer.from(password), unlock.salt, unlock.kdf);
  const userKey = unwrapUserKey(unlock.masterKeyEncryptedUserKey, masterKey);
  const privateKey = importPrivateKey(decryptBytes(profile.privateKey, userKey));
  const owners = new Map<string | undefined, SymmetricKey>([[undefined, userKey]]);
  for (const { id, key } of profile.organizations) {
    if (key !== undefined) owners.set(id, unwrapOrganizationKey(key, privateKey));
  }
  const items = vault.ciphers.map((cipher): OpenCipher => {
    const owner = owners.get(cipher.organizationId);
    if (!owner) throw new Error(`no key for ${cipher.id}`);
    const key = cipher.key === undefined ? owner : unwrapSymmetricKey(cipher.key, owner);
    const read = (text: string | undefined) => (text === undefined ? undefined : decryptText(text, key));
    return { cipher, name: read(cipher.name) ?? '', read };
  });
  return {
    items,
    folderNames: vault.folders.map(({ name }) => decryptText(name, userKey)),
    item: (wanted) => {
      const found = items.find(({ name }) => name === wanted);
      if (!found) throw new Error(`no item ${wanted}`);
      return found;
    },
  };
}
