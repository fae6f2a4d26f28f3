import { formBody, jsonBody, ok, text, type Call, type Reply } from '../http';
import type { Account } from '../model';
import type { RouteFactory } from '../router';
import { wireKdf } from '../dialects/shared';
import type { ServerState } from '../state';

type Form = ReadonlyMap<string, string>;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Issues an access token for an account, as connect/token would now. */
export function issueUserToken(state: ServerState, account: Account, device: string, deviceType = '25'): string {
  const { identity } = state.dialect;
  if (!account.devices.includes(device)) account.devices.push(device);
  const claims = {
    sub: account.id,
    client_id: account.clientId,
    scope: ['api'],
    amr: ['Application'],
    email: account.email,
    email_verified: true,
    name: account.name,
    premium: account.premium,
    sstamp: account.securityStamp,
    device,
    ...identity.userClaims(account, deviceType, state.urls()),
  };
  return state.tokens.issue(claims, identity.tokenLifetimeSeconds);
}

function userToken(state: ServerState, form: Form, call: Call): Reply {
  const { identity } = state.dialect;
  const [, id] = /^user\.(.*)$/.exec(form.get('clientid') ?? '') ?? [];
  if (id === undefined || !guid.test(id)) return identity.refuseClient('malformedId');
  const account = state.accounts.find((candidate) => candidate.id === id.toLowerCase());
  if (!account) return identity.refuseClient('unknownId');
  const secret = form.get('clientsecret') ?? '';
  if (account.clientSecret === '' || secret !== account.clientSecret) return identity.refuseClient('wrongSecret');
  const unfit = identity.checkClientVersion(call, account) ?? identity.checkDevice(form);
  if (unfit) return unfit;
  const token = issueUserToken(state, account, form.get('deviceidentifier') ?? '', form.get('devicetype'));
  const answer = identity.tokenAnswer(account, token);
  if (state.oldAnswers) {
    delete answer.UserDecryptionOptions;
    delete answer.AccountKeys;
  }
  return ok(answer);
}

function organizationToken(state: ServerState, form: Form): Reply {
  const { identity } = state.dialect;
  const [, id] = /^organization\.(.*)$/.exec(form.get('clientid') ?? '') ?? [];
  if (id === undefined || !guid.test(id)) return identity.refuseClient('malformedId');
  const organization = state.accounts.flatMap(({ organizations }) => organizations).find((each) => each.id === id);
  if (!organization?.enabled) return identity.refuseClient('unknownId');
  if (form.get('clientsecret') !== organization.apiKey) return identity.refuseClient('wrongSecret');
  const claims = identity.organizationClaims(organization);
  const lifetime = 3600;
  const token = state.tokens.issue(claims, lifetime);
  return ok({ access_token: token, expires_in: lifetime, token_type: 'Bearer', scope: claims.scope.join(' ') });
}

function connectToken(state: ServerState, call: Call): Reply {
  const { identity } = state.dialect;
  const form = formBody(call, identity.snakeCaseFields);
  if (form.get('granttype') !== 'client_credentials') return identity.refuseGrant();
  const kind = identity.clientKind(form);
  if (kind === 'user') return userToken(state, form, call);
  return kind === 'organization' ? organizationToken(state, form) : kind;
}

function prelogin(state: ServerState, call: Call): Reply {
  const { identity, refuse } = state.dialect;
  const email = (text(jsonBody(call, refuse.malformed).email) ?? '').trim().toLowerCase();
  const { kdf, salt } = identity.prelogin(
    email,
    state.accounts.find((candidate) => candidate.email === email),
  );
  const kdfSettings = wireKdf({ kdf });
  return ok({
    kdf: kdfSettings.kdfType,
    kdfIterations: kdfSettings.iterations,
    kdfMemory: kdfSettings.memory,
    kdfParallelism: kdfSettings.parallelism,
    kdfSettings,
    salt,
  });
}

export const identityRoutes: RouteFactory = (state) => {
  const ask = (call: Call) => prelogin(state, call);
  return {
    'POST /identity/connect/token': (call) => connectToken(state, call),
    'POST /identity/accounts/prelogin': ask,
    'POST /identity/accounts/prelogin/password': ask,
    ...Object.fromEntries(state.dialect.identity.preloginAliases.map((route) => [route, ask])),
  };
};
