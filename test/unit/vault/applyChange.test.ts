import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copySecret } from '../../../src/base/secretBytes';
import type { Cipher, EncryptedVault } from '../../../src/bitwarden/wire/model';
import { AesCbcHmacKey } from '../../../src/bitwarden/crypto/aesCbcHmac';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { LockedError } from '../../../src/vault/errors';
import { Keyring } from '../../../src/vault/keyring';
import { OpenVault, type VaultChange } from '../../../src/vault/openVault';

const key = AesCbcHmacKey.take(copySecret(randomBytes(64)));
const newKeyring = () => new Keyring(AesCbcHmacKey.take(copySecret(key.bytes)));

function cipher(id: string, name: string | undefined, uri = `https://${id}.example.test`, folderId?: string): Cipher {
  return {
    ...{ id, organizationId: undefined, folderId, collectionIds: [], type: 1, key: undefined, blob: undefined },
    ...{ name: name === undefined ? '2.broken' : sealText(name, key), notes: undefined, details: {}, fields: [] },
    login: {
      ...{ username: sealText(`user-${id}`, key), password: undefined, totp: undefined },
      uris: [{ uri: sealText(uri, key), uriChecksum: undefined, match: undefined }],
    },
    ...{ reprompt: false, favorite: false, viewPassword: true, deletedDate: undefined, archivedDate: undefined },
    unsupported: false,
  };
}

function vaultOf(ciphers: readonly Cipher[]): EncryptedVault {
  const profile = {
    ...{ id: 'u1', email: 'a@b.c', securityStamp: undefined, key: undefined, privateKey: undefined },
    ...{ signed: undefined, organizations: [] },
  };
  const folders = [{ id: 'f1', name: sealText('Attic', key) }];
  return {
    ...{ profile, folders, collections: [], ciphers, policies: [] },
    ...{ masterPasswordUnlock: undefined, upgradeToken: undefined },
  };
}

const names = ['b', 'a', 'c', 'a', undefined, 'B', 'item 10', 'item 9', undefined, 'é', 'e'];
const first = names.map((name, at) => cipher(`i${at}`, name));

/** Each is done to the vault as the ones before left it. */
const changes: readonly (readonly [string, VaultChange])[] = [
  ['a new item at the end', { kind: 'put', cipher: cipher('new1', 'zzz') }],
  ['a new item at the start', { kind: 'put', cipher: cipher('new2', '0') }],
  ['a new item among equals', { kind: 'put', cipher: cipher('new3', 'a') }],
  ['a new item without a readable name', { kind: 'put', cipher: cipher('new4', undefined) }],
  ['another name', { kind: 'put', cipher: cipher('i2', 'item 11') }],
  ['another address and folder', { kind: 'put', cipher: cipher('i0', 'b', 'https://moved.example.test', 'f1') }],
  ['a name that cannot be read any more', { kind: 'put', cipher: cipher('i1', undefined) }],
  ['an item of a name that others have gone', { kind: 'remove', id: 'i3' }],
  ['an item without a readable name gone', { kind: 'remove', id: 'i4' }],
  ['an item gone that is not there', { kind: 'remove', id: 'nowhere' }],
  ['an item back that was gone', { kind: 'put', cipher: cipher('i4', 'back') }],
];

function after(ciphers: readonly Cipher[], change: VaultChange): readonly Cipher[] {
  const id = change.kind === 'put' ? change.cipher.id : change.id;
  const others = ciphers.filter((each) => each.id !== id);
  return change.kind === 'put' ? [...others, change.cipher] : others;
}

const queries = ['', 'a', 'item', 'user-i1', 'moved', 'i0.example', 'attic', 'new3', 'zzz', 'nothing of the kind'];

describe('a change of one item in an open vault', () => {
  it('leaves what opening the changed vault anew would give', async () => {
    let ciphers: readonly Cipher[] = first;
    let vault = await OpenVault.open(vaultOf(ciphers), newKeyring());
    for (const [what, change] of changes) {
      ciphers = after(ciphers, change);
      vault = vault.apply(change);
      const anew = await OpenVault.open(vaultOf(ciphers), newKeyring());
      assert.deepEqual(vault.items, anew.items, what);
      for (const query of queries) {
        assert.deepEqual(await vault.search(query), await anew.search(query), `${what}, search for "${query}"`);
      }
      for (const { id } of anew.items) assert.deepEqual(vault.item(id), anew.item(id));
      const id = change.kind === 'put' ? change.cipher.id : change.id;
      assert.equal(vault.item(id) !== undefined, change.kind === 'put');
      assert.equal(vault.fields(id).length > 0, change.kind === 'put');
    }
  });

  it('decrypts that item alone', async () => {
    const keyring = newKeyring();
    const vault = await OpenVault.open(vaultOf(first), keyring);
    await vault.search('');
    const opened: string[] = [];
    const withCipherKey = keyring.withCipherKey.bind(keyring);
    keyring.withCipherKey = (each, use) => {
      opened.push(each.id);
      return withCipherKey(each, use);
    };
    const withCipherKeys = keyring.withCipherKeys.bind(keyring);
    keyring.withCipherKeys = (all, use) => {
      opened.push(...all.map(({ id }) => id));
      return withCipherKeys(all, use);
    };
    await vault.apply({ kind: 'put', cipher: cipher('i2', 'x') }).search('x');
    await vault.apply({ kind: 'remove', id: 'i3' }).search('x');
    assert.deepEqual(new Set(opened), new Set(['i2']));
  });

  it('is none after a lock', async () => {
    const keyring = newKeyring();
    const vault = await OpenVault.open(vaultOf(first), keyring);
    keyring.wipe();
    assert.throws(() => vault.apply({ kind: 'remove', id: 'i3' }), LockedError);
  });
});
