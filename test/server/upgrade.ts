import { CoseSymmetricKey } from '../../src/bitwarden/crypto/cose/symmetricKey';
import type { SymmetricKey } from '../../src/bitwarden/crypto/keys';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../../src/bitwarden/crypto/keyWrapping';
import { openText } from '../../src/bitwarden/crypto/open';
import { sealText } from '../../src/bitwarden/crypto/seal';
import { anyKeyFromBase64, keyToBase64 } from '../support/keys';
import { rsaPair } from './accounts';
import { lockWith } from './masterPassword';
import type { Account, StoredCipher } from './model';
import { makeV2Keys, type V2Options } from './v2Keys';

/**
 * Changes an account from V1 to V2 encryption as the web vault does: with a new user key, everything encrypted again
 * under it, and a token by which unlocked clients get from one key to the other. The security stamp stays.
 */
export async function upgradeToV2(account: Account, options: V2Options): Promise<void> {
  const from = anyKeyFromBase64(account.plainUserKey);
  const to = CoseSymmetricKey.generate(options.userKey);
  for (const folder of account.folders) folder.name = sealText(openText(folder.name, from), to);
  for (const cipher of account.ciphers) if (cipher.organizationId === null) encryptAgain(cipher, from, to);
  const { password, kdf, salt } = account;
  Object.assign(account, makeV2Keys(to, rsaPair(), options), await lockWith(to, { password, kdf, salt }));
  account.plainUserKey = keyToBase64(to);
  account.upgradeToken = { wrappedUserKey1: wrapSymmetricKey(from, to), wrappedUserKey2: wrapSymmetricKey(to, from) };
  account.revisionDate = new Date(Date.parse(account.revisionDate) + 1000).toISOString();
}

/** Encrypts an item again. If it has a key of its own, only that key has to be. */
function encryptAgain(cipher: StoredCipher, from: SymmetricKey, to: SymmetricKey): void {
  if (cipher.key === null) Object.assign(cipher, textsAgain(cipher, from, to));
  else cipher.key = wrapSymmetricKey(unwrapSymmetricKey(cipher.key, from), to);
}

function textsAgain(value: unknown, from: SymmetricKey, to: SymmetricKey): unknown {
  if (typeof value === 'string') return value.startsWith('2.') ? sealText(openText(value, from), to) : value;
  if (Array.isArray(value)) return value.map((each) => textsAgain(each, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, textsAgain(each, from, to)]));
}
