import assert from 'node:assert/strict';
import { ItemTypeRefusedError, PolicyError, NetworkError } from '../../../../src/bitwarden/errors';
import { openText } from '../../../../src/bitwarden/crypto/open';
import { unwrapSymmetricKey } from '../../../../src/bitwarden/crypto/keyWrapping';
import { itemTypes } from '../../../../src/bitwarden/wire/itemTypes';
import type { ItemEdit, NewItem } from '../../../../src/vault/edit/itemEdit';
import {
  ChangeUnknownError,
  ConflictError,
  GoneElsewhereError,
  HiddenByOrganizationError,
  LockedError,
  MissingValueError,
  OldAttachmentError,
  OwnerSettledError,
  ReadOnlyItemError,
  RepromptRequiredError,
  RestrictedTypeError,
  TooLongError,
} from '../../../../src/vault/errors';
import { misbehaviours } from '../../../server/misbehaviours';
import type { PlainItem } from '../../../server/items';
import type { StoredCipher } from '../../../server/model';
import { VaultWriter } from '../../../server/vaultWriter';
import { anyKeyFromBase64 } from '../../../support/keys';
import { until } from '../../../support/until';
import { dialects, type EditorWindow, type Scene, scenes } from '../../../support/window';

const organizations = [{ name: 'Org', collections: ['Col', 'Other'] }];
const inOrganization = { organization: 'Org', collections: ['Col'] };

/** A login with something of everything. */
const full: PlainItem = {
  name: 'Full',
  notes: 'noted',
  username: 'me',
  password: 'first',
  totp: 'JBSWY3DPEHPK3PXP',
  uris: ['https://one.example.test', { uri: 'https://two.example.test', match: 3 }],
  fields: [
    { name: 'plain', value: 'text' },
    { type: 'hidden', name: 'token', value: 'secret token' },
    { type: 'boolean', name: 'on', value: 'true' },
    { type: 'linked', name: 'user', linkedId: 100 },
  ],
  passkeys: [{ rpId: 'example.test', userName: 'me', creationDate: '2026-01-02T03:04:05.678Z' }],
  attachments: [{ fileName: 'a.txt', size: 3 }],
  passwordHistory: [1, 2, 3, 4].map((at) => ({ password: `old ${at}`, lastUsedDate: `2026-01-0${at}T03:04:05.000Z` })),
  folder: 'Work',
};
const items: readonly PlainItem[] = [
  full,
  { ...full, name: 'Own key', ownKey: true },
  { ...full, name: 'Shared', folder: 'Work', ...inOrganization },
  { ...full, name: 'Shared own key', ownKey: true, ...inOrganization },
  { name: 'Asks', reprompt: true, password: 'p' },
  { name: 'Note', type: 'secureNote', notes: 'n' },
  { name: 'Archived', archived: true, password: 'p' },
];

const REPLACE = /^PUT \/api\/ciphers\/[^/]+$/;

type Json = Record<string, unknown>;

