import {
  type InitOrgCryptoRequest,
  type InitUserCryptoRequest,
  ManagedSettingsClient,
  PasswordManagerClient,
} from '@bitwarden/sdk-internal';
import type { UpgradeToken } from '../../src/bitwarden/crypto/upgradeToken';
import type { Account } from '../server/model';

export interface SdkOptions {
  /** Base64 of the user key; opened with the master password unless given. */
  readonly userKey?: string;
  readonly upgradeToken?: UpgradeToken | null;
}

/**
 * The library in the official clients, with the keys of this account and of its organisations.
 *
 * @throws what the library throws when it does not accept the account.
 */
export async function sdkClient(account: Account, options: SdkOptions = {}): Promise<PasswordManagerClient> {
  const client = new PasswordManagerClient(() => Promise.resolve(''), {}, new ManagedSettingsClient());
  // The types of the library brand every text.
  await client.crypto().initialize_user_crypto(userRequest(account, options) as unknown as InitUserCryptoRequest);
  const organizationKeys = new Map(account.organizations.map(({ id, wrappedKey }) => [id, wrappedKey]));
  await client.crypto().initialize_org_crypto({ organizationKeys } as unknown as InitOrgCryptoRequest);
  return client;
}

function userRequest(account: Account, { userKey, upgradeToken }: SdkOptions) {
  const { kdf, v2Keys, wrappedPrivateKey, password, masterKeyEncryptedUserKey, salt } = account;
  if (kdf.type !== 'pbkdf2') throw new Error('not an account of these tests');
  const kdfParams = { pBKDF2: { iterations: kdf.iterations } };
  const unlock = { kdf: kdfParams, masterKeyWrappedUserKey: masterKeyEncryptedUserKey, salt };
  return {
    userId: account.id,
    kdfParams,
    email: account.email,
    accountCryptographicState: v2Keys
      ? {
          V2: {
            private_key: wrappedPrivateKey,
            signing_key: v2Keys.wrappedSigningKey,
            signed_public_key: v2Keys.signedPublicKey,
            security_state: v2Keys.securityState,
          },
        }
      : { V1: { private_key: wrappedPrivateKey } },
    method:
      userKey === undefined
        ? { masterPasswordUnlock: { password, master_password_unlock: unlock } }
        : { decryptedKey: { decrypted_user_key: userKey } },
    ...(upgradeToken
      ? {
          upgradeToken: {
            wrapped_user_key_1: upgradeToken.wrappedUserKey1,
            wrapped_user_key_2: upgradeToken.wrappedUserKey2,
          },
        }
      : {}),
  };
}
