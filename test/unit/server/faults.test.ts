import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { createAccount } from '../../server/accounts';
import {
  accessToken,
  cipherTypes,
  hostileKdf,
  misbehaviours,
  otherSecurityStamp,
  rateLimited,
  redirectTo,
  tamperedMacs,
} from '../../server/misbehaviours';
import type { Account } from '../../server/model';
import type { Fault } from '../../server/faults';
import { dialects, withServer, type Caller } from './caller';

type Json = Record<string, unknown>;

describe('embedded server: misbehaviour', () => {
  let account: Account;
  beforeEach(async () => {
    account = await createAccount({ items: [{ name: 'a', password: 'p' }, { name: 'b' }] });
  });

  const serve = (test: (caller: Caller) => Promise<void>) =>
    withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      await caller.signIn();
      await test(caller);
    });
  const rotate = (caller: Caller) =>
    caller.api('POST', 'accounts/rotate-api-key', { masterPasswordHash: account.masterPasswordHash });

  it('drops before acting: the old secret still works', () =>
    serve(async (caller) => {
      const { clientSecret } = account;
      caller.server.faults.arm('POST /api/accounts/rotate-api-key', misbehaviours.drop, 1);
      await rejects(rotate(caller));
      equal(account.clientSecret, clientSecret);
      equal((await rotate(caller)).status, 200);
    }));

  for (const fault of ['dropAnswer', 'cutInHead', 'cutAfterHead', 'cutOff', 'cutAtEnd'] as const) {
    it(`${fault}: the secret has changed, and the client does not learn it`, () =>
      serve(async (caller) => {
        const { clientSecret } = account;
        caller.server.faults.arm('/api/accounts/rotate-api-key', misbehaviours[fault], 1);
        await rejects(rotate(caller));
        notEqual(account.clientSecret, clientSecret);
      }));
  }

  it('answers twice, having acted once', () =>
    serve(async (caller) => {
      caller.server.faults.arm('/api/accounts/rotate-api-key', misbehaviours.twice, 1);
      equal((await rotate(caller)).json.apiKey, account.clientSecret);
    }));

  it('holds a request until told, with the action before or after it', () =>
    serve(async (caller) => {
      for (const fault of ['hold', 'holdAnswer'] as const) {
        const { clientSecret } = account;
        const armed = caller.server.faults.arm('/api/accounts/rotate-api-key', misbehaviours[fault], 1);
        const answer = rotate(caller);
        await armed.arrived();
        if (fault === 'hold') equal(account.clientSecret, clientSecret);
        armed.release();
        equal((await answer).json.apiKey, account.clientSecret);
        notEqual(account.clientSecret, clientSecret);
      }
    }));

  it('closes with a request still held', async () => {
    let lost: Promise<unknown> = Promise.resolve();
    await serve(async (caller) => {
      const armed = caller.server.faults.arm('/api/sync', misbehaviours.hold);
      lost = rejects(caller.api('GET', 'sync'));
      await armed.arrived();
    });
    await lost;
  });

  it('answers in place of the server', () =>
    serve(async (caller) => {
      const cases: [Fault, number, RegExp][] = [
        [misbehaviours.serverError, 500, /unhandled server error/],
        [misbehaviours.proxyForbids, 403, /^<!DOCTYPE html>/],
        [misbehaviours.loginPage, 200, /^<!DOCTYPE html>/],
        [misbehaviours.unauthorized, 401, /^$/],
        [rateLimited(17), 429, /Too many/],
        [redirectTo('https://elsewhere.example/api/sync'), 307, /^$/],
      ];
      for (const [fault, status, text] of cases) {
        caller.server.faults.arm('/api/sync', fault, 1);
        const answer = await caller.api('GET', 'sync');
        equal(answer.status, status);
        match(answer.text, text);
      }
      caller.server.faults.arm('/api/sync', rateLimited(17), 1);
      equal((await caller.api('GET', 'sync')).headers.get('Retry-After'), '17');
      caller.server.faults.arm('/api/sync', rateLimited(), 1);
      equal((await caller.api('GET', 'sync')).headers.get('Retry-After'), null);
      equal((await caller.api('GET', 'sync')).json.object, 'sync');
    }));

  it('damages JSON', () =>
    serve(async (caller) => {
      for (const fault of ['malformedJson', 'truncatedJson', 'emptyBody', 'jsonNull'] as const) {
        caller.server.faults.arm('/api/sync', misbehaviours[fault], 1);
        const { status, json, headers } = await caller.api('GET', 'sync');
        equal(status, 200);
        match(headers.get('Content-Type') ?? '', /json/);
        equal((json as Json | null)?.object, undefined);
      }
    }));

  it('tampers with answers, never with what is stored', () =>
    serve(async (caller) => {
      const before = structuredClone(account.ciphers);
      const { faults } = caller.server;
      faults.arm('/api/sync', tamperedMacs('password'), 1);
      const login = ((await caller.api('GET', 'sync')).json.ciphers as Json[])[0]?.login as Json;
      notEqual(login.password, account.ciphers[0]?.typed?.password);
      equal(String(login.password).length, String(account.ciphers[0]?.typed?.password).length);

      faults.arm('/api/sync', hostileKdf({ iterations: 2_000_000_000 }), 1);
      const { userDecryption } = (await caller.api('GET', 'sync')).json as { userDecryption: Json };
      equal(((userDecryption.masterPasswordUnlock as Json).kdf as Json).iterations, 2_000_000_000);

      faults.arm(
        '/api/sync',
        cipherTypes(99, (at) => at === 1),
        1,
      );
      const types = ((await caller.api('GET', 'sync')).json.ciphers as Json[]).map(({ type }) => type);
      deepEqual(types, [1, 99]);

      faults.arm('/api/sync', otherSecurityStamp('changed'), 1);
      equal(((await caller.api('GET', 'sync')).json.profile as Json).securityStamp, 'changed');
      deepEqual(account.ciphers, before);
    }));

  for (const dialect of dialects) {
    it(`${dialect}: hostile KDF numbers reach the token answer in all places`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        const kdf = hostileKdf({ type: 1, iterations: 11, memory: 4096, parallelism: 99 });
        caller.server.faults.arm('POST /identity/connect/token', kdf);
        const { json } = await caller.connect();
        deepEqual([json.Kdf, json.KdfIterations, json.KdfMemory, json.KdfParallelism], [1, 11, 4096, 99]);
        const { MasterPasswordUnlock } = json.UserDecryptionOptions as { MasterPasswordUnlock: Json };
        deepEqual(MasterPasswordUnlock.Kdf, { KdfType: 1, Iterations: 11, Memory: 4096, Parallelism: 99 });
      }));
  }

  it('hands out the token of another user', async () => {
    const other = await createAccount({ email: 'other@example.test' });
    await withServer({ dialect: 'official', accounts: [account, other] }, async (caller) => {
      caller.server.faults.arm('/identity/connect/token', accessToken(caller.server.issueToken(other)), 1);
      await caller.signIn();
      equal((await caller.api('GET', 'accounts/profile')).json.email, other.email);
    });
  });

  it('keeps a log of what was sent', () =>
    serve(async (caller) => {
      const { requests } = caller.server;
      equal(requests.count('/identity/connect/token'), 1);
      const [signIn] = requests.to('POST /identity/connect/token');
      equal(signIn?.bodyKind, 'form');
      ok(signIn.fields.includes('client_secret'));
      equal(signIn.headers['bitwarden-client-name'], 'cli');
      equal(signIn.status, 200);
      caller.server.faults.arm('/api/sync', misbehaviours.drop, 1);
      await rejects(caller.api('GET', 'sync'));
      equal(requests.to('/api/sync')[0]?.status, undefined);
    }));
}).timeout(20_000);
