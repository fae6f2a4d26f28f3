import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copySecret } from '../../../src/base/secretBytes';
import { AesCbcHmacKey } from '../../../src/bitwarden/crypto/aesCbcHmac';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { EncryptedVault, type RawChange } from '../../../src/vault/encryptedVault';
import { LockedError } from '../../../src/vault/errors';
import { Keyring } from '../../../src/vault/keyring';
import { OpenVault } from '../../../src/vault/openVault';
import { CountedSlices } from '../../support/countedSlices';

const key = AesCbcHmacKey.take(copySecret(randomBytes(64)));
const newKeyring = () => new Keyring(AesCbcHmacKey.take(copySecret(key.bytes)));

type Wire = Readonly<Record<string, unknown>>;

const profile = { id: 'u1', email: 'a@b.c' };
const folder = (id: string, name: string): Wire => ({ id, name: sealText(name, key) });

function item(name: string | undefined, uri = 'https://example.test', folderId?: string): Wire {
  const login = { username: sealText(`user of ${name}`, key), uris: [{ uri: sealText(uri, key) }] };
  return { type: 1, name: name === undefined ? '2.broken' : sealText(name, key), login, folderId };
}

/** By key: what a server has sent. */
type Elements = ReadonlyMap<string, Wire>;

function elementsOf(wire: Elements): Map<string, Uint8Array> {
  return new Map(Array.from(wire, ([at, value]) => [at, bytesOf(at, value)]));
}

function bytesOf(at: string, value: Wire): Uint8Array {
  const [, id] = at.split('/');
  return Buffer.from(JSON.stringify(id === undefined ? value : { id, ...value }));
}

async function open(wire: Elements, keyring = newKeyring()): Promise<OpenVault> {
  return OpenVault.open(await EncryptedVault.of(elementsOf(wire), 'host'), keyring);
}

const names = ['b', 'a', 'c', 'a', undefined, 'B', 'item 10', 'item 9', undefined, 'é', 'e'];
const first: Elements = new Map<string, Wire>([
  ['profile', profile],
  ['folders/f1', folder('f1', 'Attic')],
  ...names.map((name, at) => [`ciphers/i${at}`, item(name)] as const),
]);

/** Each is done to the vault as the ones before left it. Undefined: gone. */
const changes: readonly (readonly [string, Readonly<Record<string, Wire | undefined>>])[] = [
  ['a new item at the end', { 'ciphers/new1': item('zzz') }],
  ['a new item at the start', { 'ciphers/new2': item('0') }],
  ['a new item among equals', { 'ciphers/new3': item('a') }],
  ['a new item without a readable name', { 'ciphers/new4': item(undefined) }],
  ['another name', { 'ciphers/i2': item('item 11') }],
  ['another address and folder', { 'ciphers/i0': item('b', 'https://moved.example.test', 'f1') }],
  ['a name that cannot be read any more', { 'ciphers/i1': item(undefined) }],
  ['an item of a name that others have gone', { 'ciphers/i3': undefined }],
  ['an item without a readable name gone', { 'ciphers/i4': undefined }],
  ['an item gone that is not there', { 'ciphers/nowhere': undefined }],
  ['an item back that was gone', { 'ciphers/i4': item('back') }],
  ['a folder renamed', { 'folders/f1': folder('f1', 'Cellar') }],
  ['a folder more, with an item in it', { 'folders/f2': folder('f2', 'Shed'), 'ciphers/i5': item('B', 'x', 'f2') }],
  ['a folder gone', { 'folders/f1': undefined }],
  ['something that we do not know', { 'sends/s1': { text: 'x' } }],
  ['several items', { 'ciphers/i6': undefined, 'ciphers/i7': item('a'), 'ciphers/new5': item('item 9') }],
  ['an organisation more', { profile: { ...profile, organizations: [{ id: 'o1', name: 'Acme' }] } }],
  ['what is no item any more', { 'ciphers/i8': { id: 'i8/other' } }],
];

