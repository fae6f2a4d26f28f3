import assert from 'node:assert/strict';
import { ServerApi } from '../../../../src/bitwarden/api/serverApi';
import {
  AccountGoneError,
  HttpError,
  MalformedAnswerError,
  NetworkError,
  UnauthorizedError,
  UserVerificationError,
} from '../../../../src/bitwarden/errors';
import { createAccount } from '../../../server/accounts';
import { withServer } from '../../server/caller';
import {
  httpClient,
  json,
  loopbackServers,
  officialRefusal,
  vaultwardenRefusal,
  type Handler,
  type Loopback,
} from '../loopback';

const serve = loopbackServers();
const TOKEN = 'a.b.c';
const HASH = () => ({ masterPasswordHash: 'aGFzaA==' });
const SECRET = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123';

async function asking(handler: Handler) {
  const server = await serve(handler);
  return { server, accounts: new ServerApi(await httpClient(), server.urls, TOKEN).accounts };
}

function answering(answer: unknown, status = 200) {
  return asking((response) => json(response, status, answer));
}

function sent(server: Loopback): string[] {
  return server.requests.map(({ method, url, body, headers }) => {
    assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    return `${method} ${url} ${body}`;
  });
}

describe('the API key', () => {
  it('is viewed with a password hash', async () => {
    const { accounts, server } = await answering({ apiKey: SECRET, revisionDate: 'x', object: 'apiKey' });
    assert.equal(await accounts.viewApiKey(HASH), SECRET);
    assert.deepEqual(sent(server), ['POST /sub/api/accounts/api-key {"masterPasswordHash":"aGFzaA=="}']);
  });

  it('is rotated with a one-time code', async () => {
    const { accounts, server } = await answering({ ApiKey: SECRET });
    assert.equal(await accounts.rotateApiKey(() => ({ otp: '123456' })), SECRET);
    assert.deepEqual(sent(server), ['POST /sub/api/accounts/rotate-api-key {"otp":"123456"}']);
  });

  for (const apiKey of [
    undefined,
    null,
    '',
    'short',
    7,
    `${SECRET}\n`,
    `${SECRET} x`,
    'é'.repeat(30),
    'x'.repeat(257),
  ]) {
    it(`is not taken from an answer with ${JSON.stringify(String(apiKey).slice(0, 40))}`, async () => {
      const { accounts } = await answering({ apiKey });
      await assert.rejects(accounts.rotateApiKey(HASH), MalformedAnswerError);
    });
  }

  it('is rotated once, even if the answer is lost', async () => {
    const { accounts, server } = await asking((response) => response.socket?.destroy());
    await assert.rejects(
      accounts.rotateApiKey(HASH),
      (error) => error instanceof NetworkError && error.reason === 'dropped',
    );
    assert.equal(server.requests.length, 1);
  });

  for (const [dialect, refusal] of [
    ['official', officialRefusal('User verification failed.')],
    ['official, security stamp', officialRefusal('Incorrect password.')],
    ['official, password alone', officialRefusal('Invalid password.', 'MasterPasswordHash')],
    ['official code', officialRefusal('Invalid token', 'Token')],
    ['Vaultwarden password', vaultwardenRefusal('Invalid password')],
    ['Vaultwarden code', vaultwardenRefusal('Token is invalid')],
    ['Vaultwarden late code', vaultwardenRefusal('Token has expired')],
    [
      'Vaultwarden, no code asked for',
      vaultwardenRefusal('Protected action token not found, try sending the code again or restart the process'),
    ],
  ] as const) {
    it(`stays closed without verification: ${dialect}`, async () => {
      const { accounts } = await answering(refusal, 400);
      await assert.rejects(accounts.viewApiKey(HASH), UserVerificationError);
      await assert.rejects(accounts.rotateApiKey(HASH), UserVerificationError);
      await assert.rejects(accounts.deauthorizeSessions(HASH), UserVerificationError);
    });
  }

  for (const [what, status, kind, message] of [
    ['another 400', 400, HttpError],
    ['an expired token', 401, UnauthorizedError],
    ['a proxy', 403, HttpError, 'Invalid token of this proxy'],
  ] as const) {
    it(`is not confused by ${what}`, async () => {
      const { accounts } = await answering(officialRefusal(message ?? 'No validation provided'), status);
      await assert.rejects(accounts.viewApiKey(HASH), kind);
    });
  }
});

describe('sessions and codes', () => {
  it('answer with nothing', async () => {
    const { accounts, server } = await asking((response) => response.end());
    await accounts.deauthorizeSessions(HASH);
    await accounts.requestOtp();
    assert.deepEqual(sent(server), [
      'POST /sub/api/accounts/security-stamp {"masterPasswordHash":"aGFzaA=="}',
      'POST /sub/api/accounts/request-otp ',
    ]);
  });

  it('are not believed when a proxy answers', async () => {
    const { accounts } = await asking((response) => response.end('<html>'));
    await assert.rejects(accounts.deauthorizeSessions(HASH), MalformedAnswerError);
  });
});

describe('the account', () => {
  for (const answer of [1790000000000, 0]) {
    it(`tells its revision date ${answer}`, async () => {
      const { accounts, server } = await answering(answer);
      assert.equal(await accounts.getRevisionDate(), answer);
      assert.deepEqual(sent(server), ['GET /sub/api/accounts/revision-date ']);
    });
  }

  for (const answer of [-62135596800000, -1]) {
    it(`is gone when its revision date is ${answer}`, async () => {
      const { accounts } = await answering(answer);
      await assert.rejects(accounts.getRevisionDate(), AccountGoneError);
    });
  }

  for (const answer of ['1790000000000', null, {}]) {
    it(`has no revision date ${JSON.stringify(answer)}`, async () => {
      const { accounts } = await answering(answer);
      await assert.rejects(accounts.getRevisionDate(), MalformedAnswerError);
    });
  }

  it('tells its profile', async () => {
    const { accounts, server } = await answering({
      Id: 'u1',
      Email: 'a@b.c',
      SecurityStamp: 'stamp',
      PremiumFromOrganization: true,
      Organizations: [{ Id: 'o1', Name: 'Org', Enabled: false, Type: 0, Key: '4.x' }, { Name: 'no id' }, 7],
    });
    assert.deepEqual(await accounts.getProfile(), {
      id: 'u1',
      email: 'a@b.c',
      securityStamp: 'stamp',
      key: undefined,
      privateKey: undefined,
      signed: undefined,
      organizations: [{ id: 'o1', name: 'Org', enabled: false, role: 'owner', usePolicies: true, key: '4.x' }],
    });
    assert.deepEqual(sent(server), ['GET /sub/api/accounts/profile ']);
  });

  it('tells the profile of a member of hundreds of organisations', async () => {
    const organizations = Array.from({ length: 700 }, (_, at) => ({ name: `Organisation ${at}` }));
    const account = await createAccount({ organizations });
    await withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      const { urls } = caller.server;
      caller.token = caller.server.issueToken();
      assert.ok((await caller.api('GET', 'accounts/profile')).text.length > 1024 * 1024);
      const api = new ServerApi(await httpClient(), { ...urls, webVault: urls.base }, caller.token);
      const profile = await api.accounts.getProfile();
      assert.deepEqual([profile.id, profile.organizations[499]?.name], [account.id, 'Organisation 499']);
    });
  });

  it('needs an id and an e-mail', async () => {
    const { accounts } = await answering({ id: 'u1' });
    await assert.rejects(
      accounts.getProfile(),
      (error) => error instanceof MalformedAnswerError && error.expected === 'profile.email',
    );
  });
});
