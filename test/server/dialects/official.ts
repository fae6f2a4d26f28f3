import { ok, pascalCased, text, type Call, type JsonObject, type Reply } from '../http';
import type { Account, StoredCipher } from '../model';
import type { RateLimit } from '../rateLimits';
import { checkOfficialCipher } from './officialCipherRules';
import type { Dialect, Verification } from './dialect';
import { atLeast } from '../versions';
import {
  accountKeys,
  cipherCore,
  flatKdf,
  profileCore,
  protectedKey,
  unlockCamel,
  unlockPascal,
  withDates,
} from './shared';

function apiError(status: number, message: string, validationErrors: JsonObject | null = null): Reply {
  return {
    status,
    json: {
      message,
      validationErrors,
      exceptionMessage: null,
      exceptionStackTrace: null,
      innerExceptionMessage: null,
      object: 'error',
    },
  };
}

const modelError = (field: string, message: string) =>
  apiError(400, 'The model state is invalid.', { [field]: [message] });

const tokenError = (error: string): Reply => ({ status: 400, json: { error } });

function tokenErrorWithModel(error: string, description: string, message = description): Reply {
  return {
    status: 400,
    json: { error, error_description: description, ErrorModel: { Message: message, Object: 'error' } },
  };
}

/** As .NET's System.Version reads it: two to four numbers. */
function parseVersion(header: string | string[] | undefined): number[] | undefined {
  return typeof header === 'string' && /^\d+(\.\d+){1,3}$/.test(header) ? header.split('.').map(Number) : undefined;
}

const unauthorized: Reply = { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } };

const date = (iso: string) => iso.replace(/Z$/, '3333Z');

const profile = (account: Account) =>
  withDates({ ...profileCore(account), organizationsNew: profileCore(account).organizations }, date);

/** The redundant copy that the database holds: PascalCase, typed object flattened into it. */
function dataOf(cipher: StoredCipher): string {
  const { name, notes, fields, passwordHistory, typed } = cipher;
  return JSON.stringify(pascalCased({ ...typed, name, notes, fields, passwordHistory }));
}

/** DateTime.MinValue in milliseconds since the epoch. */
const yearOne = -62_135_596_800_000;

/** Each endpoint has its own words (server: src/Api/Auth/Controllers/AccountsController.cs). */
function verificationFailed(reason: Verification, call: Call): Reply {
  if (reason === 'missing') return modelError('', 'MasterPasswordHash, OTP, or AccessCode must be supplied.');
  switch (call.path) {
    case '/api/accounts/security-stamp':
      return modelError('', 'Incorrect password.');
    case '/api/accounts/verify-otp':
      return modelError('Token', 'Invalid token');
    default:
      return modelError('', 'User verification failed.');
  }
}

const versionMissing =
  'No client version header found, required to prevent encryption errors. ' +
  'Please confirm your client is supplying the header: "Bitwarden-Client-Version"';

const v2Since = [2025, 11, 0];

const outOfDate =
  'The item cannot be saved because it is out of date. To edit this item, first sync your vault, or log out and back in.';

