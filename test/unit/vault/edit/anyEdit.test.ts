import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CoseSymmetricKey } from '../../../../src/bitwarden/crypto/cose/symmetricKey';
import { openText } from '../../../../src/bitwarden/crypto/open';
import { cipherRequest } from '../../../../src/bitwarden/wire/cipherRequest';
import { itemTypes } from '../../../../src/bitwarden/wire/itemTypes';
import type { CustomFieldEdit, ItemEdit, UriEdit } from '../../../../src/vault/edit/itemEdit';
import { ItemValues } from '../../../../src/vault/edit/itemValues';
import { Merge } from '../../../../src/vault/edit/merge';
import { receivedItem, type ReceivedItem, whyReadOnly } from '../../../../src/vault/edit/receivedItem';
import { sealEdit } from '../../../../src/vault/edit/sealEdit';
import { Keyring } from '../../../../src/vault/keyring';
import { encryptItem } from '../../../server/encryptItem';
import type { PlainItem } from '../../../server/items';
import { cases } from '../../../support/cases';
import { generateKey } from '../../../support/keys';

type Json = Record<string, unknown>;

const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constant(''));
const full = fc.string({ minLength: 1, maxLength: 20 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const matches = ['domain', 'host', 'startsWith', 'exact', 'regularExpression', 'never'] as const;
/** What servers of tomorrow may send, also a number that no double holds. */
const unknown = fc.constantFrom(
  ...['"text"', '{"deep":[1,{"er":null}]}', '12345678901234567890', '1.10', '[]', 'true', '"2.YQ==|YQ==|YQ=="'],
);

const login: fc.Arbitrary<PlainItem> = fc.record({
  ...{ name: full, notes: full, username: full, password: full, totp: full, ownKey: fc.boolean() },
  uris: fc.array(fc.record({ uri: full, match: fc.nat(5) }), { maxLength: 4 }),
  fields: fc.array(
    fc
      .record({
        type: fc.constantFrom('text', 'hidden', 'boolean', 'linked'),
        ...{ name: text, value: text, linkedId: fc.constantFrom(100, 101) },
      })
      .map((field) => (field.type === 'boolean' ? { ...field, value: String(field.value === '') } : field)),
    { maxLength: 5 },
  ),
  passwordHistory: fc.array(fc.record({ password: full, lastUsedDate: fc.constant('2026-01-02T03:04:05.1234567Z') }), {
    maxLength: 5,
  }),
  passkeys: fc.array(fc.record({ rpId: full, userName: full, creationDate: fc.constant('2026-01-02T03:04:05.678Z') }), {
    maxLength: 2,
  }),
});
const others: fc.Arbitrary<PlainItem> = fc.constantFrom(...itemTypes.slice(1)).chain((type) =>
  fc.record({
    ...{ type: fc.constant(type.name), name: full, ownKey: fc.boolean() },
    details: fc.constant(Object.fromEntries(type.fields.map(({ name }) => [name, name]))),
  }),
);

const changeOfUri = fc.record({ uri: optional(text), match: optional(fc.constantFrom(null, ...matches)) });
const changeOfField = fc.record({
  ...{ name: optional(text), value: optional(text), type: optional(fc.constantFrom('text', 'hidden', 'boolean')) },
});
/** Places from 0, by which an edit of any item is made. */
const places = fc.uniqueArray(fc.nat(6), { maxLength: 6 });
const lists = fc.record({
  places,
  uris: fc.array(changeOfUri),
  fields: fc.array(changeOfField),
});
const scalars = fc.record(
  {
    ...{ name: full, notes: text, favorite: fc.boolean(), reprompt: fc.boolean() },
    folderId: fc.constantFrom(null, 'folder-1', 'folder-2'),
  },
  { requiredKeys: [] },
);
const content = fc.record({ username: text, password: text, totp: text }, { requiredKeys: [] });
const change = fc.record({ scalars, content: optional(content), lists: optional(lists) });
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** The edit of this item: places that it does not have are new entries. */
function editOf({ cipher }: ReceivedItem, { scalars: own, content: values, lists: list }: Change): ItemEdit {
  const isLogin = cipher.login !== undefined;
  const from = (length: number) => (list?.places ?? []).map((at) => (at < length ? { from: at } : {}));
  const uris = from(cipher.login?.uris.length ?? 0).map((each, at) => defined<UriEdit>({ ...each, ...list?.uris[at] }));
  const fields = from(cipher.fields.length).map((each, at) =>
    defined<CustomFieldEdit>({ ...each, ...list?.fields[at] }),
  );
  return {
    ...own,
    ...(values === undefined || !isLogin ? {} : { content: values }),
    ...(list === undefined ? {} : { fields, ...(isLogin ? { uris } : {}) }),
  };
}

function defined<T extends object>(object: { readonly [K in keyof T]?: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

const keyrings = [generateKey(), CoseSymmetricKey.generate('xAes256Gcm')].map((key) => ({
  key,
  keyring: new Keyring(key),
}));
const setup = fc.constantFrom(...keyrings);

/** The element as a server would send it, with members that we do not know, as text: JSON.parse would spoil numbers. */
function elementOf(
  plain: PlainItem,
  { key }: (typeof keyrings)[number],
  [top, typed, entry]: readonly string[],
): string {
  const cipher = encryptItem(
    plain,
    key,
    { organizationId: null, collectionIds: [], folderId: null },
    '2026-01-02T03:04:05.1234567Z',
  );
  const type = itemTypes.find(({ number }) => number === cipher.type)!.name;
  const { typed: object, fields, ...rest } = cipher;
  const withEntry = (list: unknown) =>
    (list as Json[] | null)?.map((each) => ({ ...each, futureEntry: '@entry' })) ?? null;
  const element = {
    ...rest,
    ...{ data: '{"Name":"stale"}', edit: true, viewPassword: true, futureMember: '@top' },
    fields: withEntry(fields),
    [type]: { ...object, ...(type === 'login' ? { uris: withEntry(object!.uris) } : {}), futureValue: '@typed' },
  };
  return JSON.stringify(element)
    .replaceAll('"@top"', top!)
    .replaceAll('"@typed"', typed!)
    .replaceAll('"@entry"', entry!);
}

/** What a server makes of a request: it takes everything from it, and answers what it has. */
function stored(before: string, body: Json): string {
  const own = ['id', 'collectionIds', 'attachments', 'edit', 'viewPassword', 'creationDate', 'data'];
  const kept = Object.fromEntries(Object.entries(JSON.parse(before) as Json).filter(([name]) => own.includes(name)));
  return JSON.stringify({ ...body, ...kept, attachments2: undefined, revisionDate: '2026-02-02T03:04:05Z' });
}

const received = (element: string) => receivedItem(Buffer.from(element))!;
const unknowns = fc.tuple(unknown, unknown, unknown);

describe('Any edits of any item', () => {
  it('leave each byte of what they do not touch, and make of the rest what was asked for', () => {
    fc.assert(
      fc.property(
        fc.oneof({ weight: 3, arbitrary: login }, others),
        setup,
        unknowns,
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (plain, on, extra, changes) => {
          let element = elementOf(plain, on, extra);
          for (const each of changes) {
            const item = received(element);
            assert.equal(whyReadOnly(item, on.keyring), undefined);
            const edit = editOf(item, each);
            const before = { item, values: valuesOf(item, on.keyring) };
            const sealed = sealEdit(item, edit, on.keyring, Date.UTC(2026, 10, 1));
            const body = cipherRequest(item.element, { changes: sealed, encryptedFor: 'user' });
            checkBody(body, extra);
            element = stored(element, body);
            checkEdit(edit, before, received(element), on.keyring);
          }
        },
      ),
      cases(25),
    );
  });

  it('on two sides lose nothing: either side is kept, or it is said where they do not go together', () => {
    fc.assert(
      fc.property(login, setup, unknowns, change, change, (plain, on, extra, one, other) => {
        const base = elementOf(plain, on, extra);
        const save = (element: string, edit: ItemEdit) => {
          const item = received(element);
          const changes = sealEdit(item, edit, on.keyring, 0);
          return stored(element, cipherRequest(item.element, { changes, encryptedFor: 'user' }));
        };
        const [theirEdit, mine] = [editOf(received(base), one), editOf(received(base), other)];
        const theirs = save(base, theirEdit);
        const merge = new Merge({ base: received(base), theirs: received(theirs), mine }, on.keyring);
        const conflicts = new Set(merge.conflicts.map((part) => (part.kind === 'content' ? part.name : part.kind)));
        const [alone, both] = [save(base, mine), save(theirs, merge.edit())].map((each) =>
          valuesOf(received(each), on.keyring),
        );
        const [was, is] = [base, theirs].map((each) => valuesOf(received(each), on.keyring));
        for (const name of Object.keys(was!) as (keyof Values)[]) {
          const [a, t, m, result] = [was!, is!, alone!, both!].map((values) => JSON.stringify(values[name]));
          if (conflicts.has(name)) {
            assert.ok(t !== a && m !== a && t !== m, `no conflict: ${name}`);
            assert.equal(result, m);
          } else if (m === a) assert.equal(result, t, name);
          else if (t === a) assert.equal(result, m, name);
          else if (name !== 'uris' && name !== 'fields') assert.equal(t, m, name);
          else {
            // Entries that either side has added or changed are there.
            const entries = (values: string | undefined) =>
              (JSON.parse(values!) as Json[]).map((entry) => JSON.stringify(entry));
            const [before, there] = [entries(a), new Set(entries(result))];
            for (const entry of [...entries(t), ...entries(m)]) {
              assert.ok(before.includes(entry) || there.has(entry), `${name}: ${entry} is lost`);
            }
          }
        }
      }),
      cases(30),
    );
  });
});

function valuesOf({ cipher }: ReceivedItem, keyring: Keyring) {
  const values = new ItemValues(cipher, keyring);
  return {
    ...{ name: values.name, notes: values.notes, uris: values.uris, fields: values.fields },
    ...{ favorite: cipher.favorite, reprompt: cipher.reprompt, folder: cipher.folderId ?? null },
    ...Object.fromEntries(['username', 'password', 'totp'].map((name) => [name, values.content(name)])),
  } as Values;
}
type Values = Record<
  'name' | 'notes' | 'uris' | 'fields' | 'favorite' | 'reprompt' | 'folder' | 'username' | 'password' | 'totp',
  unknown
>;

function checkBody(body: Json, [top]: readonly string[]): void {
  for (const name of ['data', 'attachments', 'edit', 'viewPassword', 'id', 'creationDate'])
    assert.ok(!(name in body), name);
  assert.ok(JSON.stringify(body).includes(`"futureMember":${top!}`));
  const object = body.login as Json | undefined;
  assert.ok(object === undefined || !('uri' in object));
}

function checkEdit(
  edit: ItemEdit,
  before: { item: ReceivedItem; values: Values },
  now: ReceivedItem,
  keyring: Keyring,
): void {
  const values = valuesOf(now, keyring);
  const { item } = before;
  const same = (name: keyof Values, wanted: unknown) =>
    assert.deepEqual(values[name], wanted ?? before.values[name], name);
  for (const name of ['name', 'notes', 'favorite', 'reprompt'] as const) same(name, edit[name]);
  assert.equal(values.folder, edit.folderId === undefined ? before.values.folder : edit.folderId);
  for (const name of ['username', 'password', 'totp'] as const) same(name, edit.content?.[name]);
  const raw = (element: ReceivedItem['element']) => JSON.parse(JSON.stringify(element)) as Json;
  const [a, b] = [raw(item.element), raw(now.element)];
  assert.equal(JSON.stringify(b.key ?? null), JSON.stringify(a.key ?? null));
  if (values.name === before.values.name) assert.equal(b.name, a.name);
  if (values.notes === before.values.notes) assert.equal(b.notes, a.notes);
  const typed = itemTypes.find(({ number }) => number === item.cipher.type)!.name;
  const [typedBefore, typedNow] = [a[typed], b[typed]] as [Json, Json];
  for (const [name, value] of Object.entries(typedBefore)) {
    if (name === 'uri' || name === 'uris' || name === 'passwordRevisionDate') continue;
    const isTouched =
      edit.content !== undefined &&
      name in edit.content &&
      values[name as keyof Values] !== before.values[name as keyof Values];
    if (!isTouched) assert.deepEqual(typedNow[name], value, name);
  }
  checkList(edit.uris, [typedBefore.uris, typedNow.uris], [before.values.uris, values.uris], true);
  checkList(edit.fields, [a.fields, b.fields], [before.values.fields, values.fields], false);
  const [history, former] = [b.passwordHistory, a.passwordHistory ?? []] as [Json[], Json[]];
  const kept = history.filter((entry) => former.some((each) => each.password === entry.password));
  assert.deepEqual(kept, former.slice(0, kept.length));
  const added = history.length - kept.length;
  assert.ok(history.length <= 5 && (kept.length === former.length || added + kept.length === 5));
  if (before.values.password !== '' && values.password !== before.values.password) {
    const texts = keyring.withCipherKey(now.cipher, (key) =>
      history.map(({ password }) => openText(String(password), key)),
    );
    assert.ok(texts.slice(0, added).includes(String(before.values.password)) || added === 5);
  }
}

/** Entries that are kept as they were are byte for byte, and in the order that was asked for. */
function checkList(
  edits: readonly (UriEdit | CustomFieldEdit)[] | undefined,
  [rawBefore, rawNow]: readonly [unknown, unknown],
  [before, now]: readonly [unknown, unknown],
  isUris: boolean,
): void {
  const [a, b] = [(rawBefore ?? []) as Json[], (rawNow ?? []) as Json[]];
  if (edits === undefined) {
    assert.deepEqual(b, a);
    return;
  }
  const [was, is] = [before as Json[], now as Json[]];
  let at = 0;
  for (const { from, ...to } of edits) {
    const wanted: Json = { ...(from === undefined ? {} : was[from]), ...to };
    const isTouched = from === undefined || Object.keys(to).length > 0;
    if (isUris && isTouched && (wanted.uri ?? '') === '') continue;
    const isSame = from !== undefined && JSON.stringify(is[at]) === JSON.stringify(was[from]);
    if (isSame) assert.deepEqual(b[at], a[from]);
    if (from !== undefined) assert.deepEqual(b[at]?.futureEntry, a[from]?.futureEntry);
    for (const [name, value] of Object.entries(to)) {
      const isBoolean = name === 'value' && (is[at]?.type === 'boolean' || is[at]?.type === 'linked');
      if (!isBoolean) assert.deepEqual(is[at]?.[name], value, name);
    }
    at++;
  }
  assert.ok(b.length >= at);
}
