import { createSecretKey, randomBytes } from 'node:crypto';
import { copySecret, secretFromText } from '../../src/base/secretBytes';
import { encryptAesCbc } from '../../src/bitwarden/crypto/aesCbc';
import { type CborValue, encodeCbor } from '../../src/bitwarden/crypto/cose/cbor';
import { padKey } from '../../src/bitwarden/crypto/cose/padding';
import { formatEncString } from '../../src/bitwarden/crypto/encString';
import { deriveMasterKey } from '../../src/bitwarden/crypto/kdf';
import { stretchMasterKey } from '../../src/bitwarden/crypto/masterKey';
import { sealBytes } from '../../src/bitwarden/crypto/seal';
import type { Account } from '../server/model';

/** Gives the account a user key of 32 bytes, which encrypts without a MAC. */
export async function giveShortUserKey(account: Account, withoutMac: boolean): Promise<void> {
  const masterKey = await deriveMasterKey(secretFromText(account.password), account.salt, account.kdf);
  const userKey = randomBytes(32);
  const iv = randomBytes(16);
  account.masterKeyEncryptedUserKey = withoutMac
    ? formatEncString({ type: 0, iv, ciphertext: encryptAesCbc(createSecretKey(masterKey), iv, userKey) })
    : sealBytes(userKey, stretchMasterKey(masterKey), 'keyOf64Bytes');
}

/** Gives the account a COSE key as its user key, of an algorithm that does not exist. */
export async function giveUnknownUserKey(account: Account): Promise<void> {
  const masterKey = await deriveMasterKey(secretFromText(account.password), account.salt, account.kdf);
  const cose = new Map<CborValue, CborValue>([
    [1, 4],
    [2, randomBytes(16)],
    [3, -70099],
    [-1, randomBytes(32)],
  ]);
  const padded = padKey(copySecret(encodeCbor(cose)));
  account.masterKeyEncryptedUserKey = sealBytes(padded, stretchMasterKey(masterKey), 'coseKey');
}
