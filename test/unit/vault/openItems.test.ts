import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Cipher } from '../../../src/bitwarden/wire/model';
import type { AesCbcHmacKey } from '../../../src/bitwarden/crypto/aesCbcHmac';
import { formatEncString, parseEncString } from '../../../src/bitwarden/crypto/encString';
import { wrapSymmetricKey } from '../../../src/bitwarden/crypto/keyWrapping';
import { sealBytes, sealText } from '../../../src/bitwarden/crypto/seal';
import { uriChecksum } from '../../../src/bitwarden/crypto/uriChecksum';
import { LockedError } from '../../../src/vault/errors';
import { ItemLister } from '../../../src/vault/items';
import { Keyring } from '../../../src/vault/keyring';
import { openItems } from '../../../src/vault/openItems';
import { generateKey, keyOf } from '../../support/keys';

const userKey = generateKey();
const newKeyring = () => new Keyring(keyOf(userKey.bytes));

/** Its name, username and address hold its id; those given stand in their place. */
function login(
  id: string,
  key: AesCbcHmacKey,
  given: Partial<Cipher & { username: string; uri: string }> = {},
): Cipher {
  const { username, uri, ...rest } = given;
  const address = `https://${id}.example.test`;
  const uriText = uri ?? sealText(address, key);
  const checksum = key === userKey ? undefined : sealText(uriChecksum(address), key);
  return {
    ...{ id, organizationId: undefined, folderId: undefined, collectionIds: [], type: 1, blob: undefined },
    key: key === userKey ? undefined : wrapSymmetricKey(key, userKey),
    ...{ name: sealText(`name ${id}`, key), notes: undefined, details: {}, fields: [] },
    login: {
      ...{ username: username ?? sealText(`user ${id}`, key), password: undefined, totp: undefined },
      ...{ passwordRevisionDate: undefined, passkeys: [] },
      uris: [{ uri: uriText, uriChecksum: checksum, match: undefined }],
    },
    ...{ reprompt: false, favorite: false, viewPassword: true, mayEdit: true, mayDelete: true, mayRestore: true },
    ...{ deletedDate: undefined, archivedDate: undefined },
    ...{ passwordHistory: [], attachments: [], creationDate: undefined, revisionDate: undefined },
    ...{ unsupported: false, ...rest },
  };
}

/** The same encrypted string with a MAC that does not fit. */
function tampered(text: string): string {
  const parsed = parseEncString(text);
  assert.ok(parsed.type === 2);
  return formatEncString({ ...parsed, mac: Buffer.alloc(32, 1) });
}

function seen(ciphers: readonly Cipher[]) {
  return openItems(ciphers, newKeyring(), new ItemLister()).map(({ item, uris }) => [
    item.name,
    item.username,
    uris[0],
    item.closed,
  ]);
}

const whole = (id: string) => [`name ${id}`, `user ${id}`, `https://${id}.example.test`, undefined];

describe('items opened together', () => {
  it('open each under its own key, and what is broken costs only itself', () => {
    const [k1, k2, k3] = [generateKey(), generateKey(), generateKey()];
    assert.deepEqual(
      seen([
        login('a', userKey),
        login('b', k1),
        login('c', userKey, { name: tampered(sealText('x', userKey)) }),
        login('d', k1, { username: sealBytes(Buffer.of(0xff), k1, 'text') }),
        login('e', k2, { key: tampered(wrapSymmetricKey(k2, userKey)) }),
        login('f', k2, { key: wrapSymmetricKey(k2, k1) }),
        login('g', k2, { key: 'nothing' }),
        login('h', k3, { uri: sealText('https://moved.example.test', k3) }),
        login('i', userKey, { uri: 'nothing' }),
        login('j', userKey, { organizationId: randomUUID() }),
        login('k', userKey, { unsupported: true }),
        login('l', userKey, { unsupported: true, name: undefined }),
        login('m', userKey, { name: undefined }),
        login('n', k3, { name: sealText('of the user key', userKey) }),
        login('o', k2),
      ]),
      [
        whole('a'),
        whole('b'),
        [undefined, 'user c', 'https://c.example.test', undefined],
        ['name d', undefined, 'https://d.example.test', undefined],
        [undefined, undefined, undefined, 'noKey'],
        [undefined, undefined, undefined, 'noKey'],
        [undefined, undefined, undefined, 'noKey'],
        ['name h', 'user h', undefined, undefined],
        ['name i', 'user i', undefined, undefined],
        [undefined, undefined, undefined, 'noKey'],
        ['name k', 'user k', undefined, 'unsupported'],
        [undefined, undefined, undefined, 'unsupported'],
        ['', 'user m', 'https://m.example.test', undefined],
        [undefined, 'user n', 'https://n.example.test', undefined],
        whole('o'),
      ],
    );
  });

  it('are none after a lock', () => {
    const keyring = newKeyring();
    keyring.wipe();
    assert.throws(() => openItems([login('a', userKey)], keyring, new ItemLister()), LockedError);
  });

  it('leave no key of an item behind', () => {
    const keyring = newKeyring();
    const own = login('a', generateKey());
    const kept = keyring.withCipherKeys([own, login('b', userKey)], (keys) => keys.map((key) => key!.bytes));
    assert.deepEqual([...kept[0]!], [...Buffer.alloc(64)]);
    assert.deepEqual(kept[1], userKey.bytes);
    let used: Uint8Array | undefined;
    const failing = () =>
      keyring.withCipherKeys([own], ([key]) => {
        used = key!.bytes;
        throw new Error('on purpose');
      });
    assert.throws(failing, /on purpose/);
    assert.deepEqual([...used!], [...Buffer.alloc(64)]);
  });
});
