import { createHash } from 'node:crypto';
import type { KdfConfig } from '../../../../src/bitwarden/crypto/kdf';
import type { Call, Reply } from '../../http';
import type { Account } from '../../model';
import type { IdentityDialect } from '../dialect';
import { accountKeys, atLeast, flatKdf, protectedKey, unlockPascal } from '../shared';

const tokenError = (error: string): Reply => ({ status: 400, json: { error } });

function tokenErrorWithModel(error: string, description: string, message = description): Reply {
  return {
    status: 400,
    json: { error, error_description: description, ErrorModel: { Message: message, Object: 'error' } },
  };
}

/** As .NET's System.Version reads it: two to four numbers. */
function clientVersion(call: Call): number[] | undefined {
  const header = call.headers['bitwarden-client-version'];
  return typeof header === 'string' && /^\d+(\.\d+){1,3}$/.test(header) ? header.split('.').map(Number) : undefined;
}

const VERSION_MISSING =
  'No client version header found, required to prevent encryption errors. ' +
  'Please confirm your client is supplying the header: "Bitwarden-Client-Version"';

const V2_SINCE = [2025, 11, 0];

/** Names of the device types that we send (server: src/Core/Enums/DeviceType.cs). */
const DEVICE_TYPES: Readonly<Record<string, string>> = { 23: 'WindowsCLI', 24: 'MacOsCLI', 25: 'LinuxCLI' };

/**
 * The settings that are made up (server: src/Identity/Controllers/AccountsController.cs:45-75). The default is there
 * twice, so that it is chosen more often.
 */
const DEFAULT_KDFS: readonly KdfConfig[] = [
  { type: 'pbkdf2', iterations: 600_000 },
  { type: 'pbkdf2', iterations: 600_000 },
  { type: 'pbkdf2', iterations: 100_000 },
  { type: 'pbkdf2', iterations: 5000 },
  { type: 'argon2id', iterations: 3, memoryMiB: 64, parallelism: 4 },
];

/**
 * Answers also for addresses without an account, so that nobody can find out who has one: with made-up settings, half
 * of them with a salt (line 285).
 */
function prelogin(email: string, account: Account | undefined) {
  // Accounts that were made before salts were stored have none.
  if (account) return { kdf: account.kdf, salt: account.salt === account.email ? null : account.salt };
  const [first = 0, second = 0] = createHash('sha256').update(email).digest();
  const kdf = DEFAULT_KDFS[first % DEFAULT_KDFS.length] ?? { type: 'pbkdf2', iterations: 600_000 };
  return { kdf, salt: second % 2 === 0 ? email : null };
}

function clientKind(form: ReadonlyMap<string, string>): 'user' | 'organization' | Reply {
  const [kind] = (form.get('clientid') ?? '').split('.');
  if (kind !== 'user' && kind !== 'organization') return tokenError('invalid_client');
  return form.get('scope') === (kind === 'user' ? 'api' : 'api.organization') ? kind : tokenError('invalid_scope');
}

export const identity: IdentityDialect = {
  tokenLifetimeSeconds: 3600,
  tokensDieWithStamp: false,
  snakeCaseFields: false,
  preloginAliases: [],

  clientKind,
  checkClientVersion: (call, account) => {
    const version = clientVersion(call);
    if (!version) return tokenErrorWithModel('version_header_missing', VERSION_MISSING);
    return account.v2Keys === null || atLeast(version, V2_SINCE)
      ? undefined
      : tokenErrorWithModel('invalid_client_version', 'Please update your app to continue using Bitwarden');
  },
  clientVersion,
  checkDevice: (form) =>
    ['devicetype', 'deviceidentifier', 'devicename'].every((name) => form.get(name))
      ? undefined
      : tokenErrorWithModel('device_error', 'No device information provided', 'no device information provided'),
  refuseClient: () => tokenError('invalid_client'),
  refuseGrant: () => tokenError('unsupported_grant_type'),
  userClaims: (account, deviceType) => ({
    devicetype: DEVICE_TYPES[deviceType] ?? deviceType,
    orguser: account.organizations.map(({ id }) => id),
  }),
  organizationClaims: ({ id }) => ({ sub: id, client_id: `organization.${id}`, scope: ['api.organization'] }),
  tokenAnswer: (account, accessToken) => ({
    access_token: accessToken,
    expires_in: 3600,
    token_type: 'Bearer',
    scope: 'api',
    ...(account.wrappedPrivateKey === null
      ? {}
      : { PrivateKey: account.wrappedPrivateKey, AccountKeys: accountKeys(account, 'Object') }),
    ...(account.hasMasterPassword ? { Key: protectedKey(account) } : {}),
    MasterPasswordPolicy: { Object: 'masterPasswordPolicy' },
    ForcePasswordReset: false,
    ...flatKdf(account),
    UserDecryptionOptions: {
      HasMasterPassword: account.hasMasterPassword,
      MasterPasswordUnlock: unlockPascal(
        account,
        account.userKeyId === null ? {} : { ContainedKeyId: account.userKeyId },
      ),
      Object: 'userDecryptionOptions',
    },
  }),
  prelogin,
};
