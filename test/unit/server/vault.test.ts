import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { EncryptedVault } from '../../../src/vault/encryptedVault';
import { vaultOfAnswer } from '../../support/vaultOfAnswer';
import { createAccount } from '../../server/accounts';
import { demoAccount } from '../../server/demo';
import { manyItems } from '../../server/manyItems';
import { readVault } from '../../server/readVault';
import { dialects, withServer, type Caller } from './caller';

async function synced(caller: Caller): Promise<EncryptedVault> {
  await caller.signIn();
  const { text } = await caller.api('GET', 'sync?excludeDomains=true');
  return vaultOfAnswer(Buffer.from(text), 'loopback');
}

async function namesIn(vault: EncryptedVault, password: string): Promise<string[]> {
  const { items, folderNames } = await readVault(vault, password);
  return [...items.map(({ name }) => name), ...folderNames];
}

describe('embedded server: the vault', () => {
  for (const dialect of dialects) {
    it(`${dialect}: the demo vault opens with its master password, down to organisation items`, async () => {
      const account = await demoAccount();
      await withServer({ dialect, accounts: [account] }, async (caller) => {
        const names = await namesIn(await synced(caller), account.password);
        equal(names.length, account.ciphers.length + account.folders.length);
        for (const name of ['GitHub', 'CI deploy bot', 'Cloudflare', 'Work/Databases']) ok(names.includes(name), name);
      });
    });

    it(`${dialect}: says what is readable, writable, archived and in the trash`, async () => {
      const account = await demoAccount();
      await withServer({ dialect, accounts: [account] }, async (caller) => {
        const ciphers = [...(await synced(caller)).ciphers()];
        equal(ciphers.filter(({ viewPassword }) => !viewPassword).length, 1);
        const { json } = await caller.api('GET', 'sync');
        equal((json.ciphers as { edit: boolean }[]).filter(({ edit }) => !edit).length, 2);
        equal(ciphers.filter(({ archivedDate }) => archivedDate !== undefined).length, 1);
        equal(ciphers.filter(({ deletedDate }) => deletedDate !== undefined).length, 1);
        equal(ciphers.filter(({ reprompt }) => reprompt).length, 1);
        deepEqual([...new Set(ciphers.map(({ type }) => type))].sort(), [1, 2, 3, 4, 5]);
      });
    });

    it(`${dialect}: leaves SSH keys out for a client that does not say its version`, async () => {
      const account = await createAccount({ items: [{ type: 'sshKey', name: 'k', details: {} }, { name: 'l' }] });
      await withServer({ dialect, accounts: [account] }, async (caller) => {
        await caller.signIn();
        const without = await caller.api('GET', 'sync', undefined, { Accept: 'application/json' });
        equal((without.json.ciphers as unknown[]).length, 1);
        equal(((await caller.api('GET', 'sync')).json.ciphers as unknown[]).length, 2);
      });
    });

    it(`${dialect}: hides what a disabled organisation owns, and delivers types from the future`, async () => {
      const account = await createAccount({
        organizations: [{ name: 'Gone', enabled: false, collections: ['C'] }],
        items: [
          { name: 'theirs', organization: 'Gone', collections: ['C'] },
          { type: 99, name: 'mystery' },
        ],
      });
      await withServer({ dialect, accounts: [account] }, async (caller) => {
        const vault = await synced(caller);
        const [ciphers, { collections }] = [[...vault.ciphers()], vault];
        deepEqual(
          ciphers.map(({ type, unsupported }) => [type, unsupported]),
          [[99, true]],
        );
        equal(collections.length, 0);
      });
    });

    it(`${dialect}: answers as old servers did when told to`, async () => {
      const account = await createAccount({ items: [{ name: 'old', username: 'u' }] });
      await withServer({ dialect, accounts: [account], oldAnswers: true }, async (caller) => {
        equal('UserDecryptionOptions' in (await caller.connect()).json, false);
        const vault = await synced(caller);
        equal(vault.masterPasswordUnlock, undefined);
        equal(vault.profile.key, account.masterKeyEncryptedUserKey);
        equal([...vault.ciphers()][0]?.login?.username, account.ciphers[0]?.typed?.username);
        const { json } = await caller.api('GET', 'accounts/profile');
        equal(json.Email, account.email);
      });
    });
  }

  it('tells the dialects apart where items have nothing to say', async () => {
    const account = await createAccount({ items: [{ name: 'bare' }] });
    const first = async (caller: Caller) => {
      await caller.signIn();
      const { ciphers } = (await caller.api('GET', 'sync')).json as { ciphers: Record<string, unknown>[] };
      return ciphers[0] ?? {};
    };
    await withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      const { fields, passwordHistory, data, revisionDate } = await first(caller);
      deepEqual([fields, passwordHistory], [null, null]);
      equal((JSON.parse(String(data)) as Record<string, unknown>).Name, account.ciphers[0]?.name);
      match(String(revisionDate), /\.\d{7}Z$/);
    });
    await withServer({ dialect: 'vaultwarden', accounts: [account] }, async (caller) => {
      const bare = await first(caller);
      deepEqual([bare.fields, bare.passwordHistory], [[], []]);
      equal('data' in bare, false);
    });
  });

  it('refuses without a token, each in its own way', async () => {
    const account = await createAccount();
    await withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      const { status, text, headers } = await caller.api('GET', 'sync');
      deepEqual([status, text], [401, '']);
      match(headers.get('WWW-Authenticate') ?? '', /^Bearer/);
    });
    await withServer({ dialect: 'vaultwarden', accounts: [account] }, async (caller) => {
      const asked = await caller.api('GET', 'sync');
      deepEqual([asked.status, (asked.json.error as Record<string, unknown>).code], [401, 401]);
      match((await caller.api('GET', 'sync', undefined, { Accept: '*/*' })).text, /^<!DOCTYPE html>/);
    });
  });

  it('makes ten thousand items that open', async () => {
    const account = await createAccount({ items: manyItems(10_000) });
    await withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      const names = await namesIn(await synced(caller), account.password);
      equal(names.filter((name) => name.includes('needle')).length, 100);
      equal(new Set(names).size, 10_000 + account.folders.length);
    });
  });
}).timeout(60_000);
