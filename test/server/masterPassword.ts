import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { formatEncString } from '../../src/bitwarden/crypto/encString';
import { deriveMasterKey, derivePasswordHash, type KdfConfig } from '../../src/bitwarden/crypto/kdf';
import type { Account } from './model';
import { encryptAesCbc } from '../../src/bitwarden/crypto/aesCbc';
import { wrapSymmetricKey } from '../../src/bitwarden/crypto/keyWrapping';
import { stretchMasterKey } from '../../src/bitwarden/crypto/masterKey';
import { anyKeyFromBase64 } from '../support/keys';
import type { SymmetricKey } from '../../src/bitwarden/crypto/keys';
import { base64OfSecret, type SecretBytes, secretFromText } from '../../src/base/secretBytes';

export interface MasterPassword {
  readonly password: string;
  readonly kdf: KdfConfig;
  readonly salt: string;
  /** Wraps as in the first years: AES-CBC under the master key without stretching, without a MAC. */
  readonly withoutMac?: boolean;
}

type Locked = Pick<Account, 'password' | 'kdf' | 'salt' | 'masterPasswordHash' | 'masterKeyEncryptedUserKey'>;

function wrapWithoutMac(userKey: SymmetricKey, masterKey: SecretBytes): string {
  const iv = randomBytes(16);
  const ciphertext = encryptAesCbc(createSecretKey(masterKey), iv, userKey.bytes);
  return formatEncString({ type: 0, iv, ciphertext });
}

/** What a server stores of a master password: its hash, and the user key wrapped under it. */
export async function lockWith(userKey: SymmetricKey, options: MasterPassword): Promise<Locked> {
  const { password, kdf, salt, withoutMac } = options;
  const passwordBytes = secretFromText(password);
  const masterKey = await deriveMasterKey(passwordBytes, salt, kdf);
  const wrapped = withoutMac
    ? wrapWithoutMac(userKey, masterKey)
    : wrapSymmetricKey(userKey, stretchMasterKey(masterKey));
  const hash = base64OfSecret(derivePasswordHash(masterKey, passwordBytes));
  return { password, kdf, salt, masterPasswordHash: hash, masterKeyEncryptedUserKey: wrapped };
}

/**
 * Changes the password or the KDF as the web vault does. The user key stays; it is wrapped again, and the security
 * stamp changes.
 */
export async function changeMasterPassword(account: Account, change: Partial<MasterPassword>): Promise<void> {
  const userKey = anyKeyFromBase64(account.plainUserKey);
  const { password, kdf, salt } = account;
  Object.assign(account, await lockWith(userKey, { password, kdf, salt, ...change }));
  account.securityStamp = randomUUID();
  account.devices = [];
  account.revisionDate = new Date().toISOString();
}
