import { deepEqual, equal } from 'node:assert/strict';
import { createAccount } from '../../server/accounts';
import type { Account } from '../../server/model';
import { type Answer, type Caller, dialects, withServer } from './caller';

const LIMITED = 429;

describe('embedded server: rate limits', () => {
  let account: Account;
  before(async () => {
    account = await createAccount();
  });

  /** With its clock stopped: the machine may be slow. */
  const serve = (dialect: (typeof dialects)[number], test: (caller: Caller) => Promise<void>) =>
    withServer({ dialect, accounts: [account], rateLimits: true }, async (caller) => {
      caller.server.clock.stop();
      await test(caller);
    });

  async function times(count: number, ask: () => Promise<Answer>): Promise<Answer> {
    for (let at = 1; at < count; at++) equal((await ask()).status === LIMITED, false, `number ${at}`);
    return ask();
  }

  /** As often as it is allowed in a second, and for as many seconds as needed. */
  async function fiveASecond(count: number, caller: Caller, ask: () => Promise<Answer>): Promise<void> {
    for (let at = 0; at < count; at += 5) {
      equal((await times(5, ask)).status === LIMITED, false);
      caller.server.clock.advance(1);
    }
  }

  const refusal = ({ status, headers, json }: Answer) => [status, headers.get('Retry-After'), json.message];
  const slowDown = (seconds: number, period: string) => [
    LIMITED,
    String(seconds),
    `Slow down! Too many requests. Try again in ${period}.`,
  ];

  for (const dialect of dialects) {
    it(`${dialect}: has none unless they are asked for`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        equal((await times(20, () => caller.connect())).status, 200);
        caller.server.limits.enabled = true;
        await times(dialect === 'official' ? 5 : 10, () => caller.connect());
      }));
  }

  it('official: lets five sign-ins a second and ten a minute through, then says how long to wait', () =>
    serve('official', async (caller) => {
      const signIn = () => caller.connect();
      deepEqual(refusal(await times(6, signIn)), slowDown(1, '1s'));
      caller.server.clock.advance(1);
      await fiveASecond(5, caller, signIn);
      deepEqual(refusal(await signIn()), slowDown(58, '1m'));
      caller.server.clock.advance(57);
      equal((await signIn()).status, LIMITED);
      caller.server.clock.advance(1);
      equal((await signIn()).status, 200);
    }));

  it('official: counts each verb and exact path apart', () =>
    serve('official', async (caller) => {
      const { identity } = caller.server.urls;
      const prelogin = async (): Promise<Answer> => {
        const body = JSON.stringify({ email: account.email });
        const { status, headers } = await fetch(`${identity}/accounts/prelogin`, { method: 'POST', body });
        return { status, headers, text: '', json: {} };
      };
      await fiveASecond(60, caller, prelogin);
      equal((await prelogin()).status, LIMITED);
      equal((await caller.connect()).status, 200);
      const write = (method: string, path: string) => () => caller.api(method, path);
      equal((await times(6, write('PUT', 'ciphers/one'))).status, LIMITED);
      equal((await times(5, write('PUT', 'ciphers/two'))).status === LIMITED, false);
      equal((await times(5, write('DELETE', 'ciphers/one'))).status === LIMITED, false);
    }));

  it('official: lets two hundred reads a minute through', () =>
    serve('official', async (caller) => {
      deepEqual(refusal(await times(201, () => caller.api('GET', 'alive'))), slowDown(60, '1m'));
      equal((await caller.api('POST', 'nothing')).status, 404);
      caller.server.clock.advance(60);
      equal((await caller.api('GET', 'alive')).status, 200);
    }));

  it('official: lets five writes of a kind through a second, and sixty a minute', () =>
    serve('official', async (caller) => {
      const write = (method: string) => () => caller.api(method, 'nothing');
      for (const method of ['POST', 'PUT', 'DELETE']) {
        deepEqual(refusal(await times(6, write(method))), slowDown(1, '1s'), method);
      }
      caller.server.clock.advance(1);
      await fiveASecond(55, caller, write('PUT'));
      deepEqual(refusal(await write('PUT')()), slowDown(48, '1m'));
      equal((await write('POST')()).status, 404);
    }));

  it('vaultwarden: lets a burst of ten sign-ins through, then one a minute, and does not say when', () =>
    serve('vaultwarden', async (caller) => {
      const signIn = () => caller.connect();
      deepEqual(refusal(await times(11, signIn)), [LIMITED, null, 'Too many login requests']);
      caller.server.clock.advance(60);
      equal((await signIn()).status, 200);
      equal((await signIn()).status, LIMITED);
      equal((await times(300, () => caller.api('GET', 'alive'))).status, 200);
    }));
}).timeout(20_000);
