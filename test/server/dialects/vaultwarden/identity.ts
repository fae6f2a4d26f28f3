import type { Call } from '../../http';
import type { Account } from '../../model';
import type { ClientRefusal, IdentityDialect } from '../dialect';
import { flatKdf, protectedKey, unlockPascal } from '../shared';
import { handled } from './refusals';

const refusals: Readonly<Record<ClientRefusal, string>> = {
  blankId: 'client_id cannot be blank',
  blankSecret: 'client_secret cannot be blank',
  malformedId: 'Malformed client_id',
  unknownId: 'Invalid client_id',
  wrongSecret: 'Incorrect client_secret',
};

const REQUIRED_FIELDS = ['client_id', 'client_secret', 'scope', 'device_identifier', 'device_name', 'device_type'];

/** The version must be x.y.z without leading zeros. */
function clientVersion(call: Call): number[] | undefined {
  const header = call.headers['bitwarden-client-version'];
  const strict = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
  return typeof header === 'string' && strict.test(header) ? header.split('.').map(Number) : undefined;
}

/** The scope of the request decides whose key it must have. */
function clientKind(form: ReadonlyMap<string, string>) {
  const missing = REQUIRED_FIELDS.find((name) => !form.get(name.replaceAll('_', '')));
  if (missing !== undefined) return handled(`${missing} cannot be blank`);
  const scope = form.get('scope');
  if (scope === 'api') return 'user';
  return scope === 'api.organization' ? 'organization' : handled('Scope not supported');
}

/** The wrapped user key is also sent under a second name. */
const wrappedTwice = (account: Account) => ({ MasterKeyWrappedUserKey: account.masterKeyEncryptedUserKey });

export const identity: IdentityDialect = {
  tokenLifetimeSeconds: 7200,
  tokensDieWithStamp: true,
  snakeCaseFields: true,
  preloginAliases: ['POST /api/accounts/prelogin'],

  clientKind,
  checkClientVersion: () => undefined,
  clientVersion,
  checkDevice: () => undefined,
  refuseClient: (reason) => handled(refusals[reason]),
  refuseGrant: () => handled('Invalid type'),
  userClaims: (_account, deviceType, { base }) => ({ devicetype: deviceType, iss: `${new URL(base).origin}|login` }),
  organizationClaims: ({ id }) => ({
    sub: id,
    client_id: `organization.${id}`,
    client_sub: id,
    scope: ['api.organization'],
  }),
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
      MasterPasswordUnlock: unlockPascal(account, wrappedTwice(account)),
      Object: 'userDecryptionOptions',
    },
  }),
  prelogin: (_email, account) => ({ kdf: account?.kdf ?? { type: 'pbkdf2', iterations: 600_000 }, salt: null }),
};