const queries = ['', 'a', 'item', 'user', 'moved', 'attic', 'cellar', 'shed', 'zzz', 'nothing of the kind'];

function rawChanges(change: Readonly<Record<string, Wire | undefined>>): RawChange[] {
  return Object.entries(change).map(([at, value]) => ({ key: at, json: value && bytesOf(at, value) }));
}

describe('changes of an open vault', () => {
  it('leave what opening the changed vault anew would give', async () => {
    const wire = new Map(first);
    let vault = await open(wire);
    for (const [what, change] of changes) {
      for (const [at, value] of Object.entries(change)) {
        if (value === undefined) wire.delete(at);
        else wire.set(at, value);
      }
      vault = await vault.apply(rawChanges(change));
      const anew = await open(wire);
      for (const list of ['items', 'folders', 'organizations', 'collections'] as const) {
        // Items of the same name come in the order in which they came to be there.
        const [found, expected] = [vault, anew].map((each) => [...each[list]].sort(byNameThenId));
        assert.deepEqual(found, expected, `${what}: ${list}`);
      }
      assert.deepEqual(
        vault.items.map(({ name }) => name),
        anew.items.map(({ name }) => name),
        what,
      );
      for (const query of queries) {
        const [found, expected] = await Promise.all(
          [vault, anew].map(async (each) => idsOf((await each.search(query, { putAway: true })).items)),
        );
        assert.deepEqual(found, expected, `${what}, search for "${query}"`);
      }
      for (const { id } of anew.items) {
        assert.deepEqual(vault.item(id), anew.item(id));
        assert.deepEqual(vault.fields(id), anew.fields(id));
      }
      for (const at of Object.keys(change).filter((each) => !anew.item(each.replace('ciphers/', '')))) {
        assert.equal(vault.item(at.replace('ciphers/', '')), undefined, what);
      }
    }
  });

  const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).sort();
  const byNameThenId = (a: { name?: string | undefined; id: string }, b: typeof a) =>
    `${a.name} ${a.id}` < `${b.name} ${b.id}` ? -1 : 1;

  it('decrypt the items that changed alone', async () => {
    const keyring = newKeyring();
    const vault = await open(first, keyring);
    const opened: string[] = [];
    const withCipherKeys = keyring.withCipherKeys.bind(keyring);
    keyring.withCipherKeys = (ciphers, use) => {
      opened.push(...ciphers.map(({ id }) => id));
      return withCipherKeys(ciphers, use);
    };
    const changed = await vault.apply(rawChanges({ 'ciphers/i2': item('x'), 'folders/f1': folder('f1', 'Other') }));
    await (await changed.apply(rawChanges({ 'ciphers/i3': undefined }))).search('x');
    assert.deepEqual(opened, ['i2']);
  });

  it('of thousands of items leave the thread to others in between', async () => {
    const sealed = Array.from({ length: 50 }, (_, at) => sealText(`name ${at}`, key));
    const keys = Array.from({ length: 20_000 }, (_, at) => `ciphers/m${at}`);
    const many = keys.map((at, index) => [at, { type: 2, name: sealed[index % 50] }] as const);
    const vault = await open(new Map<string, Wire>([['profile', profile], ...many]));
    const slices = new CountedSlices();
    const changed = await vault.apply(
      rawChanges(Object.fromEntries(keys.slice(0, 10_000).map((at) => [at, undefined]))),
      slices,
    );
    assert.equal(changed.items.length, 10_000);
    // The clock is looked at once in a hundred items.
    assert.ok(slices.pauses >= CountedSlices.pausesOf(200), `${slices.pauses} pauses`);
  });

  it('are none after a lock', async () => {
    const keyring = newKeyring();
    const vault = await open(first, keyring);
    keyring.wipe();
    await assert.rejects(vault.apply(rawChanges({ 'ciphers/i3': undefined })), LockedError);
    await assert.rejects(vault.apply(rawChanges({ profile })), LockedError);
  });
});
