import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { deriveMasterKey, type KdfConfig, masterPasswordHash } from '../../src/bitwarden/crypto/kdf';
import { stretchMasterKey, SymmetricKey } from '../../src/bitwarden/crypto/keys';
import type { Account } from './model';
import { encryptAesCbc, encryptBytes, wrapSymmetricKey } from '../support/encrypt';
import { v2Account } from '../support/vectors/cose';

export interface MasterPassword {
  readonly password: string;
  readonly kdf: KdfConfig;
  readonly salt: string;
  /** Wraps as accounts of the first years do: AES-CBC under the unstretched master key, without a MAC. */
  readonly withoutMac?: boolean;
  /** Wraps the COSE key of a recorded account instead. */
  readonly cose?: boolean;
}

type Locked = Pick<Account, 'password' | 'kdf' | 'salt' | 'masterPasswordHash' | 'masterKeyEncryptedUserKey'>;

function wrapWithoutMac(userKey: SymmetricKey, masterKey: Uint8Array): string {
  const iv = randomBytes(16);
  const ciphertext = encryptAesCbc(createSecretKey(masterKey), iv, userKey.bytes);
  return `0.${iv.toString('base64')}|${ciphertext.toString('base64')}`;
}

/** What the server keeps of a master password: its hash, and the user key wrapped under it. */
export async function lockWith(userKey: SymmetricKey, options: MasterPassword): Promise<Locked> {
  const { password, kdf, salt, withoutMac, cose } = options;
  const passwordBytes = Buffer.from(password);
  const masterKey = await deriveMasterKey(passwordBytes, salt, kdf);
  const wrapped = withoutMac
    ? wrapWithoutMac(userKey, masterKey)
    : cose
      ? encryptBytes(Buffer.from(v2Account.userKey, 'base64'), stretchMasterKey(masterKey))
      : wrapSymmetricKey(userKey, stretchMasterKey(masterKey));
  const hash = await masterPasswordHash(masterKey, passwordBytes);
  return { password, kdf, salt, masterPasswordHash: hash, masterKeyEncryptedUserKey: wrapped };
}

/** As a password or KDF change in the web vault does: same user key, another wrapping and another security stamp. */
export async function changeMasterPassword(account: Account, change: Partial<MasterPassword>): Promise<void> {
  const userKey = SymmetricKey.fromBytes(Buffer.from(account.plainUserKey, 'base64'));
  const { password, kdf, salt } = account;
  Object.assign(account, await lockWith(userKey, { password, kdf, salt, ...change }));
  account.securityStamp = randomUUID();
  account.devices = [];
  account.revisionDate = new Date().toISOString();
}
