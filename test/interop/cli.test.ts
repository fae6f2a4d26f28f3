import { deepEqual, equal, match, notEqual, ok, throws } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { KdfConfig } from '../../src/bitwarden/crypto/kdf';
import { itemTypes, type KnownItemType } from '../../src/bitwarden/wire/itemTypes';
import type { ItemEdit } from '../../src/vault/edit/itemEdit';
import { RepromptRequiredError } from '../../src/vault/errors';
import { createAccount } from '../server/accounts';
import { startServer, type TestServer } from '../server/server';
import { Bw } from '../support/bw';
import type { BwServe } from '../support/bwServe';
import { createLoopbackTls, type LoopbackTls } from '../support/tls';
import { fieldRef, refText } from '../support/fieldRef';
import { until } from '../support/until';
import { itemsForTheCli } from './cliItems';
import { exchangeFiles } from './exchangeFiles';
import { itemNamed, OurClient } from './ourClient';

interface CliItem {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly notes: string | null;
  readonly key?: string | null;
  readonly favorite: boolean;
  readonly folderId?: string | null;
  readonly organizationId?: string | null;
  readonly collectionIds: string[];
  readonly fields?: { name: string; value?: string | null; type: number; linkedId?: number | null }[];
  readonly login?: { username: string; password: string; totp: string; uris?: { uri: string; match: number | null }[] };
  readonly card?: Record<string, string>;
  readonly identity?: Record<string, string>;
  readonly passwordHistory?: { password: string }[];
}

const setups: { dialect: 'official' | 'vaultwarden'; kdf: KdfConfig; basePath: string }[] = [
  { dialect: 'official', kdf: { type: 'pbkdf2', iterations: 600_000 }, basePath: '' },
  {
    dialect: 'vaultwarden',
    kdf: { type: 'argon2id', iterations: 3, memoryMiB: 32, parallelism: 4 },
    basePath: '/some/vault',
  },
];

const NOTES = 'Several\r\nlines,\tünïcödé 🔑 "quoted" \\ ';
const valueOf = (name: string) => `${name} ü 🔑`;

/** Everything that we write in an item of this type. */
function editOfEverything(
  type: KnownItemType,
  values: readonly { readonly name: string }[],
  folderId: string | null,
): ItemEdit & { readonly name: string } {
  return {
    ...{ name: `Ours: ${type} ü`, notes: NOTES, folderId, favorite: true },
    content: Object.fromEntries(values.map(({ name }) => [name, valueOf(name)])),
    fields: [
      { name: 'plain', value: 'text value' },
      { type: 'hidden', name: 'h', value: 'hidden ü' },
      { type: 'boolean', name: 'b', value: 'true' },
      type === 'login' ? { type: 'linked', name: 'l', linkedTo: 'username' } : { name: 'l', value: '' },
    ],
    ...(type === 'login'
      ? { uris: matches.map((match, at) => ({ uri: `https://${at}.example.test/ü`, match: match ?? null })) }
      : {}),
  };
}

const matches = [undefined, 'domain', 'host', 'startsWith', 'exact', 'regularExpression', 'never'] as const;

function contentOf(item: CliItem, type: KnownItemType): Record<string, unknown> {
  return (item as unknown as Record<string, Record<string, unknown> | undefined>)[type] ?? {};
}

/** What the CLI shows of editOfEverything, to the letter. */
function checkCliItem(item: CliItem, type: KnownItemType, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) equal(contentOf(item, type)[name], value);
  deepEqual(
    item.fields?.map(({ name, value, type: number, linkedId }) => [name, value ?? null, number, linkedId ?? null]),
    [
      ['plain', 'text value', 0, null],
      ['h', 'hidden ü', 1, null],
      ['b', 'true', 2, null],
      type === 'login' ? ['l', null, 3, 100] : ['l', '', 0, null],
    ],
  );
  if (type !== 'login') return;
  deepEqual(
    item.login?.uris?.map(({ uri, match }) => [uri, match ?? null]),
    matches.map((_, at) => [`https://${at}.example.test/ü`, at === 0 ? null : at - 1]),
  );
}

let tls: LoopbackTls;
before(async () => {
  tls = await createLoopbackTls();
});

