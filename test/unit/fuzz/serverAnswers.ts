import { createAccount } from '../../server/accounts';
import type { PlainItem } from '../../server/items';
import type { Account } from '../../server/model';
import { type Caller, dialects, withServer } from '../server/caller';

const when = '2026-01-02T03:04:05.678Z';
const inOrganization = { organization: 'Org', collections: ['Col'] } as const;
const items: readonly PlainItem[] = [
  {
    name: 'login',
    folder: 'Work',
    username: 'robin',
    password: 'fake',
    totp: 'JBSWY3DPEHPK3PXP',
    notes: 'notes',
    uris: ['https://a.example', { uri: 'https://b.example', match: 3 }],
    fields: [
      { type: 'hidden', name: 'token', value: 'fake' },
      { type: 'linked', name: 'user', linkedId: 100 },
    ],
    passwordHistory: [{ password: 'former', lastUsedDate: when }],
    passkeys: [{ rpId: 'a.example', userName: 'robin', creationDate: when }],
    attachments: [{ fileName: 'a.txt', size: 12 }],
  },
  { type: 'card', name: 'card', ownKey: true, details: { number: '4111111111111111', code: '123' }, archived: true },
  { type: 'secureNote', name: 'note', ...inOrganization, trashed: true, reprompt: true },
];
const sealed: PlainItem = { name: 'sealed', sealed: true, username: 'robin', password: 'fake' };

/** What the embedded server answers to the calls of a session, by what was asked for. Official first, then Vaultwarden. */
export interface ServerAnswers {
  readonly accounts: readonly Account[];
  readonly sync: readonly string[];
  readonly token: readonly string[];
  readonly prelogin: readonly string[];
  readonly profile: readonly string[];
  readonly config: readonly string[];
  readonly item: readonly string[];
  readonly folder: readonly string[];
  readonly apiKey: readonly string[];
  readonly revisionDate: readonly string[];
  readonly refusals: readonly string[];
}

export async function serverAnswers(): Promise<ServerAnswers> {
  const organizations = [{ name: 'Org', collections: ['Col'], policies: [{ type: 2, data: { minLength: 12 } }] }];
  const v2 = { userKey: 'xAes256Gcm', signature: 'ed25519' } as const;
  const accounts = [
    await createAccount({ items: [...items, sealed], organizations }),
    await createAccount({ email: 'v2@example.test', items: items.slice(0, 1), v2 }),
  ];
  const found: Record<keyof ServerAnswers, string[]> = {
    ...{ accounts: [], sync: [], token: [], prelogin: [], profile: [], config: [] },
    ...{ item: [], folder: [], apiKey: [], revisionDate: [], refusals: [] },
  };
  const ask = async (caller: Caller, account: Account) => {
    const get = async (path: string) => (await caller.api('GET', path)).text;
    found.token.push((await caller.connect(caller.tokenForm(account))).text);
    await caller.signIn(account);
    found.sync.push(await get('sync?excludeDomains=true'));
    found.profile.push(await get('accounts/profile'));
    found.config.push(await get('config'));
    found.revisionDate.push(await get('accounts/revision-date'));
    for (const { id } of account.ciphers) found.item.push(await get(`ciphers/${id}/details`));
    for (const { id } of account.folders) found.folder.push(await get(`folders/${id}`));
    const verified = { masterPasswordHash: account.masterPasswordHash };
    found.apiKey.push((await caller.api('POST', 'accounts/api-key', verified)).text);
    found.refusals.push((await caller.api('POST', 'accounts/api-key', { masterPasswordHash: 'wrong' })).text);
    found.refusals.push(await get(`ciphers/${account.id}/details`));
    found.refusals.push((await caller.connect({ ...caller.tokenForm(account), client_secret: 'wrong' })).text);
    const { identity } = caller.server.urls;
    const body = JSON.stringify({ email: account.email });
    const headers = { 'Content-Type': 'application/json' };
    const prelogin = await fetch(`${identity}/accounts/prelogin`, { method: 'POST', headers, body });
    found.prelogin.push(await prelogin.text());
  };
  for (const dialect of dialects) {
    await withServer({ dialect, accounts }, async (caller) => {
      for (const account of accounts) await ask(caller, account);
    });
  }
  return { ...found, accounts };
}
