import { html, ok, text, type Call, type JsonObject, type Reply } from '../http';
import type { Account, StoredCipher } from '../model';
import type { ClientRefusal, Dialect, Verification } from './dialect';
import { cipherCore, flatKdf, profileCore, protectedKey, unlockCamel, unlockPascal, withDates } from './shared';

/** Every handled error of Vaultwarden has this shape, connect/token included; `error` is an empty string. */
function handled(message: string, status = 400): Reply {
  return {
    status,
    json: {
      message,
      validationErrors: { '': [message] },
      errorModel: { message, object: 'error' },
      error: '',
      error_description: '',
      exceptionMessage: null,
      exceptionStackTrace: null,
      innerExceptionMessage: null,
      object: 'error',
    },
  };
}

/** What Rocket says where no handler was reached. */
function caught(call: Call, code: number, reason: string, description: string): Reply {
  if (!(call.headers.accept ?? '').includes('application/json')) return html(code, `${code}: ${reason}`);
  return { status: code, json: { error: { code, reason, description } } };
}

const refusals: Readonly<Record<ClientRefusal, string>> = {
  blankId: 'client_id cannot be blank',
  blankSecret: 'client_secret cannot be blank',
  malformedId: 'Malformed client_id',
  unknownId: 'Invalid client_id',
  wrongSecret: 'Incorrect client_secret',
};

const verifications: Readonly<Record<Verification, string>> = {
  missing: 'No validation provided',
  both: 'No validation provided',
  wrongPassword: 'Invalid password',
  wrongOtp: 'Token is invalid',
};

const requiredFields = ['client_id', 'client_secret', 'scope', 'device_identifier', 'device_name', 'device_type'];

/** Strict x.y.z without leading zeros. */
function parseVersion(call: Call): number[] | undefined {
  const header = call.headers['bitwarden-client-version'];
  const strict = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
  return typeof header === 'string' && strict.test(header) ? header.split('.').map(Number) : undefined;
}

const date = (iso: string) => iso.replace(/Z$/, '456Z');

/** The wrapped user key goes by a second name as well. */
const wrappedTwice = (account: Account, name: string) => ({ [name]: account.masterKeyEncryptedUserKey });

function data({ name, notes, typed, fields, passwordHistory }: StoredCipher): JsonObject {
  return { ...typed, name, notes, fields: fields ?? [], passwordHistory: passwordHistory ?? [] };
}

const unauthorized = (call: Call) => caught(call, 401, 'Unauthorized', 'The request requires user authentication.');

const profile = (account: Account) => ({ ...withDates(profileCore(account), date), _status: 0, premium: true });

/** Vaultwarden as of 1.37 (PROTOCOL.md sections 1 to 4, 7 and 10). */
export const vaultwarden: Dialect = {
  name: 'vaultwarden',
  tokenLifetimeSeconds: 7200,
  tokensDieWithStamp: true,
  rotationTouchesRevision: true,
  verificationTakesBoth: false,
  verificationTakesAccessCode: false,
  snakeCaseFields: true,
  absentResets: false,
  storesData: false,
  date,

  rateLimits: [{ method: 'POST', path: /^\/identity\/connect\/token$/, kind: 'bucket', most: 10, seconds: 60 }],

  rateLimited: () => handled('Too many login requests', 429),
  config: (urls) => ({
    object: 'config',
    version: '2026.6.0',
    gitHash: '46d7110',
    server: { name: 'Vaultwarden', url: 'https://github.com/dani-garcia/vaultwarden' },
    environment: {
      api: urls.api,
      identity: urls.identity,
      cloudRegion: null,
      vault: urls.base,
      notifications: `${urls.base}/notifications`,
      sso: '',
    },
    featureStates: {},
    push: { pushTechnology: 0, vapidPublicKey: null },
    communication: null,
    settings: { disableUserRegistration: true },
  }),

  checkClientVersion: () => undefined,
  clientVersion: parseVersion,
  checkTokenFields: (form) => {
    const missing = requiredFields.find((name) => !form.get(name.replaceAll('_', '')));
    return missing === undefined ? undefined : handled(`${missing} cannot be blank`);
  },
  checkDevice: () => undefined,
  refuseClient: (reason) => handled(refusals[reason]),
  refuseScope: () => handled('Scope not supported'),
  refuseGrant: () => handled('Invalid type'),
  tokenAnswer: (account, accessToken) => ({
    access_token: accessToken,
    expires_in: 7200,
    token_type: 'Bearer',
    Key: protectedKey(account),
    PrivateKey: account.wrappedPrivateKey,
    ...flatKdf(account),
    ResetMasterPassword: false,
    ForcePasswordReset: false,
    scope: 'api',
    AccountKeys:
      account.wrappedPrivateKey === null
        ? null
        : {
            publicKeyEncryptionKeyPair: {
              wrappedPrivateKey: account.wrappedPrivateKey,
              publicKey: account.publicKey,
              Object: 'publicKeyEncryptionKeyPair',
            },
            Object: 'privateKeys',
          },
    UserDecryptionOptions: {
      HasMasterPassword: account.hasMasterPassword,
      MasterPasswordUnlock: unlockPascal(account, wrappedTwice(account, 'MasterKeyWrappedUserKey')),
      Object: 'userDecryptionOptions',
    },
  }),

  notFound: (kind) => handled(kind === 'Folder' ? 'Invalid folder' : `${kind} doesn't exist`),
  unknownRoute: (call) =>
    call.path.startsWith('/api/')
      ? {
          status: 404,
          json: {
            error: { code: 404, reason: 'Not Found', description: 'The requested resource could not be found.' },
          },
        }
      : html(404, '404: Not Found'),
  unauthorized,
  outOfScope: unauthorized,
  badRequest: (message) => handled(message),
  invalidField: (_field, message) => handled(message),
  verificationFailed: (reason) => handled(verifications[reason]),

  accountGone: unauthorized,

  profile,
  profileAnswer: (account) => ok(profile(account)),
  finishSync: (sync, account) => ({
    ...sync,
    userDecryption: { masterPasswordUnlock: unlockCamel(account, wrappedTwice(account, 'masterKeyWrappedUserKey')) },
  }),
  cipher: (account, cipher, object) => ({
    ...withDates(cipherCore(account, cipher), date),
    fields: cipher.fields ?? [],
    passwordHistory: cipher.passwordHistory ?? [],
    data: data(cipher),
    object: object === 'cipher' ? 'cipherDetails' : object,
  }),
  outOfDate: (known, current) =>
    Date.parse(current) - Date.parse(known) > 1000
      ? 'The client copy of this cipher is out of date. Resync the client and try again.'
      : undefined,
  messages: {
    readOnly: 'Cipher is not write accessible',
    noDelete: "Cipher can't be deleted by user",
    organizationMismatch: 'Organization mismatch. Please resync the client before updating the cipher',
  },
  checkCipher: (request) => {
    const type = Number(request.type);
    if (!(type >= 1 && type <= 5)) return handled('Invalid type');
    const notes = text(request.notes);
    return notes !== null && notes.length > 10_000
      ? handled('The field Notes exceeds the maximum encrypted value length of 10000 characters.')
      : undefined;
  },
};
