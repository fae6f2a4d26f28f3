import assert from 'node:assert/strict';
import nodeFetch from 'node-fetch';
import { clientIdentity } from '../../../../src/bitwarden/http/clientIdentity';
import type { Fetch } from '../../../../src/bitwarden/http/fetch';
import { HttpClient } from '../../../../src/bitwarden/http/client';
import { parseClientId, prelogin, requestToken, type TokenAnswer } from '../../../../src/bitwarden/api/identity';
import {
  ApiKeyRejectedError,
  ClientVersionError,
  HttpError,
  KdfOutOfBoundsError,
  MalformedAnswerError,
  RateLimitedError,
} from '../../../../src/bitwarden/errors';
import { createAccount } from '../../../server/accounts';
import { withServer } from '../../server/caller';
import { DEVICE, httpClient, json, loopbackServers, vaultwardenRefusal, type Handler } from '../loopback';

const USER = '0b6f1a2c-3d4e-4f50-8a6b-7c8d9e0f1a2b';
const NOW = Date.UTC(2026, 10, 23);
const serve = loopbackServers();

function jwt(claims: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
}

const accessToken = jwt({ sub: USER, email: ' Someone@Example.com' });
const unlock = {
  Kdf: { KdfType: 1, Iterations: 6, Memory: 32, Parallelism: 4 },
  MasterKeyEncryptedUserKey: '2.new|key|mac',
  Salt: 'salt@example.com',
};
const official = {
  access_token: accessToken,
  expires_in: 3600,
  token_type: 'Bearer',
  scope: 'api',
  Key: '2.old|key|mac',
  Kdf: 0,
  KdfIterations: 600000,
  KdfMemory: null,
  KdfParallelism: null,
  UserDecryptionOptions: { HasMasterPassword: true, MasterPasswordUnlock: unlock, Object: 'userDecryptionOptions' },
};
const older = { ...official, UserDecryptionOptions: undefined };

async function signIn(handler: Handler) {
  const server = await serve(handler);
  const http = await httpClient({ now: () => NOW });
  return requestToken(http, server.urls, { clientId: `user.${USER}`, clientSecret: 'se+cret' });
}

const answered = (answer: unknown): Promise<TokenAnswer> => signIn((response) => json(response, 200, answer));
const refused = (status: number, answer: unknown): Promise<TokenAnswer> =>
  signIn((response) => json(response, status, answer));

describe('client_id', () => {
  for (const [typed, parsed] of [
    [`user.${USER}`, { kind: 'user', userId: USER }],
    [`  user.${USER.toUpperCase()}\n`, { kind: 'user', userId: USER }],
    [`organization.${USER}`, { kind: 'organization' }],
    ['organization.', { kind: 'organization' }],
    [`user.${USER}x`, { kind: 'other' }],
    [`user.x.${USER}`, { kind: 'other' }],
    [`user${USER}`, { kind: 'other' }],
    [`User.${USER}`, { kind: 'other' }],
    [USER, { kind: 'other' }],
    ['user.', { kind: 'other' }],
    ['', { kind: 'other' }],
  ] as const) {
    it(`${JSON.stringify(typed)} is ${parsed.kind}`, () => assert.deepEqual(parseClientId(typed), parsed));
  }
});