for (const { dialect, kdf, basePath } of setups) {
  describe(`official CLI against the embedded server as ${dialect}, ${kdf.type}`, () => {
    let server: TestServer;
    let bw: Bw;
    let serve: BwServe;
    let ours: OurClient;

    before(async () => {
      const account = await createAccount({
        kdf,
        premium: true,
        organizations: [{ name: 'Org', collections: ['Team', 'Other'] }],
        items: itemsForTheCli,
      });
      server = await startServer({ dialect, accounts: [account], tls, basePath });
      bw = await Bw.create(tls.ca);
      ours = await OurClient.unlocked(server, tls.ca);
    });
    after(async () => {
      await ours.dispose();
      await bw.dispose();
      await server.close();
    });

    const hasOwnKey = (id: string) => server.account.ciphers.some((cipher) => cipher.id === id && cipher.key !== null);

    it('is told of a wrong client_secret in words it understands', async () => {
      await bw.ok(['config', 'server', server.url]);
      const env = { BW_CLIENTID: server.account.clientId, BW_CLIENTSECRET: 'not-the-secret' };
      const { code, stderr } = await bw.run(['login', '--apikey'], { env });
      notEqual(code, 0);
      match(stderr, dialect === 'official' ? /client_id or client_secret is incorrect/ : /Incorrect client_secret/);
    });

    it('signs in with the API key, refuses a wrong master password and unlocks with the right one', async () => {
      const { clientId, clientSecret, password, email, id } = server.account;
      const env = { BW_CLIENTID: clientId, BW_CLIENTSECRET: clientSecret };
      match(await bw.ok(['login', '--apikey'], { env }), /You are logged in!/);
      serve = await bw.serve();
      const { template } = await serve.ok<{ template: Record<string, string> }>('GET', '/status');
      deepEqual([template.userEmail, template.userId, template.status], [email, id, 'locked']);
      equal(await serve.unlock(`${password}!`), false);
      equal(await serve.unlock(password), true);
    });

    it('reads every item that the embedded server was filled with', async () => {
      const listed = await serve.ok<CliItem[]>('GET', '/list/object/items');
      const wanted = itemsForTheCli.filter(({ trashed, archived }) => !trashed && !archived);
      deepEqual(listed.map(({ name }) => name).sort(), wanted.map(({ name }) => name).sort());
      for (const plain of wanted) {
        const item = listed.find(({ name }) => name === plain.name);
        ok(item);
        equal(item.notes ?? undefined, plain.notes);
        equal(item.login?.username ?? undefined, plain.username);
        equal(item.login?.password ?? undefined, plain.password);
        equal(item.login?.totp ?? undefined, plain.totp);
        equal(item.favorite, plain.favorite ?? false);
        const uris = (plain.uris ?? []).map((uri) => (typeof uri === 'string' ? uri : uri.uri));
        deepEqual(
          (item.login?.uris ?? []).map(({ uri }) => uri),
          uris,
        );
        for (const [name, value] of Object.entries(plain.details ?? {})) {
          equal((item.card ?? item.identity)?.[name], value);
        }
      }
      const full = listed.find(({ name }) => name === 'Everything login');
      deepEqual(
        full?.fields?.map(({ name, value, type, linkedId }) => [name, value ?? null, type, linkedId ?? null]),
        [
          ['plain', 'text value', 0, null],
          ['secret', 'hidden value', 1, null],
          ['flag', 'true', 2, null],
          ['same as user', null, 3, 100],
        ],
      );
      equal(full.passwordHistory?.[0]?.password, 'the one before');
    });

    it('lists folders, collections and organisations', async () => {
      const names = async (what: string) =>
        (await serve.ok<CliItem[]>('GET', `/list/object/${what}`)).map(({ name }) => name);
      deepEqual(await names('folders'), ['Work/Nested', 'No Folder']);
      deepEqual(await names('collections'), ['Other', 'Team']);
      deepEqual(await names('organizations'), ['Org']);
    });

    it('gets a password and a one-time code', async () => {
      equal(await serve.ok('GET', '/object/password/Own%20key%20login'), 'under a key of its own');
      const totp = new TOTP({ secret: Secret.fromBase32('JBSWY3DPEHPK3PXP') });
      const earliest = Date.now();
      const code = await serve.ok<string>('GET', '/object/totp/Everything%20login');
      const valid = new Set<string>();
      for (let at = earliest; at < Date.now() + 30_000; at += 30_000) valid.add(totp.generate({ timestamp: at }));
      ok(valid.has(code), `${code} is none of ${[...valid].join()}`);
    });

    it('creates what the extension reads', async () => {
      const folder = await serve.ok<CliItem>('POST', '/object/folder', { name: 'Made by bw/ünïcödé' });
      const item = {
        type: 1,
        name: 'Made by bw',
        notes: 'notes 🔑',
        folderId: folder.id,
        favorite: true,
        reprompt: 1,
        login: { username: 'bw-user', password: 'bw-päss', totp: 'ABCDEFGH', uris: [{ uri: 'https://bw.test' }] },
        fields: [{ name: 'field', value: 'value', type: 1 }],
      };
      await serve.ok('POST', '/object/item', item);
      const shared = {
        type: 2,
        name: 'Shared by bw',
        notes: 'for the team',
        secureNote: { type: 0 },
        organizationId: server.account.organizations[0]?.id,
        collectionIds: [server.account.collections[0]?.id],
      };
      await serve.ok('POST', '/object/item', shared);

      const synced = await ours.synced();
      const { vault } = synced;
      ok(vault.folders.some(({ id, name }) => id === folder.id && name === 'Made by bw/ünïcödé'));
      const made = itemNamed(synced, 'Made by bw');
      deepEqual(
        ['notes', 'username', 'password', 'totp', 'uri.0', 'custom.0'].map((field) => made.read(field)),
        ['notes 🔑', 'bw-user', 'bw-päss', 'ABCDEFGH', 'https://bw.test', 'value'],
      );
      const custom = vault.fields(made.item.id).find(({ ref }) => refText(ref) === 'custom.0');
      deepEqual([custom?.customName, custom?.masked], ['field', true]);
      deepEqual([made.item.folderId, made.item.favorite, made.item.reprompt], [folder.id, true, true]);
      throws(() => vault.read(made.item.id, fieldRef('password')), RepromptRequiredError);
      deepEqual(
        (await vault.search('bw.test')).items.map(({ name }) => name),
        ['Made by bw'],
      );
      // The official configuration asks clients for a key per item, Vaultwarden's does not.
      equal(hasOwnKey(made.item.id), dialect === 'official');
      const team = itemNamed(synced, 'Shared by bw');
      equal(team.read('notes'), 'for the team');
      deepEqual(team.item.collectionIds, shared.collectionIds);
    });

    it('edits what the embedded server was filled with, and the extension reads it', async () => {
      const before = await serve.ok<CliItem>('GET', '/object/item/Own%20key%20login');
      const changed = { ...before, name: 'Edited by bw', login: { ...before.login, password: 'newer' } };
      await serve.ok('PUT', `/object/item/${before.id}`, changed);
      const edited = itemNamed(await ours.synced(), 'Edited by bw');
      equal(edited.item.id, before.id);
      equal(edited.read('password'), 'newer');
      equal(edited.read('uri.0'), 'https://own.example.test');
      ok(hasOwnKey(edited.item.id));
    });

    it('edits, creates and deletes while the extension listens, which shows each at once, without a sync', async () => {
      server.requests.clear();
      await ours.listen(true);
      server.requests.clear();
      const before = await serve.ok<CliItem>('GET', '/object/item/A%20card');
      const names = () => ours.shown.items.map(({ name }) => name);
      const code = () => ours.shown.read(before.id, fieldRef('code'));
      await serve.ok('PUT', `/object/item/${before.id}`, { ...before, card: { ...before.card, code: '987' } });
      await until('the edit shows', () => code() === '987');
      const note = { type: 2, name: 'Made meanwhile', secureNote: { type: 0 } };
      const made = await serve.ok<CliItem>('POST', '/object/item', note);
      await until('the new one shows', () => names().includes('Made meanwhile'));
      equal(server.requests.count('GET /api/sync'), 0);
      await serve.known(`/object/item/${made.id}`);
      await serve.ok('DELETE', `/object/item/${made.id}?permanent=true`);
      await until('it is gone', () => !names().includes('Made meanwhile'));
      await ours.listen(false);
    });

    // What an organization restricts does not depend on the server.
    if (dialect === 'official') {
      it('leaves out the types of items that an organization restricts, and so does the extension', async () => {
        const { policies, organizations } = server.account;
        const change = async (...restricted: typeof policies) => {
          policies.splice(0, policies.length, ...restricted);
          server.clock.advance(1);
          server.touch();
          await serve.ok('POST', '/sync?force=true');
        };
        const organizationId = organizations[0]?.id ?? '';
        await change({ id: randomUUID(), organizationId, type: 15, enabled: true, data: null });
        const isCard = ({ type }: Pick<CliItem, 'type'>) => type === 3;
        const theirs = await serve.known<CliItem[]>('/list/object/items', (all) => all.length > 0 && !all.some(isCard));
        const { items } = await ours.changed((session) => session.sync());
        const shown = items.filter(({ archived, trashed }) => !archived && !trashed);
        deepEqual(shown.map(({ name }) => name).sort(), theirs.map(({ name }) => name).sort());
        await change();
      });
    }

    it('moves an item to the trash and back, and deletes one for good', async () => {
      const { id } = await serve.ok<CliItem>('GET', '/object/item/A%20note');
      const stored = () => server.account.ciphers.find((cipher) => cipher.id === id);
      await serve.ok('DELETE', `/object/item/${id}`);
      ok(stored()?.deletedDate);
      await serve.ok('POST', `/restore/item/${id}`);
      equal(stored()?.deletedDate, null);
      await serve.ok('DELETE', `/object/item/${id}?permanent=true`);
      equal(stored(), undefined);
      equal(server.account.ciphers.length, itemsForTheCli.length + 1);
    });

    it('sees what the extension has moved, favored, archived and trashed, and the other way round', async () => {
      const { vault } = await ours.synced();
      const idOf = (name: string) => vault.items.find((item) => item.name === name)?.id ?? '';
      const [card, person] = [idOf('A card'), idOf('A person')];
      await ours.changed((session) => session.createFolder('Made by us/ünïcödé'));
      const folderId = server.account.folders.at(-1)?.id ?? '';
      await ours.changed((session) => session.changeItems({ kind: 'move', folderId }, [card, person]));
      await ours.changed((session) => session.changeItems({ kind: 'favorite' }, [card]));
      await ours.changed((session) => session.changeItems({ kind: 'archive' }, [card]));
      await ours.changed((session) => session.changeItems({ kind: 'trash' }, [person]));
      await serve.ok('POST', '/sync');
      await serve.known<CliItem[]>('/list/object/items?trash=true', (items) => items.some(({ id }) => id === person));
      const archived = await serve.ok<CliItem[]>('GET', '/list/object/items?archived=true');
      const found = archived.find(({ id }) => id === card);
      deepEqual([found?.folderId, found?.favorite, found?.card?.number], [folderId, true, '4111111111111111']);
      const folders = await serve.ok<CliItem[]>('GET', '/list/object/folders');
      equal(folders.find(({ id }) => id === folderId)?.name, 'Made by us/ünïcödé');

      await serve.ok('POST', `/restore/item/${card}`);
      await serve.ok('POST', `/restore/item/${person}`);
      await serve.ok('PUT', `/object/folder/${folderId}`, { name: 'Renamed by bw' });
      const now = (await ours.synced()).vault;
      deepEqual(
        [card, person].map((id) => [now.item(id)?.archived, now.item(id)?.trashed, now.item(id)?.folderId]),
        Array(2).fill([false, false, folderId]),
      );
      equal(now.folders.find(({ id }) => id === folderId)?.name, 'Renamed by bw');
      await ours.changed((session) => session.deleteFolders([folderId]));
      const last = await ours.changed((session) => session.changeItems({ kind: 'unfavorite' }, [card]));
      deepEqual([last.item(card)?.folderId, last.item(card)?.favorite], [undefined, false]);
      await serve.ok('POST', '/sync');
      await serve.known<CliItem>(`/object/item/${card}`, (item) => !item.favorite && (item.folderId ?? null) === null);
    });

    it('reads the files that the extension adds, and the other way round', async () => {
      const { vault } = await ours.synced();
      for (const name of ['Steam', 'Edited by bw']) {
        const id = vault.items.find((item) => item.name === name)?.id ?? '';
        await exchangeFiles({ server, serve, ours }, id);
      }
    });

    it('attaches a file and gets it back, shares an item and puts it into collections', async () => {
      const { id } = await serve.known<CliItem>('/object/item/Edited%20by%20bw');
      const stored = () => server.account.ciphers.find((cipher) => cipher.id === id);
      const form = new FormData();
      form.set('file', new Blob(['a file of a few words']), 'attached.txt');
      await serve.ok('POST', `/attachment?itemid=${id}`, form);
      const attachmentId = stored()?.attachments[0]?.id ?? '';
      ok(stored()?.attachments[0]?.content);
      const attachment = `/object/attachment/${attachmentId}?itemid=${id}`;
      // What `bw serve` has decrypted follows what it has stored a moment later.
      await until('the file is there', async () => {
        const { status, bytes } = await serve.request('GET', attachment);
        return status === 200 && bytes.toString() === 'a file of a few words';
      });
      await serve.ok('DELETE', attachment);
      deepEqual(stored()?.attachments, []);
      const [organization] = server.account.organizations;
      const [team, other] = server.account.collections.map((collection) => collection.id);
      await serve.ok('POST', `/move/${id}/${organization?.id}`, [team]);
      deepEqual([stored()?.organizationId, stored()?.collectionIds], [organization?.id, [team]]);
      await serve.known<CliItem>(`/object/item/${id}`, ({ organizationId }) => organizationId === organization?.id);
      await serve.ok('PUT', `/object/item-collections/${id}`, [team, other]);
      deepEqual(stored()?.collectionIds, [team, other]);
      const { item, read } = itemNamed(await ours.synced(), 'Edited by bw');
      deepEqual([item.collectionIds, read('password')], [[team, other], 'newer']);
    });

    it('reads every type and value that we have written, edits it, and reads what we have edited then', async () => {
      const types = itemTypes.filter(({ number }) => number <= (dialect === 'official' ? 8 : 5));
      const folderId = await ours.folder('Both');
      const ids = new Map<string, string>();
      for (const { name: type, fields } of types) {
        const item = { type, edit: editOfEverything(type, fields, folderId) };
        await ours.changed(async (session) => void ids.set(type, await session.createItem(item)));
      }
      const organizationId = server.account.organizations[0]!.id;
      const collectionIds = [server.account.collections[0]!.id];
      const shared = {
        type: 'login',
        organizationId,
        collectionIds,
        edit: editOfEverything('login', [], null),
      } as const;
      await ours.changed(async (session) => void ids.set('shared', await session.createItem(shared)));

      const list = (holds: (items: CliItem[]) => boolean) => serve.known<CliItem[]>('/list/object/items', holds);
      const written = await list((items) => items.some(({ id }) => id === ids.get('shared')));
      const team = written.find(({ id }) => id === ids.get('shared'));
      deepEqual([team?.organizationId, team?.collectionIds, team?.notes], [organizationId, collectionIds, NOTES]);
      for (const { name: type, fields } of types) {
        const read = written.find(({ id }) => id === ids.get(type))!;
        deepEqual([read.name, read.notes, read.folderId, read.favorite], [`Ours: ${type} ü`, NOTES, folderId, true]);
        checkCliItem(read, type, Object.fromEntries(fields.map(({ name }) => [name, valueOf(name)])));
        // The CLI encrypts all of it anew.
        const [first] = fields;
        const content = { ...contentOf(read, type), ...(first === undefined ? {} : { [first.name]: 'by bw 🔑' }) };
        const custom = read.fields!.map((field) => (field.name === 'h' ? { ...field, value: 'h by bw' } : field));
        const edited = { ...read, name: `Theirs: ${type}`, notes: 'bw', [type]: content, fields: custom };
        await serve.ok('PUT', `/object/item/${read.id}`, edited);
      }

      const synced = await ours.synced();
      for (const { name: type, fields } of types) {
        const theirs = itemNamed(synced, `Theirs: ${type}`);
        equal(theirs.item.id, ids.get(type));
        for (const [at, { name }] of fields.entries()) equal(theirs.read(name), at === 0 ? 'by bw 🔑' : valueOf(name));
        deepEqual([theirs.read('notes'), theirs.read('custom.1')], ['bw', 'h by bw']);
        equal(theirs.read('formerPassword.0'), 'h: hidden ü');
        const last = fields.at(-1);
        const edit: ItemEdit = {
          name: `Ours again: ${type}`,
          ...(last === undefined ? {} : { content: { [last.name]: 'ours again' } }),
          fields: [{ from: 3 }, { from: 0, name: 'renamed' }, { from: 2 }, { value: 'new', name: 'n', type: 'hidden' }],
        };
        await ours.changed((session) => session.saveItem(theirs.item.id, edit, theirs.element));
      }

      const again = await list(
        (items) => items.filter(({ name }) => name.startsWith('Ours again')).length === types.length,
      );
      for (const { name: type, fields } of types) {
        const read = again.find(({ id }) => id === ids.get(type))!;
        const content = contentOf(read, type);
        for (const [at, { name }] of fields.entries()) {
          equal(content[name], at === fields.length - 1 ? 'ours again' : at === 0 ? 'by bw 🔑' : valueOf(name));
        }
        deepEqual(
          read.passwordHistory?.map(({ password }) => password),
          ['h: h by bw', 'h: hidden ü'],
        );
        deepEqual(
          read.fields?.map(({ name, type: number }) => [name, number]),
          [type === 'login' ? ['l', 3] : ['l', 0], ['renamed', 0], ['b', 2], ['n', 1]],
        );
      }
    });

    it('reads what we have cloned, moved to an organisation and changed of a password', async () => {
      const made = async (edit: ItemEdit & { name: string }) => {
        let id = '';
        await ours.changed(async (session) => (id = await session.createItem({ type: 'login', edit })));
        return id;
      };
      const uris = [{ uri: 'https://u.example.test', match: 'host' }] as const;
      const id = await made({ name: 'To be moved', content: { username: 'u', password: 'first' }, uris });
      const vault = await ours.changed(() => Promise.resolve());
      const edit = { content: { password: 'second' } };
      await ours.changed((session) => session.saveItem(id, edit, vault.element(id)!));
      let clone = '';
      await ours.changed(async (session) => (clone = await session.cloneItem(id, 'A clone')));
      const [organization] = server.account.organizations;
      const [team] = server.account.collections.map((collection) => collection.id);
      await ours.changed((session) => session.shareItem(id, organization!.id, [team!]));
      await serve.ok('POST', '/sync?force=true');
      const moved = await serve.known<CliItem>(
        `/object/item/${id}`,
        ({ organizationId }) => organizationId === organization!.id,
      );
      deepEqual(
        [moved.login?.password, moved.login?.uris?.[0]?.uri, moved.collectionIds],
        ['second', uris[0].uri, [team]],
      );
      equal(moved.login?.uris?.[0]?.match, 1);
      deepEqual(
        moved.passwordHistory?.map(({ password }) => password),
        ['first'],
      );
      const copy = await serve.known<CliItem>(`/object/item/${clone}`);
      deepEqual([copy.name, copy.login?.username, copy.login?.password], ['A clone', 'u', 'second']);
      equal(copy.passwordHistory?.length ?? 0, 0);
    });

    it('syncs what another client changed', async () => {
      server.account.folders.splice(0);
      server.touch();
      await serve.ok('POST', '/sync');
      const folders = await serve.known<CliItem[]>('/list/object/folders', ({ length }) => length === 1);
      deepEqual(folders, [{ name: 'No Folder', object: 'folder', id: '' }]);
    });

    it('is shut out when the extension rotates the API key, and let in again by the new one', async () => {
      const { clientId, clientSecret: former, password } = server.account;
      await ours.rotateApiKey();
      const { clientSecret } = ours;
      notEqual(clientSecret, former);

      const refused = dialect === 'official' ? /invalid_client/ : /Incorrect client_secret/;
      await serve.close();
      const { code, stderr } = await bw.run(['sync', '--force']);
      notEqual(code, 0);
      match(stderr, refused);
      await bw.unlock(password);
      equal(await bw.ok(['get', 'username', 'Shared login']), 'shared');
      await bw.ok(['logout']);
      match(await bw.login(server.url, clientId, clientSecret), /You are logged in!/);
      serve = await bw.serve();
      equal(await serve.unlock(password), true);
      equal(await serve.known('/object/username/Shared%20login'), 'shared');
    });
  }).timeout(180_000);
}

describe('official CLI and a user key without a MAC', () => {
  it('unlocks the account of the early years that our factory makes', async () => {
    const account = await createAccount({
      userKeyWithoutMac: true,
      items: [{ name: 'Old', password: 'as the hills' }],
    });
    const server = await startServer({ dialect: 'official', accounts: [account], tls });
    const bw = await Bw.create(tls.ca);
    try {
      await bw.login(server.url, account.clientId, account.clientSecret);
      await bw.unlock(account.password);
      equal(await bw.ok(['get', 'password', 'Old']), 'as the hills');
    } finally {
      await bw.dispose();
      await server.close();
    }
  }).timeout(180_000);
});
