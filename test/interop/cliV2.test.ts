import { deepEqual, equal, match } from 'node:assert/strict';
import { createAccount } from '../server/accounts';
import type { PlainItem } from '../server/items';
import { startServer, type TestServer } from '../server/server';
import { v2Kinds } from '../server/v2Keys';
import { Bw } from '../support/bw';
import type { BwServe } from '../support/bwServe';
import { createLoopbackTls, type LoopbackTls } from '../support/tls';
import { exchangeFiles } from './exchangeFiles';
import { itemNamed, OurClient } from './ourClient';

const items: readonly PlainItem[] = [
  { name: 'Plain', folder: 'Work', username: 'robin', password: 'of the user key', uris: ['https://a.example'] },
  { name: 'Own key', password: 'of its own key', ownKey: true, uris: ['https://b.example'] },
  { name: 'Shared', organization: 'Org', collections: ['Team'], password: 'of the organisation' },
];

const created = {
  ...{ type: 1, name: 'Made by the CLI', notes: 'some notes', favorite: false, reprompt: 0 },
  login: { username: 'cli', password: 'of the CLI', uris: [{ uri: 'https://c.example', match: null }] },
  fields: [{ name: 'token', value: 'hidden', type: 1 }],
};

interface CliItem {
  readonly name: string;
  readonly login: { readonly password: string; readonly uris?: readonly { readonly uri: string }[] };
}

let tls: LoopbackTls;
before(async () => {
  tls = await createLoopbackTls();
});

/** The CLI of this version opens user keys of XChaCha20-Poly1305 alone: XAES-256-GCM came with the SDK after it. */
for (const v2 of v2Kinds.filter(({ userKey }) => userKey === 'xChaCha20Poly1305')) {
  describe(`official CLI and V2 encryption, ${v2.signature}`, function () {
    this.timeout(120_000);

    let server: TestServer;
    let bw: Bw;
    let serve: BwServe;
    let ours: OurClient;
    before(async () => {
      const organizations = [{ name: 'Org', collections: ['Team'] }];
      const kdf = { type: 'pbkdf2', iterations: 600_000 } as const;
      const account = await createAccount({ v2, kdf, organizations, items, premium: true });
      server = await startServer({ dialect: 'official', accounts: [account], tls });
      bw = await Bw.create(tls.ca);
      ours = await OurClient.unlocked(server, tls.ca);
    });
    after(async () => {
      await ours.dispose();
      await bw.dispose();
      await server.close();
    });

    it('unlocks an account of the embedded server, and no wrong password does', async () => {
      const { clientId, clientSecret, password } = server.account;
      match(await bw.login(server.url, clientId, clientSecret), /You are logged in!/);
      serve = await bw.serve();
      equal(await serve.unlock(`${password}!`), false);
      equal(await serve.unlock(password), true);
    });

    it('reads what we read', async () => {
      const vault = await ours.synced();
      const listed = await serve.ok<CliItem[]>('GET', '/list/object/items');
      deepEqual(listed.map(({ name }) => name).sort(), items.map(({ name }) => name).sort());
      for (const { name, login } of listed) {
        const { read } = itemNamed(vault, name);
        equal(read('password'), login.password);
        if (login.uris?.[0]) equal(read('uri.0'), login.uris[0].uri);
      }
      const folders = await serve.ok<{ name: string }[]>('GET', '/list/object/folders');
      equal(folders[0]?.name, 'Work');
    });

    it('makes items that we read, under keys of their own', async () => {
      await serve.ok('POST', '/object/item', created);
      match(server.account.ciphers.at(-1)?.key ?? '', /^7\./);
      const { read } = itemNamed(await ours.synced(), created.name);
      equal(read('password'), created.login.password);
      equal(read('uri.0'), created.login.uris[0]?.uri);
      equal(read('notes'), created.notes);
      equal(read('custom.0'), 'hidden');
    });

    // The signature has no part in what follows.
    if (v2.signature !== 'ed25519') return;

    it('reads what we have made, edited, cloned and moved to an organisation', async () => {
      let [made, clone] = ['', ''];
      const [organization] = server.account.organizations;
      const [team] = server.account.collections.map(({ id }) => id);
      const edit = { name: 'Ours', content: { password: 'first' }, uris: [{ uri: 'https://d.example' }] };
      await ours.changed(async (session) => (made = await session.createItem({ type: 'login', edit })));
      await ours.changed(async (session) => (clone = await session.cloneItem(made, 'Clone of ours')));
      const theirs = itemNamed(await ours.synced(), created.name);
      const again = { content: { password: 'second' }, uris: [{ from: 0 }, { uri: 'https://e.example' }] };
      await ours.changed((session) => session.saveItem(theirs.item.id, again, theirs.element));
      await ours.changed((session) => session.shareItem(made, organization!.id, [team!]));
      const isThere = (listed: CliItem[]) => listed.some(({ name }) => name === 'Clone of ours');
      const listed = await serve.known<CliItem[]>('/list/object/items', isThere);
      const seen = (name: string) => listed.find((item) => item.name === name)?.login;
      deepEqual(
        ['Ours', 'Clone of ours', created.name].map((name) => [
          seen(name)?.password,
          seen(name)?.uris?.map(({ uri }) => uri),
        ]),
        [
          ['first', ['https://d.example']],
          ['first', ['https://d.example']],
          ['second', ['https://c.example', 'https://e.example']],
        ],
      );
      match(server.account.ciphers.find(({ id }) => id === clone)?.name ?? '', /^7\./);
    });

    it('reads the files that the extension adds, and the other way round', async () => {
      const { vault } = await ours.synced();
      for (const name of ['Plain', 'Own key', 'Shared']) {
        const id = vault.items.find((item) => item.name === name)?.id ?? '';
        await exchangeFiles({ server, serve, ours }, id);
      }
    });
  });
}
