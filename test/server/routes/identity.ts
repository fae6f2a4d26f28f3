import { createHash } from 'node:crypto';
import { formBody, jsonBody, ok, text, type Call, type Reply } from '../http';
import type { Account } from '../model';
import type { RouteFactory } from '../router';
import { wireKdf } from '../dialects/shared';
import type { ServerState } from '../state';

type Form = ReadonlyMap<string, string>;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Access token for an account, as connect/token would hand it out now. */
export function issueUserToken(state: ServerState, account: Account, device: string, deviceType = '25'): string {
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
    devicetype: deviceType,
  };
  return state.tokens.issue(claims, state.dialect.tokenLifetimeSeconds);
}

function userToken(state: ServerState, form: Form, call: Call): Reply {
  const { dialect } = state;
  const id = (form.get('clientid') ?? '').slice('user.'.length);
  if (!guid.test(id)) return dialect.refuseClient('malformedId');
  const account = state.accounts.find((candidate) => candidate.id === id.toLowerCase());
  if (!account) return dialect.refuseClient('unknownId');
  const secret = form.get('clientsecret') ?? '';
  if (account.clientSecret === '' || secret !== account.clientSecret) return dialect.refuseClient('wrongSecret');
  const unfit = dialect.checkClientVersion(call, account) ?? dialect.checkDevice(form);
  if (unfit) return unfit;
  const token = issueUserToken(state, account, form.get('deviceidentifier') ?? '', form.get('devicetype'));
  const answer = dialect.tokenAnswer(account, token);
  if (state.oldAnswers) {
    delete answer.UserDecryptionOptions;
    delete answer.AccountKeys;
  }
  return ok(answer);
}

function organizationToken(state: ServerState, form: Form): Reply {
  const { dialect, tokens } = state;
  const id = (form.get('clientid') ?? '').slice('organization.'.length);
  if (!guid.test(id)) return dialect.refuseClient('malformedId');
  const organization = state.accounts.flatMap(({ organizations }) => organizations).find((each) => each.id === id);
  if (!organization?.enabled) return dialect.refuseClient('unknownId');
  if (form.get('clientsecret') !== organization.apiKey) return dialect.refuseClient('wrongSecret');
  const scope = 'api.organization';
  const lifetime = 3600;
  const token = tokens.issue({ sub: `organization.${id}`, scope: [scope] }, lifetime);
  return ok({ access_token: token, expires_in: lifetime, token_type: 'Bearer', scope });
}

function connectToken(state: ServerState, call: Call): Reply {
  const { dialect } = state;
  const form = formBody(call, dialect.snakeCaseFields);
  if (form.get('granttype') !== 'client_credentials') return dialect.refuseGrant();
  const incomplete = dialect.checkTokenFields(form);
  if (incomplete) return incomplete;
  const clientId = form.get('clientid') ?? '';
  const kind = clientId.split('.')[0];
  if (kind !== 'user' && kind !== 'organization') return dialect.refuseClient('malformedId');
  if (form.get('scope') !== (kind === 'user' ? 'api' : 'api.organization')) return dialect.refuseScope();
  return kind === 'user' ? userToken(state, form, call) : organizationToken(state, form);
}

/** An unknown address gets settings all the same, and always the same ones, so that nobody can probe for accounts. */
function prelogin(state: ServerState, call: Call): Reply {
  const email = (text(jsonBody(call).email) ?? '').trim().toLowerCase();
  const account = state.accounts.find((candidate) => candidate.email === email);
  const first = createHash('sha256').update(email).digest()[0] ?? 0;
  const official = state.dialect.name === 'official';
  const fake: Account['kdf'] =
    official && first % 2 === 1
      ? { type: 'argon2id', iterations: 3, memoryMiB: 64, parallelism: 4 }
      : { type: 'pbkdf2', iterations: 600_000 };
  const kdfSettings = wireKdf(account ?? { kdf: fake });
  return ok({
    kdf: kdfSettings.kdfType,
    kdfIterations: kdfSettings.iterations,
    kdfMemory: kdfSettings.memory,
    kdfParallelism: kdfSettings.parallelism,
    kdfSettings,
    salt: official ? (account?.salt ?? email) : null,
  });
}

export const identityRoutes: RouteFactory = (state) => {
  const routes = {
    'POST /identity/connect/token': (call: Call) => connectToken(state, call),
    'POST /identity/accounts/prelogin': (call: Call) => prelogin(state, call),
    'POST /identity/accounts/prelogin/password': (call: Call) => prelogin(state, call),
  };
  if (state.dialect.name === 'official') return routes;
  return { ...routes, 'POST /api/accounts/prelogin': (call: Call) => prelogin(state, call) };
};
