import { deepEqual, equal, rejects } from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount } from '../../server/accounts';
import { startServer } from '../../server/server';
import { createLoopbackTls } from '../../support/tls';
import { Caller, dialects, withServer } from './caller';

describe('embedded server: process', () => {
  for (const dialect of dialects) {
    it(`${dialect}: lives below a sub-path, and nowhere else`, async () => {
      const account = await createAccount();
      await withServer({ dialect, accounts: [account], basePath: '/vault' }, async (caller) => {
        equal(new URL(caller.server.url).pathname, '/vault');
        await caller.signIn();
        equal((await caller.api('GET', 'sync')).status, 200);
        equal((await fetch(new URL('/api/config', caller.server.url))).status, 404);
        const { environment, server } = (await caller.api('GET', 'config')).json as {
          environment: { api: string };
          server: { name: string } | null;
        };
        equal(environment.api, caller.server.urls.api);
        equal(server?.name, dialect === 'official' ? undefined : 'Vaultwarden');
      });
    });

    it(`${dialect}: is alive without a sign-in`, async () => {
      await withServer({ dialect, accounts: [] }, async (caller) => {
        for (const path of ['alive', 'now', 'version']) equal((await caller.api('GET', path)).status, 200);
        equal((await caller.api('GET', 'nothing-here')).status, 404);
      });
    });
  }

  it('keeps accounts, changes and sign-ins in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vaultside-server-'));
    try {
      const file = join(folder, 'state.json');
      const account = await createAccount();
      let token: string | undefined;
      await withServer({ dialect: 'official', accounts: [account], file }, async (caller) => {
        await caller.signIn();
        token = caller.token;
        await caller.api('POST', 'accounts/rotate-api-key', { masterPasswordHash: account.masterPasswordHash });
      });
      equal((await stat(file)).mode & 0o777, 0o600);
      await withServer({ dialect: 'official', accounts: [], file }, async (caller) => {
        deepEqual(caller.server.account, account);
        caller.token = token;
        equal((await caller.api('GET', 'accounts/profile')).json.email, account.email);
      });
      deepEqual(await readdir(folder), ['state.json']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('speaks TLS to whoever trusts its authority', async () => {
    const tls = await createLoopbackTls();
    const server = await startServer({ dialect: 'official', accounts: [], tls });
    const status = (ca?: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = ca === undefined ? { agent: false } : { ca, agent: false };
        request(`${server.urls.api}/alive`, options, (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode));
        })
          .once('error', reject)
          .end();
      });
    try {
      equal(await status(tls.ca), 200);
      await rejects(status());
    } finally {
      await server.close();
    }
  });

  it('is unreachable once closed', async () => {
    const server = await startServer({ dialect: 'official', accounts: [] });
    await server.close();
    await rejects(new Caller(server).api('GET', 'alive'));
  });
}).timeout(20_000);