describe('signing in', () => {
  it('posts the grant with the device', async () => {
    const server = await serve((response) => json(response, 200, official));
    await requestToken(await httpClient(), server.urls, { clientId: `user.${USER}`, clientSecret: 'se+cret&' });
    const [request] = server.requests;
    assert.equal(`${request!.method} ${request!.url}`, 'POST /sub/identity/connect/token');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(request!.body)), {
      grant_type: 'client_credentials',
      client_id: `user.${USER}`,
      client_secret: 'se+cret&',
      scope: 'api',
      deviceType: '25',
      deviceIdentifier: DEVICE,
      deviceName: 'linux',
    });
  });

  it('reads the official answer', async () => {
    assert.deepEqual(await answered(official), {
      accessToken,
      expiresAt: NOW + 3600_000,
      userId: USER,
      email: 'Someone@Example.com',
      hasMasterPassword: true,
      masterPasswordUnlock: {
        kdf: { type: 'argon2id', iterations: 6, memoryMiB: 32, parallelism: 4 },
        salt: 'salt@example.com',
        masterKeyEncryptedUserKey: '2.new|key|mac',
      },
    });
  });

  it('reads camelCase inside', async () => {
    const masterPasswordUnlock = {
      kdf: { kdfType: 0, iterations: 5000, memory: null },
      masterKeyEncryptedUserKey: '2.k|k|k',
      salt: null,
    };
    const answer = await answered({
      ...older,
      userDecryptionOptions: { hasMasterPassword: true, masterPasswordUnlock },
    });
    assert.deepEqual(answer.masterPasswordUnlock, {
      kdf: { type: 'pbkdf2', iterations: 5000 },
      salt: 'someone@example.com',
      masterKeyEncryptedUserKey: '2.k|k|k',
    });
  });

  it('takes the wrapped user key by its other name', async () => {
    const { MasterKeyEncryptedUserKey, ...others } = unlock;
    const MasterPasswordUnlock = { ...others, MasterKeyWrappedUserKey: MasterKeyEncryptedUserKey };
    const answer = await answered({ ...official, UserDecryptionOptions: { MasterPasswordUnlock } });
    assert.equal(answer.masterPasswordUnlock?.masterKeyEncryptedUserKey, '2.new|key|mac');
  });

  it('falls back to Key, Kdf and the e-mail of the token', async () => {
    const answer = await answered(older);
    assert.equal(answer.hasMasterPassword, true);
    assert.deepEqual(answer.masterPasswordUnlock, {
      kdf: { type: 'pbkdf2', iterations: 600000 },
      salt: 'someone@example.com',
      masterKeyEncryptedUserKey: '2.old|key|mac',
    });
  });

  it('falls back where there is an empty object in their place', async () => {
    const UserDecryptionOptions = { HasMasterPassword: true, MasterPasswordUnlock: {} };
    const { masterPasswordUnlock } = await answered({ ...older, UserDecryptionOptions });
    assert.equal(masterPasswordUnlock?.masterKeyEncryptedUserKey, '2.old|key|mac');
  });

  for (const Key of [null, official.Key]) {
    it(`knows accounts without a master password, ${Key === null ? 'without' : 'even with'} a user key`, async () => {
      const UserDecryptionOptions = { HasMasterPassword: false, MasterPasswordUnlock: null };
      const answer = await answered({ ...official, Key, UserDecryptionOptions });
      assert.equal(answer.hasMasterPassword, false);
      assert.equal(answer.masterPasswordUnlock, undefined);
    });
  }

  it('knows accounts without a master password on a server that does not say it', async () => {
    const answer = await answered({ ...older, Key: null });
    assert.equal(answer.hasMasterPassword, false);
    assert.equal(answer.masterPasswordUnlock, undefined);
  });

  it('believes in a master password for which it gets no more than the word', async () => {
    const answer = await answered({ ...official, Key: null, UserDecryptionOptions: { HasMasterPassword: true } });
    assert.equal(answer.hasMasterPassword, true);
    assert.equal(answer.masterPasswordUnlock, undefined);
  });

  it('believes no token life longer than a day', async () => {
    assert.equal((await answered({ ...official, expires_in: 1e12 })).expiresAt, NOW + 24 * 3600_000);
  });

  for (const [what, answer] of [
    ['no token', { ...official, access_token: undefined }],
    ['a token that would break a header', { ...official, access_token: `${accessToken}\r\nX: y` }],
    ['a token with a blank in it', { ...official, access_token: 'opaque token' }],
    ['a token in other letters', { ...official, access_token: 'öpaque' }],
    ['a token without an end', { ...official, access_token: 'x'.repeat(64 * 1024 + 1) }],
    ['a token of something else than a user', { ...official, access_token: jwt({ sub: 'installation' }) }],
    ['a token of two users', { ...official, access_token: jwt({ sub: [USER, USER] }) }],
    ['a token of a number', { ...official, access_token: jwt({ sub: 7 }) }],
    ['a token of nobody', { ...official, access_token: jwt({ sub: '' }) }],
    ['no expiry', { ...official, expires_in: null }],
    ['an expiry in the past', { ...official, expires_in: -1 }],
    ['a KDF without numbers', { ...older, KdfIterations: 'many' }],
    ['Argon2id without memory', { ...older, Kdf: 1 }],
    [
      'half of an unlock',
      { ...official, UserDecryptionOptions: { MasterPasswordUnlock: { ...unlock, MasterKeyEncryptedUserKey: null } } },
    ],
    ['a list', []],
  ] as const) {
    it(`refuses an answer with ${what}`, () => assert.rejects(answered(answer), MalformedAnswerError));
  }

  const unsaid: readonly (readonly [string, string])[] = [
    ['is opaque', 'opaque'],
    ['is opaque, in base64', 'b3BhcXVl+/=='],
    ['only looks like a JWT', 'aaaa.bbbb.cccc'],
    ['has claims that are no UTF-8', `e30.${Buffer.from('{"sub":"\xff"}', 'latin1').toString('base64url')}.c2ln`],
    ['has a list for claims', jwt([USER])],
    ['has no subject', jwt({ name: 'Someone' })],
  ];
  for (const [what, access_token] of unsaid) {
    it(`knows the user by the client_id where the token ${what}`, async () => {
      const { userId, email, masterPasswordUnlock } = await answered({ ...official, access_token });
      assert.deepEqual([userId, email], [USER, undefined]);
      assert.equal(masterPasswordUnlock?.salt, 'salt@example.com');
    });
  }

  it('leaves the KDF to the sync where nothing gives a salt, and knows of the master password', async () => {
    const { hasMasterPassword, masterPasswordUnlock } = await answered({ ...older, access_token: 'opaque' });
    assert.deepEqual([hasMasterPassword, masterPasswordUnlock], [true, undefined]);
    const MasterPasswordUnlock = { ...unlock, Salt: null };
    const UserDecryptionOptions = { HasMasterPassword: true, MasterPasswordUnlock };
    const answer = await answered({ ...official, UserDecryptionOptions, access_token: 'opaque' });
    assert.deepEqual([answer.hasMasterPassword, answer.masterPasswordUnlock], [true, undefined]);
  });

  for (const email of [
    undefined,
    null,
    '',
    7,
    ['a@b.c', 'd@e.f'],
    'nobody',
    '@',
    'a@',
    'a b@c',
    'a@b\nc@d',
    'a@b\u202e',
    `${'x'.repeat(300)}@y`,
  ]) {
    it(`takes no e-mail from a token that says ${JSON.stringify([email]).slice(0, 30)}`, async () => {
      const answer = await answered({ ...official, access_token: jwt({ sub: USER, email }) });
      assert.deepEqual([answer.userId, answer.email], [USER, undefined]);
    });
  }

  it('refuses a KDF that it does not know', async () => {
    await assert.rejects(
      answered({ ...older, Kdf: 2 }),
      (error) => error instanceof KdfOutOfBoundsError && error.problem === 'unknown' && error.value === 2,
    );
  });

  for (const [dialect, status, answer, wrong] of [
    ['official', 400, { error: 'invalid_client' }, undefined],
    ['official, as 401', 401, { error: 'invalid_client' }, undefined],
    ['official, other case', 400, { Error: 'Invalid_Client' }, undefined],
    ['Vaultwarden, wrong secret', 400, vaultwardenRefusal('Incorrect client_secret'), 'clientSecret'],
    ['Vaultwarden, unknown user', 400, vaultwardenRefusal('Invalid client_id'), 'clientId'],
    ['Vaultwarden, bad id', 400, vaultwardenRefusal('Malformed client_id'), 'clientId'],
    ['Vaultwarden, old casing', 400, { ErrorModel: { Message: 'Incorrect client_secret. Try again' } }, 'clientSecret'],
  ] as const) {
    it(`knows a refused key, and what is wrong with it: ${dialect}`, () =>
      assert.rejects(
        refused(status, answer),
        (error) => error instanceof ApiKeyRejectedError && error.wrong === wrong,
      ));
  }

  for (const [what, status, answer, kind] of [
    ['a missing version header', 400, { error: 'version_header_missing' }, ClientVersionError],
    ['a disabled user', 400, vaultwardenRefusal('This user has been disabled (API key login)'), HttpError],
    ['another OAuth error', 400, { error: 'invalid_scope' }, HttpError],
    ['a proxy that says 403', 403, { error: 'invalid_client' }, HttpError],
    ['a rate limit', 429, vaultwardenRefusal('Too many login requests'), RateLimitedError],
  ] as const) {
    it(`does not take ${what} for a refused key`, () => assert.rejects(refused(status, answer), kind));
  }
});

