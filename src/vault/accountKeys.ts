import { wipe } from '../base/secretBytes';
import type { EncryptedVault, Profile } from '../bitwarden/wire/model';
import { openAccountState } from '../bitwarden/crypto/accountState';
import type { CoseSymmetricKey } from '../bitwarden/crypto/cose/symmetricKey';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { openBytes } from '../bitwarden/crypto/open';
import { importPrivateKey, type PrivateKey } from '../bitwarden/crypto/rsa';
import { openUpgradeToken } from '../bitwarden/crypto/upgradeToken';
import { DecryptionError } from '../bitwarden/errors';
import { AccountStateError } from './errors';

/** What of a vault has to do with its keys. */
export type WrappedAccountKeys = Pick<EncryptedVault, 'profile' | 'upgradeToken'>;

export interface AccountKeys {
  /** The user key to be used from now on, where it is another one than that given. The caller's to wipe. */
  readonly upgradedUserKey: CoseSymmetricKey | undefined;
  /** Undefined: the account has none that opens, so that nothing of organisations can be read. */
  readonly privateKey: PrivateKey | undefined;
  /** See AccountState; 1 without one. */
  readonly securityVersion: number;
}

/**
 * Opens what lies under the user key.
 *
 * V1 encryption: a private key that does not open costs the organisations and nothing else; accounts with a broken one
 * exist (sdk: account_cryptographic_state.rs). V2: all of it has to fit. Where the user key is still that of V1, the
 * token leads to the one of V2.
 *
 * @throws AccountStateError when the state is not that of this user key, or was changed by somebody without it.
 */
export function openAccountKeys(userKey: SymmetricKey, { profile, upgradeToken }: WrappedAccountKeys): AccountKeys {
  const { signed, privateKey } = profile;
  if (signed === undefined) {
    if (userKey.kind !== 'aesCbcHmac') throw new AccountStateError('nothing signed beside a V2 user key');
    return { upgradedUserKey: undefined, privateKey: openPrivateKey(profile, userKey), securityVersion: 1 };
  }
  let upgradedUserKey: CoseSymmetricKey | undefined;
  try {
    if (privateKey === undefined) throw new DecryptionError('no private key');
    if (userKey.kind !== 'aesCbcHmac') {
      return { upgradedUserKey, ...openAccountState({ privateKey, ...signed }, userKey) };
    }
    if (upgradeToken === undefined) throw new DecryptionError('a V1 user key, and no token');
    upgradedUserKey = openUpgradeToken(upgradeToken, userKey);
    return { upgradedUserKey, ...openAccountState({ privateKey, ...signed }, upgradedUserKey) };
  } catch (error) {
    upgradedUserKey?.wipe();
    throw new AccountStateError('not the state of this user key', { cause: error });
  }
}

function openPrivateKey({ privateKey }: Profile, userKey: SymmetricKey): PrivateKey | undefined {
  if (privateKey === undefined) return undefined;
  try {
    const pkcs8 = openBytes(privateKey, userKey, 'privateKey');
    try {
      return importPrivateKey(pkcs8);
    } finally {
      wipe(pkcs8);
    }
  } catch {
    return undefined;
  }
}
