import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { version } from '../../../package.json';
import { copySecret } from '../../../src/base/secretBytes';
import { AesCbcHmacKey } from '../../../src/bitwarden/crypto/aesCbcHmac';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { TimeSlices } from '../../../src/base/timeSlices';
import { EncryptedVault } from '../../../src/vault/encryptedVault';
import { LockedError } from '../../../src/vault/errors';
import type { SealedItemList } from '../../../src/vault/itemList';
import { Keyring } from '../../../src/vault/keyring';
import { OpenVault } from '../../../src/vault/openVault';
import { CountedSlices } from '../../support/countedSlices';

const key = AesCbcHmacKey.take(copySecret(randomBytes(64)));
const newKeyring = (of = key) => new Keyring(AesCbcHmacKey.take(copySecret(of.bytes)));

const COUNT = 250;
const queries = ['', 'item', 'Ärger', 'arger', 'hub', 'user7', 'host12.example', 'second', 'token 4', 'none of them'];

function item(id: string, name: string, at = 0): [string, Uint8Array] {
  const username = at % 3 === 0 ? undefined : sealText(`user${at}`, key);
  const uris = Array.from({ length: at % 4 }, (_, place) => ({
    uri: sealText(`https://${place === 1 ? 'SECOND' : 'host'}${at}.example/ä`, key),
  }));
  const places = { folderId: at % 5 === 0 ? 'f1' : null, favorite: at % 2 === 0, reprompt: at % 7 === 0 ? 1 : 0 };
  const dates = { deletedDate: at % 11 === 0 ? '2026-01-01T00:00:00Z' : null };
  const field = { type: 1, name: sealText(`Tökén ${at % 10}`, key), value: sealText('none of them', key) };
  const fields = at % 6 === 0 ? [field, { ...field, name: sealText('other', key) }] : null;
  const wire = { id, type: 1, name: sealText(name, key), login: { username, uris }, fields, ...places, ...dates };
  return [`ciphers/${id}`, Buffer.from(JSON.stringify(wire))];
}

const names = ['Ärger', 'GitHub', 'item 10', 'item 9', 'b', 'B', 'a', ''];
const elements: ReadonlyMap<string, Uint8Array> = new Map<string, Uint8Array>([
  ['profile', Buffer.from(JSON.stringify({ id: 'u1', email: 'a@b.c' }))],
  ['folders/f1', Buffer.from(JSON.stringify({ id: 'f1', name: sealText('Attic', key) }))],
  ...Array.from({ length: COUNT }, (_, at) =>
    item(`i${at}`, at < names.length ? (names[at] ?? '') : `Entry ${at % 200}`, at),
  ),
]);

interface Opened {
  readonly vault: OpenVault;
  readonly keyring: Keyring;
  /** The items that were decrypted, by id. */
  readonly decrypted: readonly string[];
}

async function open(from: ReadonlyMap<string, Uint8Array>, list?: SealedItemList, of = key): Promise<Opened> {
  const keyring = newKeyring(of);
  const decrypted: string[] = [];
  const withCipherKeys = keyring.withCipherKeys.bind(keyring);
  keyring.withCipherKeys = (ciphers, use) => {
    decrypted.push(...ciphers.map(({ id }) => id));
    return withCipherKeys(ciphers, use);
  };
  const vault = await OpenVault.open(await EncryptedVault.of(new Map(from), 'host'), keyring, { list });
  return { vault, keyring, decrypted };
}

async function sealed(from = elements): Promise<SealedItemList> {
  const list = await listOf((await open(from)).vault);
  assert.ok(list);
  return list;
}

/** Undefined: none is made. */
async function listOf(vault: OpenVault | undefined, slices?: TimeSlices): Promise<SealedItemList | undefined> {
  const parts = await vault?.sealList(slices);
  return parts && Buffer.concat(parts);
}

async function assertSame(one: OpenVault, other: OpenVault, what: string): Promise<void> {
  // Of items of the same name either may come first.
  const byId = (vault: OpenVault) => vault.items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  assert.deepEqual(byId(one), byId(other), what);
  const namesOf = (vault: OpenVault) => vault.items.map(({ name }) => name);
  assert.deepEqual(namesOf(one), namesOf(other), what);
  for (const query of queries) {
    const [found, expected] = await Promise.all(
      [one, other].map(async (vault) => (await vault.search(query, { putAway: true })).items),
    );
    assert.deepEqual(
      found?.map(({ name }) => name),
      expected?.map(({ name }) => name),
      `${what}: "${query}"`,
    );
    assert.deepEqual(
      new Set(found?.map(({ id }) => id)),
      new Set(expected?.map(({ id }) => id)),
      `${what}: "${query}"`,
    );
  }
}