describe('signing in to an account with V2 encryption', () => {
  async function signInAs(clientVersion: string): Promise<void> {
    const account = await createAccount({ v2: { userKey: 'xAes256Gcm', signature: 'ed25519' } });
    await withServer({ dialect: 'official', accounts: [account] }, async ({ server }) => {
      const fetch: Fetch = nodeFetch;
      const http = new HttpClient(fetch, { ...clientIdentity('linux', DEVICE), clientVersion });
      const { userId } = await requestToken(http, { ...server.urls, webVault: server.url }, account);
      assert.equal(userId, account.id);
    });
  }

  it('is refused to a client version from before it', () => assert.rejects(signInAs('2025.10.0'), ClientVersionError));
  it('succeeds with ours', () => signInAs(clientIdentity('linux', DEVICE).clientVersion));
});

describe('prelogin', () => {
  const ask = async (answer: unknown) => {
    const server = await serve((response) => json(response, 200, answer));
    return { server, settings: await prelogin(await httpClient(), server.urls, ' A@B.c ') };
  };

  it('reads nested settings and the salt', async () => {
    const kdfSettings = { kdfType: 1, iterations: 3, memory: 64, parallelism: 4 };
    const { server, settings } = await ask({ kdf: 0, kdfIterations: 1, kdfSettings, salt: 'x' });
    assert.deepEqual(settings, { kdf: { type: 'argon2id', iterations: 3, memoryMiB: 64, parallelism: 4 }, salt: 'x' });
    assert.equal(server.requests[0]!.url, '/sub/identity/accounts/prelogin');
    assert.equal(server.requests[0]!.body, '{"email":" A@B.c "}');
  });

  it('reads flat settings', async () => {
    for (const kdfSettings of [undefined, null, {}]) {
      const { settings } = await ask({ Kdf: 0, KdfIterations: 600000, salt: null, kdfSettings });
      assert.deepEqual(settings, { kdf: { type: 'pbkdf2', iterations: 600000 }, salt: 'a@b.c' });
    }
  });
});