describe('the content of items', () => {
  const scene = scenes();

  const stored = (at: Scene, id: string): StoredCipher => at.account.ciphers.find((cipher) => cipher.id === id)!;
  const writes = (at: Scene) =>
    at.server.requests.to().filter(({ method, path }) => method !== 'GET' && !path.includes('/connect/'));

  async function begin(dialect: (typeof dialects)[number], options: Parameters<typeof scene>[1] = {}) {
    const at = await scene(dialect, { organizations, items, ...options });
    const window = await at.unlocked();
    at.server.requests.clear();
    return { at, window };
  }

  /** Another client changes something, which this window has not seen yet. */
  function elsewhere(at: Scene, change: () => void): void {
    at.server.clock.advance(5);
    change();
    at.server.touch();
  }

  function keyOf(at: Scene, { organizationId, key }: StoredCipher) {
    const organization = at.account.organizations.find(({ id }) => id === organizationId);
    const outer = anyKeyFromBase64(organization?.plainKey ?? at.account.plainUserKey);
    return key === null ? outer : unwrapSymmetricKey(key, outer);
  }

  /** As JSON, with every date in one form: Vaultwarden has another one than what it was sent. */
  const plain = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
      typeof inner === 'string' ? inner.replace(/^(\d{4}-.*\.\d{3})(?:000)?Z$/, '$1Z') : inner,
    );

  /** What the server has, decrypted wherever it is encrypted. */
  function clear(at: Scene, cipher: StoredCipher): Json {
    const key = keyOf(at, cipher);
    const walk = (value: unknown): unknown => {
      if (typeof value === 'string') return /^[27]\.[^ ]+$/.test(value) ? openText(value, key) : value;
      if (Array.isArray(value)) return value.map(walk);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner)]));
    };
    const { name, notes, typed, fields, passwordHistory } = cipher;
    return walk({ name, notes, typed, fields, passwordHistory }) as Json;
  }

  function save(window: EditorWindow, name: string, edit: ItemEdit): Promise<void> {
    const id = window.itemId(name);
    return window.session.saveItem(id, edit, window.vault.element(id)!);
  }

  for (const dialect of dialects) {
    describe(dialect, () => {
      it('is created, of each type that the server takes, by one call, and shown without a sync', async () => {
        const { at, window } = await begin(dialect);
        for (const { name: type, number, fields } of itemTypes) {
          const content = Object.fromEntries(fields.map(({ name }) => [name, `${name} ü`]));
          const edit = { name: `A ${type}`, notes: 'many\r\nlines', content, favorite: true };
          const creating = window.session.createItem({ type, edit });
          if (dialect === 'vaultwarden' && number > 5) {
            await assert.rejects(creating, ItemTypeRefusedError);
            continue;
          }
          const id = await creating;
          assert.equal(window.vault.item(id)?.name, `A ${type}`);
          assert.equal(window.vault.item(id)?.favorite, true);
          for (const { name } of fields) assert.equal(window.read(`A ${type}`, name), `${name} ü`);
          assert.equal(window.read(`A ${type}`, 'notes'), 'many\r\nlines');
          assert.equal(stored(at, id).type, number);
        }
        assert.equal(at.server.requests.count('GET /api/sync'), dialect === 'vaultwarden' ? 3 : 0);
      });

      it('is created with addresses, fields and a folder', async () => {
        const { at, window } = await begin(dialect);
        const folderId = window.vault.folders[0]!.id;
        const id = await window.session.createItem({
          type: 'login',
          edit: {
            ...{ name: '', folderId, reprompt: true, content: { password: 'p' } },
            uris: [{ uri: 'https://a.example.test', match: 'exact' }, { uri: '' }, { uri: 'b' }],
            fields: [
              { type: 'hidden', name: 'h', value: 'v' },
              { type: 'boolean', name: 'b' },
              { type: 'linked', name: 'l', linkedTo: 'password' },
              { name: '' },
            ],
          },
        });
        const made = stored(at, id);
        assert.deepEqual([made.folderId, made.reprompt, made.key], [folderId, 1, null]);
        const { typed, fields, name } = clear(at, made) as { typed: Json; fields: Json[]; name: string };
        assert.equal(name, '');
        assert.deepEqual(
          (typed.uris as Json[]).map(({ uri, match }) => [uri, match]),
          [
            ['https://a.example.test', 3],
            ['b', null],
          ],
        );
        assert.deepEqual(
          fields.map(({ type, name: label, value, linkedId }) => [type, label, value, linkedId ?? null]),
          [
            [1, 'h', 'v', null],
            [2, 'b', 'false', null],
            [3, 'l', null, 101],
            [0, '', '', null],
          ],
        );
      });

      it('is created for an organisation, in its collections', async () => {
        const { at, window } = await begin(dialect);
        const { id: organizationId } = window.vault.organizations[0]!;
        const collectionIds = window.vault.collections.map(({ id }) => id);
        const edit = { name: 'Ours', content: { password: 'p' } };
        const id = await window.session.createItem({ type: 'login', organizationId, collectionIds, edit });
        assert.deepEqual(window.vault.item(id)?.collectionIds, collectionIds);
        assert.equal(window.read('Ours', 'password'), 'p');
        assert.deepEqual(stored(at, id).collectionIds, collectionIds);
        assert.equal(clear(at, stored(at, id)).name, 'Ours');
      });

      it('keeps every byte of what is not changed', async () => {
        const { at, window } = await begin(dialect);
        for (const name of ['Full', 'Own key', 'Shared', 'Shared own key']) {
          const id = window.itemId(name);
          const before = structuredClone(stored(at, id));
          at.server.clock.advance(5);
          await save(window, name, { content: { username: 'another' } });
          const after = stored(at, id);
          const { username, ...rest } = after.typed!;
          assert.equal(openText(String(username), keyOf(at, after)), 'another');
          assert.deepEqual(
            plain({ ...after, typed: { ...before.typed, ...rest }, revisionDate: '' }),
            plain({ ...before, revisionDate: '' }),
          );
          assert.equal(window.read(name, 'username'), 'another');
        }
        assert.equal(at.server.requests.count('GET /api/sync'), 0);
      });

      it('keeps former passwords, five of them, as official clients do', async () => {
        const { at, window } = await begin(dialect);
        for (const name of ['Full', 'Own key', 'Shared own key']) {
          const id = window.itemId(name);
          const [plain, token, on, user] = [0, 1, 2, 3].map((from) => ({ from }));
          await save(window, name, {
            content: { password: 'second' },
            fields: [user!, plain!, { ...token!, value: 'new token' }, on!],
          });
          const { typed, passwordHistory, fields } = clear(at, stored(at, id)) as Record<string, Json[]>;
          assert.deepEqual(
            passwordHistory!.map(({ password }) => password),
            ['token: secret token', 'first', 'old 1', 'old 2', 'old 3'],
          );
          const date = (typed as unknown as Json).passwordRevisionDate;
          assert.equal(date, passwordHistory![0]!.lastUsedDate);
          assert.deepEqual(
            fields!.map(({ name: label }) => label),
            ['user', 'plain', 'token', 'on'],
          );
          assert.equal(window.read(name, 'password'), 'second');
          assert.equal(window.read(name, 'formerPassword.1'), 'first');
        }
        // The first password of an item replaces none, and one that is removed is kept.
        await save(window, 'Note', { fields: [{ type: 'hidden', name: 'h', value: 'v' }] });
        await save(window, 'Note', { fields: [] });
        assert.equal(window.read('Note', 'formerPassword.0'), 'h: v');
      });

      it('writes addresses with checksums, and no address twice', async () => {
        const { at, window } = await begin(dialect);
        for (const name of ['Full', 'Own key', 'Shared own key']) {
          await save(window, name, {
            uris: [
              { from: 1, uri: 'https://moved.example.test', match: null },
              { uri: 'https://new.example.test' },
              { from: 0 },
            ],
          });
          assert.deepEqual(
            [0, 1, 2].map((at) => window.read(name, `uri.${at}`)),
            ['https://moved.example.test', 'https://new.example.test', 'https://one.example.test'],
          );
          const { typed } = clear(at, stored(at, window.itemId(name))) as { typed: { uris: Json[] } };
          assert.deepEqual(
            typed.uris.map(({ match }) => match),
            [null, null, null],
          );
          assert.ok(typed.uris.every(({ uriChecksum }) => String(uriChecksum).length === 44));
        }
      });

      it('clears values, and leaves what the user alone sets', async () => {
        const { at, window } = await begin(dialect);
        await save(window, 'Full', { notes: '', content: { totp: '', username: '' }, uris: [], favorite: true });
        const { typed, notes, favorite, folderId } = stored(at, window.itemId('Full'));
        assert.deepEqual([typed!.totp, typed!.username, notes, favorite], [null, null, null, true]);
        assert.notEqual(folderId, null);
        await save(window, 'Full', { folderId: null, favorite: false, reprompt: true });
        const after = stored(at, window.itemId('Full'));
        assert.deepEqual([after.folderId, after.favorite, after.reprompt], [null, false, 1]);
        await save(window, 'Archived', { name: 'Still archived' });
        assert.equal(window.vault.item(window.itemId('Still archived'))?.archived, true);
      });

      it('is not sent where nothing is another one', async () => {
        const { at, window } = await begin(dialect);
        await save(window, 'Full', {
          ...{ name: 'Full', notes: 'noted', content: { password: 'first' }, favorite: false, reprompt: false },
          uris: [
            { from: 0, uri: 'https://one.example.test' },
            { from: 1, match: 'exact' },
          ],
          fields: [{ from: 0, name: 'plain', value: 'text' }, { from: 1, type: 'hidden' }, { from: 2 }, { from: 3 }],
        });
        assert.equal(writes(at).length, 0);
      });

      it('that is too long for the server is not sent, and the field is named', async () => {
        const { at, window } = await begin(dialect);
        const long = (length: number) => 'x'.repeat(length);
        const edits: [ItemEdit, unknown][] = [
          [{ name: long(1000) }, 'itemName'],
          [{ notes: long(8000) }, { kind: 'notes' }],
          [{ content: { password: long(4000) } }, { kind: 'content', name: 'password' }],
          [{ content: { username: long(1000) } }, { kind: 'content', name: 'username' }],
          [{ uris: [{ from: 0 }, { uri: long(8000) }] }, { kind: 'uri', index: 1 }],
          [{ fields: [{ name: 'a', value: long(4000) }] }, { kind: 'custom', index: 0 }],
          [{ fields: [{ name: long(1000) }] }, { kind: 'customName', index: 0 }],
        ];
        for (const [edit, field] of edits) {
          await assert.rejects(save(window, 'Full', edit), (error) => {
            assert.ok(error instanceof TooLongError);
            assert.deepEqual(error.field, field);
            return true;
          });
        }
        assert.equal(writes(at).length, 0);
        // What fits here, the server takes.
        const edit = { notes: long(7000), content: { username: long(600), password: long(3500) } };
        await save(window, 'Full', edit);
        // The history takes as much of a hidden field as fits.
        await save(window, 'Full', { fields: [{ type: 'hidden', name: long(500), value: long(3600) }] });
        await save(window, 'Full', { fields: [] });
        assert.equal(window.read('Full', 'formerPassword.0'), long(3600));
      });

      it('of an item that asks for the master password is not saved without it', async () => {
        const { at, window } = await begin(dialect);
        await assert.rejects(save(window, 'Asks', { name: 'x' }), RepromptRequiredError);
        assert.equal(writes(at).length, 0);
        const proof = await window.session.proveMasterPassword(at.password());
        const id = window.itemId('Asks');
        await window.session.saveItem(id, { name: 'x' }, window.vault.element(id)!, proof);
        assert.equal(window.vault.item(id)?.name, 'x');
      });

      it('is created once, also where the answer was lost', async () => {
        const { at, window } = await begin(dialect);
        const count = at.account.ciphers.length;
        for (const fault of [misbehaviours.dropAnswer, misbehaviours.cutOff, misbehaviours.malformedJson] as const) {
          at.server.faults.arm('POST /api/ciphers', fault, 1);
          const name = `Made ${fault.kind}`;
          const id = await window.session.createItem({ type: 'login', edit: { name } });
          assert.equal(window.vault.item(id)?.name, name);
        }
        assert.equal(at.account.ciphers.length, count + 3);
      });

      it('is created once, also where nobody knew for a while', async () => {
        const { at, window } = await begin(dialect);
        const count = at.account.ciphers.length;
        const names: string[] = [];
        const attempts = { names, willSend: (name: string) => Promise.resolve(void names.push(name)) };
        const item: NewItem = { type: 'login', edit: { name: 'New', content: { password: 'p' } } };
        at.server.faults.arm('POST /api/ciphers', misbehaviours.dropAnswer, 1);
        at.server.faults.arm('GET /api/sync', misbehaviours.drop, 3);
        await assert.rejects(window.session.createItem(item, attempts), ChangeUnknownError);
        assert.equal(at.account.ciphers.length, count + 1);
        // As long as nobody knows, nothing is sent.
        at.server.faults.arm('GET /api/sync', misbehaviours.drop, 3);
        await assert.rejects(window.session.createItem(item, attempts), NetworkError);
        const changed: NewItem = { type: 'login', edit: { name: 'New', content: { password: 'q' } } };
        const id = await window.session.createItem(changed, attempts);
        assert.equal(at.account.ciphers.length, count + 1);
        assert.equal(window.vault.item(id)?.name, 'New');
        assert.equal(window.read('New', 'password'), 'q');
        assert.equal(names.length, 1);
      });

      it('that was made after all becomes what is wanted now, also in what was cleared and where it is', async () => {
        const { at, window } = await begin(dialect);
        const { id: organizationId } = window.vault.organizations[0]!;
        const [col, other] = window.vault.collections.map(({ id }) => id);
        const names: string[] = [];
        const attempts = { names, willSend: (name: string) => Promise.resolve(void names.push(name)) };
        const typed = { name: 'New', notes: 'n', favorite: true, content: { username: 'u', password: 'p' } };
        at.server.faults.arm('POST /api/ciphers', misbehaviours.dropAnswer, 1);
        at.server.faults.arm('GET /api/sync', misbehaviours.drop, 3);
        const edit: ItemEdit & { name: string } = {
          ...typed,
          uris: [{ uri: 'a' }],
          fields: [{ name: 'f', value: 'v' }],
        };
        await assert.rejects(window.session.createItem({ type: 'login', edit }, attempts), ChangeUnknownError);
        const count = at.account.ciphers.length;
        const wanted: NewItem = {
          ...{ type: 'login', organizationId, collectionIds: [col!] },
          edit: { name: 'New', content: { password: 'q' }, uris: [{ uri: 'a' }] },
        };
        const id = await window.session.createItem(wanted, attempts);
        assert.equal(at.account.ciphers.length, count);
        const { notes, typed: login, fields } = clear(at, stored(at, id)) as Record<string, Json & Json[]>;
        assert.deepEqual([notes, login!.username, login!.password, fields ?? []], [null, null, 'q', []]);
        assert.equal(stored(at, id).favorite, false);
        assert.deepEqual([stored(at, id).organizationId, stored(at, id).collectionIds], [organizationId, [col]]);
        await window.session.createItem({ ...wanted, collectionIds: [other!] }, attempts);
        assert.deepEqual(stored(at, id).collectionIds, [other]);
        const { type, edit: again } = wanted;
        await assert.rejects(window.session.createItem({ type, edit: again }, attempts), OwnerSettledError);
      });

      it('is saved over what the server has, though the disk is full', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Full');
        const base = window.vault.element(id)!;
        elsewhere(at, () =>
          Object.assign(stored(at, id), { favorite: true, notes: null, revisionDate: at.server.clock.iso() }),
        );
        at.files.beforeWrite = () => {
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        };
        await assert.rejects(window.session.saveItem(id, { notes: 'mine' }, base), ConflictError);
        await window.session.saveItem(id, { content: { username: 'mine' } }, base);
        const { notes, typed } = clear(at, stored(at, id)) as Record<string, Json>;
        assert.deepEqual([notes, typed!.username, stored(at, id).favorite], [null, 'mine', true]);
        at.files.beforeWrite = () => undefined;
      });

      it('is saved once, where the answer was lost', async () => {
        const { at, window } = await begin(dialect);
        for (const fault of [misbehaviours.dropAnswer, misbehaviours.cutOff] as const) {
          at.server.faults.arm(REPLACE, fault, 1);
          await save(window, 'Full', { content: { password: fault.kind } });
          assert.equal(window.read('Full', 'password'), fault.kind);
        }
        at.server.faults.arm(REPLACE, misbehaviours.dropAnswer, 1);
        await save(window, 'Full', { favorite: true });
        assert.equal(writes(at).length, 3);
        at.server.faults.arm(REPLACE, misbehaviours.drop, 1);
        await assert.rejects(save(window, 'Full', { content: { password: 'lost' } }), ChangeUnknownError);
        assert.equal(window.read('Full', 'password'), 'cut');
      });

      it('that was changed elsewhere is kept beside what is saved here', async () => {
        const { at, window } = await begin(dialect);
        const [id, other] = [window.itemId('Full'), await at.open()];
        await other.unlock();
        const base = window.vault.element(id)!;
        elsewhere(at, () => {
          const cipher = stored(at, id);
          const made = new VaultWriter(at.account).add({ ...full, notes: 'theirs', uris: full.uris!.slice(1) });
          Object.assign(cipher, { notes: made.notes, typed: made.typed, revisionDate: at.server.clock.iso() });
          at.account.ciphers.pop();
        });
        const uris = [{ from: 0 }, { from: 1, match: 'never' }, { uri: 'new' }] as const;
        await window.session.saveItem(id, { content: { password: 'mine' }, uris }, base);
        assert.deepEqual(
          [window.read('Full', 'uri.0'), window.read('Full', 'uri.1')],
          ['https://two.example.test', 'new'],
        );
        assert.equal(window.read('Full', 'notes'), 'theirs');
        assert.equal(window.read('Full', 'password'), 'mine');
        assert.equal(clear(at, stored(at, id)).notes, 'theirs');
        // The same parts are a matter of choice, and nothing is sent.
        at.server.requests.clear();
        await assert.rejects(
          window.session.saveItem(id, { notes: 'mine', name: 'Renamed' }, base),
          (error) => error instanceof ConflictError && error.message === 'notes' && !/theirs|mine/.test(error.message),
        );
        assert.equal(writes(at).length, 0);
        const merge = window.vault.merge(id, base, { notes: 'mine', name: 'Renamed' });
        const edit = merge.edit(new Map([['notes', 'both']]));
        await window.session.saveItem(id, edit, window.vault.element(id)!);
        assert.equal(window.read('Renamed', 'notes'), 'theirs\n\nmine');
      });

      it('that was changed elsewhere in the same place is a conflict, though this window had not seen it', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Full');
        elsewhere(at, () => {
          const cipher = stored(at, id);
          const made = new VaultWriter(at.account).add({ ...full, password: 'theirs' });
          Object.assign(cipher, { typed: made.typed, revisionDate: at.server.clock.iso() });
          at.account.ciphers.pop();
        });
        await assert.rejects(save(window, 'Full', { content: { password: 'mine' } }), ConflictError);
        assert.equal(window.read('Full', 'password'), 'theirs');
        assert.equal(clear(at, stored(at, id)).passwordHistory instanceof Array, true);
        // What both have made the same of is none.
        await save(window, 'Full', { content: { password: 'theirs' } });
      });

      it('that was changed elsewhere a moment ago is kept, though the server would not mind', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Full');
        const made = new VaultWriter(at.account).add({ ...full, notes: 'theirs' });
        at.account.ciphers.pop();
        Object.assign(stored(at, id), { notes: made.notes, folderId: null, favorite: true });
        stored(at, id).revisionDate = at.server.clock.iso();
        await save(window, 'Full', { content: { password: 'mine' } });
        const { folderId, favorite, notes } = stored(at, id);
        assert.deepEqual([folderId, favorite, notes], [null, true, made.notes]);
        assert.equal(window.read('Full', 'notes'), 'theirs');
        // Where it happens between the two requests, the server refuses, and both are kept all the same.
        const held = at.server.faults.arm(REPLACE, misbehaviours.hold, 1);
        const saving = save(window, 'Full', { content: { username: 'mine' } });
        await held.arrived();
        at.server.clock.advance(5);
        const other = new VaultWriter(at.account).add({ ...full, notes: 'theirs again' });
        at.account.ciphers.pop();
        Object.assign(stored(at, id), { notes: other.notes, revisionDate: at.server.clock.iso() });
        at.server.touch();
        held.release();
        await saving;
        assert.deepEqual([window.read('Full', 'notes'), window.read('Full', 'username')], ['theirs again', 'mine']);
        assert.equal(stored(at, id).notes, other.notes);
      });

      it('of an item that is gone or out of reach is told so', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Full');
        elsewhere(at, () => at.account.ciphers.splice(0, 1));
        await assert.rejects(save(window, 'Full', { name: 'x' }), GoneElsewhereError);
        assert.equal(window.vault.item(id), undefined);
        await assert.rejects(window.session.saveItem(id, { name: 'x' }, Buffer.from('{}')), GoneElsewhereError);
        elsewhere(at, () => at.account.folders.splice(0));
        const folderId = window.vault.folders[0]!.id;
        if (dialect === 'vaultwarden') {
          await assert.rejects(save(window, 'Note', { folderId }), GoneElsewhereError);
        }
      });

      it('is not sent after a lock', async () => {
        const { at, window } = await begin(dialect);
        const held = at.server.faults.arm(REPLACE, misbehaviours.hold, 1);
        const saving = save(window, 'Full', { name: 'x' });
        await until('it was sent', () => writes(at).length === 1);
        const ended = assert.rejects(saving, LockedError);
        await window.session.lock();
        await ended;
        await assert.rejects(window.session.createItem({ type: 'login', edit: { name: 'x' } }), LockedError);
        held.release();
      });

      it('is cloned, with what belongs to a copy', async () => {
        const { at, window } = await begin(dialect);
        for (const name of ['Full', 'Own key', 'Shared', 'Shared own key']) {
          const from = stored(at, window.itemId(name));
          const id = await window.session.cloneItem(from.id, `${name} - Clone`);
          const made = stored(at, id);
          const [before, after] = [clear(at, from), clear(at, made)] as [Json, Json];
          const login = { ...(before.typed as Json), fido2Credentials: null };
          assert.deepEqual(
            plain({ ...after, typed: { ...login, ...(after.typed as Json) } }),
            plain({ ...before, name: `${name} - Clone`, typed: login, passwordHistory: after.passwordHistory }),
          );
          assert.equal(made.passwordHistory?.length ?? 0, 0);
          assert.deepEqual([made.attachments, made.key], [[], null]);
          assert.deepEqual(
            [made.organizationId, made.collectionIds, made.folderId],
            [from.organizationId, from.collectionIds, from.folderId],
          );
          assert.notEqual(made.typed!.password, from.typed!.password);
          assert.equal(window.read(`${name} - Clone`, 'uri.1'), 'https://two.example.test');
        }
      });

      it('is moved to an organisation, with its files, and to other collections', async () => {
        const { at, window } = await begin(dialect);
        const { id: organizationId } = window.vault.organizations[0]!;
        const [col, other] = window.vault.collections.map(({ id }) => id);
        for (const name of ['Full', 'Own key']) {
          const id = window.itemId(name);
          const before = clear(at, stored(at, id));
          const fileKey = (cipher: StoredCipher) =>
            Buffer.from(unwrapSymmetricKey(cipher.attachments[0]!.key!, keyOf(at, cipher)).bytes).toString('hex');
          const keyBefore = fileKey(stored(at, id));
          await window.session.shareItem(id, organizationId, [col!]);
          const after = stored(at, id);
          assert.equal(after.organizationId, organizationId);
          const { uri } = before.typed as Json;
          const now = clear(at, after);
          assert.deepEqual(plain({ ...now, typed: { uri, ...(now.typed as Json) } }), plain(before));
          assert.equal(fileKey(after), keyBefore);
          assert.equal(openText(after.attachments[0]!.fileName!, keyOf(at, after)), 'a.txt');
          assert.equal(window.read(name, 'uri.1'), 'https://two.example.test');
          assert.deepEqual(window.vault.item(id)?.collectionIds, [col]);
          await window.session.setCollections(id, [other!, col!]);
          assert.deepEqual(new Set(window.vault.item(id)?.collectionIds), new Set([col, other]));
        }
        stored(at, window.itemId('Note')).attachments.push({
          id: 'a1',
          fileName: null,
          key: null,
          size: 1,
          content: null,
        });
        at.server.touch();
        await window.session.sync({ force: true });
        await assert.rejects(
          window.session.shareItem(window.itemId('Note'), organizationId, [col!]),
          OldAttachmentError,
        );
      });

      it('where an organisation forbids items of one’s own is not created', async () => {
        const { window } = await begin(dialect, {
          organizations: [{ name: 'Org', collections: ['Col', 'Other'], policies: [{ type: 5 }] }],
        });
        await assert.rejects(window.session.createItem({ type: 'login', edit: { name: 'x' } }), PolicyError);
      });

      it('of a type that an organisation restricts is not created', async () => {
        const { at, window } = await begin(dialect, {
          organizations: [{ name: 'Org', collections: ['Col', 'Other'], policies: [{ type: 15, data: [1] }] }],
          items: [],
        });
        await assert.rejects(window.session.createItem({ type: 'login', edit: { name: 'x' } }), RestrictedTypeError);
        assert.equal(writes(at).length, 0);
      });

      it('is sent without files of the first years, which stay as they are', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Full');
        const old = { id: 'a1', fileName: stored(at, id).attachments[0]!.fileName, key: null, size: 1, content: null };
        stored(at, id).attachments.push(old);
        at.server.touch();
        await window.session.sync({ force: true });
        await save(window, 'Full', { name: 'x' });
        const [sent] = writes(at).map(({ body }) => JSON.parse(body) as Json);
        assert.deepEqual(Object.keys(sent!.attachments2 as Json), [stored(at, id).attachments[0]!.id]);
        assert.deepEqual(stored(at, id).attachments[1], old);
      });

      it('that moved to another owner is read again, and encrypted for that one', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Full');
        elsewhere(at, () => {
          const made = new VaultWriter(at.account).add({ ...full, ...inOrganization });
          at.account.ciphers.pop();
          Object.assign(stored(at, id), { ...made, id, revisionDate: at.server.clock.iso() });
        });
        await save(window, 'Full', { name: 'x' });
        assert.equal(clear(at, stored(at, id)).name, 'x');
        assert.equal(writes(at).length, 1);
      });

      it('is read-only where we could harm it, and says why', async () => {
        const more: PlainItem[] = [
          { name: 'Trashed', trashed: true },
          { name: 'Read only', edit: false, ...inOrganization },
          { name: 'Sealed', sealed: true },
          { name: 'Unknown', type: 99 },
          { ...full, name: 'Hidden', viewPassword: false, ...inOrganization },
        ];
        const { at, window } = await begin(dialect, { items: [...items, ...more] });
        const spoilt = stored(at, window.itemId('Note'));
        spoilt.notes = spoilt.notes!.replace(/.{44}$/, `${'A'.repeat(43)}=`);
        at.server.touch();
        await window.session.sync({ force: true });
        const reasons = { Trashed: 'trashed', 'Read only': 'notAllowed', Sealed: 'sealed', Note: 'unreadable' };
        for (const [name, reason] of Object.entries(reasons)) {
          const item = at.account.ciphers.find(({ id }) => window.vault.item(id)?.name === name);
          if (item === undefined) continue;
          assert.equal(window.vault.whyReadOnly(item.id), reason);
          const saving = window.session.saveItem(item.id, { name: 'x' }, window.vault.element(item.id)!);
          await assert.rejects(saving, (error) => error instanceof ReadOnlyItemError && error.reason === reason);
        }
        const unknown = at.account.ciphers.find(({ type }) => type === 99)!;
        assert.equal(window.vault.whyReadOnly(unknown.id), 'unknown');
        assert.equal(writes(at).length, 0);
      });

      it('that the organisation hides can be changed around', async () => {
        const { at, window } = await begin(dialect, {
          items: [{ ...full, name: 'Hidden', viewPassword: false, ...inOrganization }],
        });
        const id = window.itemId('Hidden');
        const before = structuredClone(stored(at, id));
        await save(window, 'Hidden', { name: 'Renamed', fields: [{ from: 0, value: 'other' }, { from: 1 }] });
        const { typed, fields } = stored(at, id);
        assert.deepEqual([typed!.password, typed!.totp], [before.typed!.password, before.typed!.totp]);
        assert.equal(fields!.find(({ type }) => type === 1)!.value, before.fields![1]!.value);
        at.server.requests.clear();
        const hidden: ItemEdit[] = [
          { content: { password: 'x' } },
          { content: { totp: '' } },
          { fields: [{ from: 0 }] },
          { fields: [{ from: 0 }, { from: 1, name: 'x' }] },
        ];
        for (const edit of hidden) await assert.rejects(save(window, 'Renamed', edit), HiddenByOrganizationError);
        assert.equal(writes(at).length, 0);
      });

      it('of an SSH key is whole, or not sent', async () => {
        const { at, window } = await begin(dialect);
        const content = { privateKey: 'p', publicKey: 'q' };
        await assert.rejects(
          window.session.createItem({ type: 'sshKey', edit: { name: 'k', content } }),
          (error) => error instanceof MissingValueError && error.value === 'keyFingerprint',
        );
        assert.equal(writes(at).length, 0);
      });
    });
  }

  it('of an account with V2 encryption is written as such', async () => {
    for (const userKey of ['xChaCha20Poly1305', 'xAes256Gcm'] as const) {
      const { at, window } = await begin('official', { v2: { userKey, signature: 'ed25519' } });
      await save(window, 'Full', { name: 'Renamed', content: { password: 'second' } });
      await save(window, 'Own key', { content: { password: 'second' } });
      const id = await window.session.createItem({ type: 'card', edit: { name: 'Card', content: { number: '4111' } } });
      for (const name of ['Renamed', 'Own key']) assert.equal(window.read(name, 'password'), 'second');
      assert.match(stored(at, id).name!, /^7\./);
      assert.equal(clear(at, stored(at, id)).name, 'Card');
      const { id: organizationId } = window.vault.organizations[0]!;
      await window.session.shareItem(id, organizationId, [window.vault.collections[0]!.id]);
      assert.match(stored(at, id).name!, /^2\./);
      assert.equal(window.read('Card', 'number'), '4111');
    }
  });
});
