import { wipe } from '../base/secretBytes';
import type { Profile } from '../bitwarden/wire/model';
import { openAccountState } from '../bitwarden/crypto/accountState';
import type { CoseSymmetricKey } from '../bitwarden/crypto/cose/symmetricKey';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { openBytes } from '../bitwarden/crypto/open';
import { importPrivateKey, type PrivateKey } from '../bitwarden/crypto/rsa';
import { openUpgradeToken } from '../bitwarden/crypto/upgradeToken';
import { DecryptionError } from '../bitwarden/errors';
import type { VaultAccount } from './encryptedVault';
import { AccountStateError } from './errors';

/** The parts of a vault that its keys are in. */
export type WrappedAccountKeys = Pick<VaultAccount, 'profile' | 'upgradeToken'>;

/** The keys of an account, opened. */
export interface AccountKeys {
  /** The user key of V2 encryption, if the given one is that of before the upgrade. The caller wipes it. */
  readonly upgradedUserKey: CoseSymmetricKey | undefined;
  /** Undefined: the account has no private key that can be opened, so nothing of its organisations can be read. */
  readonly privateKey: PrivateKey | undefined;
  /** See AccountState. 1 for accounts that have no such state. */
  readonly securityVersion: number;
}

/**
 * Opens the keys that are encrypted under the user key.
 *
 * V1 encryption: if the private key does not open, only what belongs to organisations cannot be read. Accounts with a
 * broken one exist (sdk: account_cryptographic_state.rs). V2 encryption: everything has to fit. Where the user key is
 * still that of V1, the upgrade token leads to the one of V2.
 *
 * @param userKey stays the caller's to wipe.
 * @throws AccountStateError when the state does not belong to this user key, or was changed by somebody without it.
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