describe('the sealed list of items', () => {
  it('gives the same vault without an item decrypted', async () => {
    const { vault, decrypted } = await open(elements, await sealed());
    assert.deepEqual(decrypted, []);
    await assertSame(vault, (await open(elements)).vault, 'all of it');
    assert.equal(vault.items.length, COUNT);
  });

  it('counts only for items that are as they were', async () => {
    const list = await sealed();
    const changed = new Map([...elements, item('i3', 'zzz'), item('new', 'Ärger')]);
    changed.delete('ciphers/i5');
    const { vault, decrypted } = await open(changed, list);
    assert.deepEqual(decrypted, ['i3', 'new']);
    assert.deepEqual([vault.item('i3')?.name, vault.item('i5'), vault.item('new')?.name], ['zzz', undefined, 'Ärger']);
    await assertSame(vault, (await open(changed)).vault, 'after changes');
  });

  it('shows nothing of itself', async () => {
    const list = Buffer.from(await sealed());
    for (const text of ['GitHub', 'Entry 100', 'user7', 'example', 'i100', 'token', 'Tökén'])
      assert.ok(!list.includes(text), text);
    assert.ok(!list.equals(await sealed()));
  });

  it('that was changed, cut off or put together anew opens nothing but the same vault', async () => {
    const list = await sealed();
    const other = await sealed(new Map([...elements].map(([at, json]) => [at, json])));
    const { vault: expected } = await open(elements);
    const spoiled: [string, Uint8Array][] = [0, 1, 31, 32, 33, 36, list.length - 1].flatMap((at) => [
      [`byte ${at} flipped`, list.map((byte, place) => (place === at ? byte ^ 1 : byte))],
      [`cut off after ${at}`, list.slice(0, at)],
    ]);
    const first = Buffer.from(list).readUInt32BE(32) + 36;
    spoiled.push(
      ['nothing', new Uint8Array()],
      ['a block twice', Buffer.concat([list.subarray(0, first), list.subarray(32)])],
      [
        'blocks in another order',
        Buffer.concat([list.subarray(0, 32), list.subarray(first), list.subarray(32, first)]),
      ],
      ['a block of another list', Buffer.concat([list.subarray(0, first), other.subarray(first)])],
      ['the salt of another list', Buffer.concat([other.subarray(0, 32), list.subarray(32)])],
      ['a length beyond the end', Buffer.concat([list.subarray(0, 32), Buffer.from('ffffffff', 'hex'), list])],
      ['more behind it', Buffer.concat([list, randomBytes(1000)])],
    );
    for (const [what, bytes] of spoiled) await assertSame((await open(elements, bytes)).vault, expected, what);
  });

  it('of another user key counts for nothing', async () => {
    const other = AesCbcHmacKey.take(copySecret(randomBytes(64)));
    const { vault, decrypted } = await open(elements, await sealed(), other);
    assert.equal(decrypted.length, COUNT);
    assert.ok(vault.items.every(({ name }) => name === undefined));
  });

  it('as a former version has sealed it counts for nothing, and is made anew', async () => {
    const { keyring, vault } = await open(elements);
    const salt = randomBytes(32);
    const rows = vault.items.map((item) => ({ digest: '', item, searched: '' }));
    const blocks = ['items listed by 0.1.0', `items listed by ${version}`].map((purpose) =>
      keyring.deriveKey(purpose, salt).seal(new Uint8Array(12), Buffer.from(JSON.stringify(rows)), new Uint8Array()),
    );
    for (const block of blocks) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(block.length);
      const { vault: anew, decrypted } = await open(elements, Buffer.concat([salt, length, block]));
      assert.equal(decrypted.length, COUNT);
      await assertSame(anew, vault, 'beside a former list');
      assert.deepEqual((await open(elements, await listOf(anew))).decrypted, []);
    }
  });

  it('is made anew once a hundred items are not in it, or are there no more', async () => {
    const without = (count: number) => new Map([...elements].slice(0, elements.size - count));
    for (const [now, then, isEnough] of [
      [elements, without(99), true],
      [elements, without(100), false],
      [without(99), elements, true],
      [without(100), elements, false],
    ] as const) {
      const anew = await listOf((await open(now, await sealed(then))).vault);
      assert.equal(anew === undefined, isEnough, `${then.size}, then ${now.size}`);
      if (anew !== undefined) assert.deepEqual((await open(now, anew)).decrypted, []);
    }
  });

  it('is made anew after a hundred changes of the open vault', async () => {
    let { vault } = await open(elements, await sealed());
    const changes = Array.from({ length: 100 }, (_, at) => item(`i${at}`, `renamed ${at}`, at));
    vault = await vault.apply(changes.slice(0, 99).map(([at, json]) => ({ key: at, json })));
    assert.ok((await listOf(vault)) === undefined);
    vault = await vault.apply(changes.slice(99).map(([at, json]) => ({ key: at, json })));
    const { decrypted } = await open(vault.raw, await listOf(vault));
    assert.deepEqual(decrypted, []);
  });

  it('does not hold what could not be opened, and is not made anew for it', async () => {
    const broken = Array.from({ length: 150 }, (_, at): [string, Uint8Array] => {
      const wire = { id: `b${at}`, type: 1, name: '2.broken', login: {} };
      return [`ciphers/b${at}`, Buffer.from(JSON.stringify(wire))];
    });
    const some = new Map([...elements, ...broken]);
    const { vault, decrypted } = await open(some, await sealed(some));
    assert.deepEqual(
      decrypted,
      broken.map(([at]) => at.slice('ciphers/'.length)),
    );
    assert.ok((await listOf(vault)) === undefined);
  });

  it('is not made of a vault that has been changed meanwhile', async () => {
    const { vault } = await open(elements);
    const [at, json] = item('i1', 'renamed');
    let changed: OpenVault | undefined;
    const change = async () => void (changed ??= await vault.apply([{ key: at, json }]));
    assert.ok((await listOf(vault, new TimeSlices(change))) === undefined);
    assert.ok((await listOf(changed)) !== undefined);
  });

  it('is not made where the keys have been opened anew since', async () => {
    const { vault, keyring } = await open(elements);
    const encrypted = await EncryptedVault.of(new Map(elements), 'host');
    const openAnew = () => keyring.openAccount(encrypted, new TimeSlices());
    assert.ok((await listOf(vault, new TimeSlices(openAnew))) === undefined);
    assert.ok((await listOf(vault)) === undefined);
    assert.ok((await listOf(await OpenVault.open(encrypted, keyring))) !== undefined);
  });

  it('is made anew, small as the vault may be by then, where the one that is there is of another key', async () => {
    const few = new Map([...elements].slice(0, 12));
    const { vault } = await open(few, randomBytes(1000));
    const list = await listOf(vault);
    const { vault: next, decrypted } = await open(few, list);
    assert.deepEqual(decrypted, []);
    assert.ok((await listOf(next)) === undefined);
    const nothing = new Map([...elements].slice(0, 1));
    const { vault: empty } = await open(nothing, list?.subarray(1));
    const { vault: emptyStill } = await open(nothing, await listOf(empty));
    assert.ok((await listOf(emptyStill)) === undefined);
  });

  it('leaves out an item of endless text', async () => {
    const some = new Map([...elements, item('long', `x${'y'.repeat(30_000)}`), item('next', 'xz')]);
    const { vault, decrypted } = await open(some, await sealed(some));
    assert.deepEqual(decrypted, ['long']);
    await assertSame(vault, (await open(some)).vault, 'with an endless name');
  });

  it('is neither made nor opened after a lock', async () => {
    const list = await sealed();
    const { vault, keyring } = await open(elements);
    const sealing = vault.sealList();
    keyring.wipe();
    await assert.rejects(sealing, LockedError);
    await assert.rejects(vault.sealList(), LockedError);
    const locking = newKeyring();
    const opening = OpenVault.open(await EncryptedVault.of(new Map(elements), 'host'), locking, { list });
    locking.wipe();
    await assert.rejects(opening, LockedError);
  });

  it('leaves the thread to others in between', async () => {
    const slices = new CountedSlices();
    const { vault } = await open(new Map(elements));
    const many = new Map(elements);
    const [, json] = item('many', 'many');
    for (let at = 0; at < 20_000; at++) {
      const id = `m${at}`;
      many.set(`ciphers/${id}`, Buffer.from(Buffer.from(json).toString().replace('"many"', `"${id}"`)));
    }
    const large = await vault.apply([...many].map(([at, bytes]) => ({ key: at, json: bytes })));
    const list = await listOf(large, slices);
    const sealing = slices.pauses;
    assert.ok(sealing >= CountedSlices.pausesOf(200), `${sealing} pauses while it is sealed`);
    const before = await EncryptedVault.of(new Map(many), 'host');
    const opened = await OpenVault.open(before, newKeyring(), { list, slices });
    assert.equal(opened.items.length, 20_000 + COUNT);
    assert.ok(slices.pauses - sealing >= CountedSlices.pausesOf(400), `${slices.pauses - sealing} pauses`);
  });
});