/** Those of the cloud; who hosts the server has none (server: src/Identity/appsettings.json, src/Api/appsettings.json). */
const cloudLimits: readonly RateLimit[] = [
  { method: 'POST', path: /^\/identity\/connect\/token$/, kind: 'window', most: 10, seconds: 60 },
  { path: /^\/identity\//, kind: 'window', most: 60, seconds: 60 },
  { path: /^\/identity\//, kind: 'window', most: 5, seconds: 1 },
  { method: 'GET', path: /^\/api\//, kind: 'window', most: 200, seconds: 60 },
  ...['POST', 'PUT', 'DELETE'].flatMap((method): RateLimit[] => [
    { method, path: /^\/api\//, kind: 'window', most: 60, seconds: 60 },
    { method, path: /^\/api\//, kind: 'window', most: 5, seconds: 1 },
  ]),
];

/** bitwarden/server as of 2026.8 (PROTOCOL.md sections 1 to 4, 7 and 10). */
export const official: Dialect = {
  name: 'official',
  tokenLifetimeSeconds: 3600,
  tokensDieWithStamp: false,
  rotationTouchesRevision: false,
  verificationTakesBoth: true,
  verificationTakesAccessCode: true,
  snakeCaseFields: false,
  absentResets: true,
  storesData: true,
  date,

  rateLimits: cloudLimits,

  rateLimited: ({ limit, waitSeconds }) => ({
    ...apiError(429, `Slow down! Too many requests. Try again in ${limit.seconds === 60 ? '1m' : '1s'}.`),
    headers: { 'Retry-After': String(waitSeconds) },
  }),
  config: (urls) => ({
    object: 'config',
    version: '2026.8.0',
    gitHash: 'ac309aa',
    server: null,
    environment: {
      api: urls.api,
      identity: urls.identity,
      cloudRegion: 'US',
      vault: urls.base,
      notifications: `${urls.base}/notifications`,
      sso: `${urls.base}/sso`,
    },
    featureStates: { 'cipher-key-encryption': true },
    push: { pushTechnology: 0, vapidPublicKey: null },
    communication: null,
    settings: { disableUserRegistration: false, suppressOnboardingInterstitials: false },
  }),

  checkClientVersion: (call, account) => {
    const version = parseVersion(call.headers['bitwarden-client-version']);
    if (!version) return tokenErrorWithModel('version_header_missing', versionMissing);
    return account.v2Keys === null || atLeast(version, v2Since)
      ? undefined
      : tokenErrorWithModel('invalid_client_version', 'Please update your app to continue using Bitwarden');
  },
  clientVersion: (call) => parseVersion(call.headers['bitwarden-client-version']),
  checkTokenFields: () => undefined,
  checkDevice: (form) =>
    ['devicetype', 'deviceidentifier', 'devicename'].every((name) => form.get(name))
      ? undefined
      : tokenErrorWithModel('device_error', 'No device information provided', 'no device information provided'),
  refuseClient: () => tokenError('invalid_client'),
  refuseScope: () => tokenError('invalid_scope'),
  refuseGrant: () => tokenError('unsupported_grant_type'),
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
      MasterPasswordUnlock: unlockPascal(account),
      Object: 'userDecryptionOptions',
    },
  }),

  notFound: () => apiError(404, 'Resource not found.'),
  unknownRoute: () => ({ status: 404 }),
  unauthorized: () => unauthorized,
  outOfScope: () => ({ status: 403 }),
  badRequest: (message) => apiError(400, message),
  invalidField: modelError,
  verificationFailed,
  // server: src/Api/Vault/Controllers/SyncController.cs:94-97, AccountsController.cs GetAccountRevisionDate.
  accountGone: (call) => {
    if (call.path === '/api/sync') return apiError(400, 'User not found.');
    return call.path === '/api/accounts/revision-date' ? ok(yearOne) : unauthorized;
  },

  profile,
  // server: src/Core/KeyManagement/Queries/UserAccountKeysQuery.cs:18, which the sync guards and this does not.
  profileAnswer: (account) =>
    account.wrappedPrivateKey === null
      ? apiError(500, 'An unhandled server error has occurred.')
      : ok(profile(account)),
  finishSync: (sync, account) => ({
    ...sync,
    policiesNew: sync.policies,
    userDecryption: { masterPasswordUnlock: unlockCamel(account, { containedKeyId: null }), v2UpgradeToken: null },
  }),
  cipher: (account, cipher, object) => {
    const { collectionIds, ...core } = withDates(cipherCore(account, cipher), date);
    return {
      ...core,
      ...(object === 'cipherDetails' ? { collectionIds } : {}),
      data: cipher.blob ?? dataOf(cipher),
      object,
    };
  },
  outOfDate: (known, current) => (Math.abs(Date.parse(known) - Date.parse(current)) > 1000 ? outOfDate : undefined),
  messages: {
    readOnly: 'You do not have permissions to edit this.',
    noDelete: 'You do not have permissions to delete this.',
    organizationMismatch: 'Organization mismatch. Re-sync if you recently moved this item, then try again.',
  },
  checkCipher: (request, account) => {
    const encryptedFor = text(request.encryptedFor);
    if (encryptedFor !== null && encryptedFor !== account.id) {
      return apiError(400, 'Cipher was not encrypted for the current user. Please try again.');
    }
    const problem = checkOfficialCipher(request);
    return problem && modelError(problem.field, problem.message);
  },
};
