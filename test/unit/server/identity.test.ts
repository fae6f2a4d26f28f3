import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { createAccount, cheapArgon2 } from '../../server/accounts';
import type { Account } from '../../server/model';
import { clientHeaders, dialects, withServer } from './caller';

function claimsOf(token: unknown): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

describe('embedded server: identity', () => {
  let account: Account;
  before(async () => {
    account = await createAccount({ kdf: cheapArgon2, organizations: [{ name: 'Org' }] });
  });

  for (const dialect of dialects) {
    it(`${dialect}: signs in with the personal API key`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        const { status, json } = await caller.connect();
        equal(status, 200);
        equal(json.expires_in, dialect === 'official' ? 3600 : 7200);
        equal(json.scope, 'api');
        equal('refresh_token' in json, false);
        deepEqual([json.Kdf, json.KdfIterations, json.KdfMemory, json.KdfParallelism], [1, 2, 16, 1]);
        const options = json.UserDecryptionOptions as Record<string, Record<string, unknown>>;
        equal(options.MasterPasswordUnlock?.MasterKeyEncryptedUserKey, account.masterKeyEncryptedUserKey);
        equal(options.MasterPasswordUnlock.Salt, account.salt);
        equal('ResetMasterPassword' in json, dialect === 'vaultwarden');
        const claims = claimsOf(json.access_token);
        deepEqual([claims.sub, claims.sstamp], [account.id, account.securityStamp]);
      }));

    it(`${dialect}: gives an account without a master password nothing to unlock with`, async () => {
      const sso = await createAccount({ masterPassword: false });
      await withServer({ dialect, accounts: [sso] }, async (caller) => {
        const { json } = await caller.connect();
        const options = json.UserDecryptionOptions as Record<string, unknown>;
        deepEqual([options.HasMasterPassword, options.MasterPasswordUnlock], [false, null]);
        equal(json.Key ?? null, null);
      });
    });

    it(`${dialect}: signs an organisation in, and keeps it out of every vault`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        const [organization] = account.organizations;
        const form = {
          ...caller.tokenForm(),
          client_id: `organization.${organization?.id ?? ''}`,
          client_secret: organization?.apiKey ?? '',
          scope: 'api.organization',
        };
        const { status, json } = await caller.connect(form);
        equal(status, 200);
        equal('Key' in json, false);
        caller.token = String(json.access_token);
        equal((await caller.api('GET', 'sync')).status, dialect === 'official' ? 403 : 401);
      }));

    it(`${dialect}: answers prelogin for an unknown address as for a known one`, () =>
      withServer({ dialect, accounts: [account] }, async ({ server }) => {
        const ask = async (email: string) => {
          const body = JSON.stringify({ email });
          const url = `${server.urls.identity}/accounts/prelogin/password`;
          return (await (await fetch(url, { method: 'POST', body })).json()) as Record<string, unknown>;
        };
        const known = await ask(account.email.toUpperCase());
        deepEqual(known.kdfSettings, { kdfType: 1, iterations: 2, memory: 16, parallelism: 1 });
        const unknown = await ask('nobody@example.test');
        deepEqual(Object.keys(unknown), Object.keys(known));
        deepEqual(unknown, await ask('nobody@example.test'));
        if (dialect === 'vaultwarden') equal(known.salt, null);
      }));
  }

  it('official: says invalid_client and no more to a wrong secret and to an unknown id', () =>
    withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      for (const wrong of [
        { client_secret: 'x' },
        { client_id: 'user.nonsense' },
        { client_id: 'user.00000000-0000-4000-8000-000000000000' },
        { client_id: 'nonsense' },
      ]) {
        const { status, text } = await caller.connect({ ...caller.tokenForm(), ...wrong });
        equal(status, 400);
        equal(text, '{"error":"invalid_client"}');
      }
    }));

  it('vaultwarden: names what is wrong with the key, in an error whose `error` is empty', () =>
    withServer({ dialect: 'vaultwarden', accounts: [account] }, async (caller) => {
      const cases: [Record<string, string>, string][] = [
        [{ client_secret: 'x' }, 'Incorrect client_secret'],
        [{ client_secret: '' }, 'client_secret cannot be blank'],
        [{ client_id: 'user.nonsense' }, 'Malformed client_id'],
        [{ client_id: 'user.00000000-0000-4000-8000-000000000000' }, 'Invalid client_id'],
        [{ deviceName: '' }, 'device_name cannot be blank'],
        [{ scope: 'api offline_access' }, 'Scope not supported'],
      ];
      for (const [wrong, message] of cases) {
        const { status, json } = await caller.connect({ ...caller.tokenForm(), ...wrong });
        deepEqual([status, json.error, json.message], [400, '', message]);
        deepEqual(json.errorModel, { message, object: 'error' });
      }
    }));

  it('official: wants a client version that .NET can read; vaultwarden does not', async () => {
    const unversioned = { Accept: clientHeaders.Accept };
    await withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      for (const headers of [unversioned, { ...unversioned, 'Bitwarden-Client-Version': '7' }]) {
        const { status, json } = await caller.connect(caller.tokenForm(), headers);
        deepEqual([status, json.error], [400, 'version_header_missing']);
        ok(json.ErrorModel);
      }
    });
    await withServer({ dialect: 'vaultwarden', accounts: [account] }, async (caller) => {
      equal((await caller.connect(caller.tokenForm(), unversioned)).status, 200);
    });
  });

  it('vaultwarden: takes a client version that is not x.y.z for none, and keeps SSH keys from such a client', async () => {
    const withKey = await createAccount({ items: [{ name: 'Deploy key', type: 'sshKey' }] });
    await withServer({ dialect: 'vaultwarden', accounts: [withKey] }, async (caller) => {
      const sent = async (version: string) => {
        const headers = { ...clientHeaders, 'Bitwarden-Client-Version': version };
        const { status, json } = await caller.connect(caller.tokenForm(), headers);
        caller.token = String(json.access_token);
        const sync = await caller.api('GET', 'sync', undefined, headers);
        return [status, (sync.json.ciphers as unknown[]).length];
      };
      deepEqual(await sent('2026.6.0'), [200, 1]);
      for (const loose of ['2026', '2026.6', '2026.6.0.1', '2026.06.0', 'v2026.6.0', '2026.6.0-beta']) {
        deepEqual(await sent(loose), [200, 0], loose);
      }
    });
  });

  it('official: wants a client version that knows V2 encryption, for accounts that have it', async () => {
    const newest = await createAccount({ v2: { userKey: 'xAes256Gcm', signature: 'ed25519' } });
    await withServer({ dialect: 'official', accounts: [account, newest] }, async (caller) => {
      const signIn = async (who: Account, version: string) => {
        const headers = { ...clientHeaders, 'Bitwarden-Client-Version': version };
        return (await caller.connect(caller.tokenForm(who), headers)).json;
      };
      for (const version of ['2024.12.0', '2025.10.9', '2025.11']) {
        const { error, ErrorModel } = await signIn(newest, version);
        equal(error, 'invalid_client_version');
        deepEqual(ErrorModel, { Message: 'Please update your app to continue using Bitwarden', Object: 'error' });
        equal('access_token' in (await signIn(account, version)), true);
      }
      for (const version of ['2025.11.0', '2026.2.0']) equal('access_token' in (await signIn(newest, version)), true);
    });
  });

  it('official: shows by the account keys which encryption an account has', async () => {
    const newest = await createAccount({ v2: { userKey: 'xAes256Gcm', signature: 'ed25519' } });
    await withServer({ dialect: 'official', accounts: [account, newest] }, async (caller) => {
      for (const [who, type, version] of [
        [account, '2.', undefined],
        [newest, '7.', 2],
      ] as const) {
        await caller.signIn(who);
        const { privateKey, accountKeys } = (await caller.api('GET', 'accounts/profile')).json as {
          privateKey: string;
          accountKeys: { signatureKeyPair: object | null; securityState: { securityVersion: number } | null };
        };
        equal(privateKey.slice(0, 2), type);
        deepEqual(
          [accountKeys.signatureKeyPair !== null, accountKeys.securityState?.securityVersion],
          [type === '7.', version],
        );
      }
    });
  });

  it('official: refuses a sign-in without a device', () =>
    withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      equal((await caller.connect({ ...caller.tokenForm(), deviceIdentifier: '' })).json.error, 'device_error');
    }));

  for (const dialect of dialects) {
    it(`${dialect}: ${dialect === 'official' ? 'does not know' : 'knows'} the device by names with underscores`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        const { deviceName, deviceType, deviceIdentifier, ...form } = caller.tokenForm();
        const device = { device_name: deviceName!, device_type: deviceType!, device_identifier: deviceIdentifier! };
        const { json } = await caller.connect({ ...form, ...device });
        equal(json.error, dialect === 'official' ? 'device_error' : undefined);
        const upper = Object.entries(caller.tokenForm()).map(([name, value]) => [name.toUpperCase(), value]);
        equal((await caller.connect(Object.fromEntries(upper) as Record<string, string>)).status, 200);
      }));
  }

  it('vaultwarden: has no API key before somebody asks for it', async () => {
    const unasked = await createAccount({ apiKeyIssued: false });
    await withServer({ dialect: 'vaultwarden', accounts: [unasked] }, async (caller) => {
      const guess = await caller.connect({ ...caller.tokenForm(), client_secret: 'anything' });
      equal(guess.json.message, 'Incorrect client_secret');
      caller.token = caller.server.issueToken();
      const { revisionDate } = unasked;
      caller.server.clock.advance(1);
      const { json } = await caller.api('POST', 'accounts/api-key', { masterPasswordHash: unasked.masterPasswordHash });
      notEqual(unasked.revisionDate, revisionDate);
      match(String(json.apiKey), /^[A-Za-z0-9]{30}$/);
      notEqual(unasked.clientSecret, '');
      equal((await caller.connect()).status, 200);
    });
  });
}).timeout(20_000);
