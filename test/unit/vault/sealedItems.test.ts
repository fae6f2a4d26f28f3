import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readBlob } from '../../../src/vault/cipherBlob';
import type { Cipher } from '../../../src/bitwarden/wire/model';
import { copySecret } from '../../../src/base/secretBytes';
import { type CborValue, encodeCbor } from '../../../src/bitwarden/crypto/cose/cbor';
import { CoseSymmetricKey } from '../../../src/bitwarden/crypto/cose/symmetricKey';
import { wrapSymmetricKey } from '../../../src/bitwarden/crypto/keyWrapping';
import { CoseFormatError } from '../../../src/bitwarden/errors';
import { itemTypes } from '../../../src/bitwarden/wire/itemTypes';
import { v2Kinds } from '../../server/v2Keys';
import type { PlainItem } from '../../server/items';
import { refText } from '../../support/fieldRef';
import { anyKeyFromBase64, generateKey } from '../../support/keys';
import { cborOf, sealContent } from '../../support/sealItem';
import { blobs } from '../../support/vectors/blobs';
import { scenes, type EditorWindow } from '../../support/window';

const login: PlainItem = {
  name: 'Sealed login',
  sealed: true,
  username: 'robin',
  password: 'of the envelope',
  totp: 'JBSWY3DPEHPK3PXP',
  notes: 'ünïcode 🔑',
  uris: ['https://a.example', { uri: 'https://b\\.example', match: 4 }],
  fields: [
    { name: 'shown', value: 'text' },
    { type: 'hidden', name: 'token', value: 'secret' },
    { type: 'linked', name: 'linked', linkedId: 100 },
  ],
  folder: 'Work',
};

/** One of each type, with a value for each field that the type has. */
const ofEachType = itemTypes.map(({ name, fields }): PlainItem => {
  const details = Object.fromEntries(fields.map((field) => [field.name, `${name} ${field.name}`]));
  if (name === 'login') return { type: name, name: `A ${name}`, sealed: true, ...details };
  return { type: name, name: `A ${name}`, sealed: true, details };
});

function allValues(window: EditorWindow, name: string): Record<string, string> {
  const fields = window.vault.fields(window.itemId(name)).filter(({ state }) => state === 'there');
  return Object.fromEntries(fields.map(({ ref }) => [refText(ref), window.vault.read(window.itemId(name), ref)]));
}

describe('an item that is sealed as a whole', () => {
  const scene = scenes();

  for (const v2 of [undefined, ...v2Kinds]) {
    const account = v2 === undefined ? 'V1 encryption' : `${v2.userKey} and ${v2.signature}`;
    it(`lists, is found and opens, in an account with ${account}`, async () => {
      const at = await scene('official', { ...(v2 === undefined ? {} : { v2 }), items: [login] });
      assert.equal(at.account.ciphers[0]!.name, null);
      const window = await at.unlocked();
      const [item] = window.vault.items;
      assert.deepEqual(
        [item?.name, item?.username, item?.type, item?.closed],
        ['Sealed login', 'robin', 'login', undefined],
      );
      assert.deepEqual(allValues(window, 'Sealed login'), {
        username: 'robin',
        password: 'of the envelope',
        totp: 'JBSWY3DPEHPK3PXP',
        'uri.0': 'https://a.example',
        'uri.1': 'https://b\\.example',
        notes: 'ünïcode 🔑',
        'custom.0': 'text',
        'custom.1': 'secret',
      });
      const [found] = (await window.vault.search('a.example')).items;
      assert.equal(found?.id, item?.id);
      await window.session.lock();
      assert.throws(() => window.vault);
    });
  }

  it('opens whatever type it is of', async () => {
    const at = await scene('official', { v2: v2Kinds[1]!, items: ofEachType });
    const window = await at.unlocked();
    assert.equal(window.vault.items.length, itemTypes.length);
    for (const { name, fields } of itemTypes) {
      const expected = fields.map((field) => [field.name, `${name} ${field.name}`]);
      assert.deepEqual(allValues(window, `A ${name}`), Object.fromEntries(expected));
    }
  });

  it('opens for members of an organisation, hides what it should, and asks again for the master password', async () => {
    const at = await scene('official', {
      organizations: [{ name: 'Org', collections: ['Col'] }],
      items: [
        { ...login, name: 'Shared', organization: 'Org', collections: ['Col'], viewPassword: false },
        { ...login, name: 'Asks', reprompt: true },
      ],
    });
    const window = await at.unlocked();
    assert.equal(window.read('Shared', 'username'), 'robin');
    assert.throws(() => window.read('Shared', 'password'), { name: 'HiddenByOrganizationError' });
    assert.equal(window.read('Asks', 'username'), 'robin');
    assert.throws(() => window.read('Asks', 'password'), { name: 'RepromptRequiredError' });
  });

  it('opens the recorded ones, with content keys of XChaCha20-Poly1305', async () => {
    const at = await scene('official', {
      items: Object.keys(blobs).map((type) => ({ type: type as 'card', name: type, blob: '' })),
    });
    const userKey = anyKeyFromBase64(at.account.plainUserKey);
    for (const [index, { contentKey, envelope }] of Object.values(blobs).entries()) {
      const wrapped = wrapSymmetricKey(anyKeyFromBase64(contentKey), userKey);
      at.account.ciphers[index]!.blob = JSON.stringify({ format_version: 1, wrapped_cek: wrapped, envelope });
    }
    const window = await at.unlocked();
    for (const { content } of Object.values(blobs)) {
      const { name, notes, typeData } = content as { name: string; notes: string; typeData: Record<string, unknown> };
      assert.equal(window.read(name, 'notes'), notes);
      for (const [key, value] of Object.entries(typeData)) {
        if (typeof value !== 'string' || ['type', 'passwordRevisionDate'].includes(key)) continue;
        assert.equal(window.read(name, key === 'fingerprint' ? 'keyFingerprint' : key), value);
      }
    }
  });

  it('that is broken costs itself alone', async () => {
    const at = await scene('official', { items: [login, { name: 'Other', password: 'readable' }] });
    const [stored] = at.account.ciphers;
    const { envelope, ...rest } = JSON.parse(stored!.blob!) as { envelope: string };
    for (const data of [
      { ...rest, envelope: envelope.slice(0, 80) },
      { ...rest, envelope: `${envelope.slice(0, -8)}AAAAAAA=` },
      { ...rest, envelope, wrapped_cek: wrapSymmetricKey(CoseSymmetricKey.generate('aes256Gcm'), generateKey()) },
      { ...rest, envelope, wrapped_cek: 'nothing' },
      { ...rest, envelope: 7 },
      { ...rest, envelope, format_version: 2 },
    ]) {
      stored!.blob = JSON.stringify(data);
      const window = await at.unlocked();
      const sealed = window.vault.items.find(({ name }) => name !== 'Other');
      assert.ok(sealed?.closed !== undefined);
      assert.deepEqual(window.vault.fields(sealed.id), []);
      assert.equal(window.read('Other', 'password'), 'readable');
    }
  });

  it('does not open as another type than it was sealed as', async () => {
    const at = await scene('official', { items: [login] });
    at.account.ciphers[0]!.type = 2;
    const window = await at.unlocked();
    assert.equal(window.vault.items[0]?.name, undefined);
  });

  it('opens with what came later in it, and without what may be left out', async () => {
    const at = await scene('official', { items: [{ ...login, ownKey: true }] });
    const cipherKey = generateKey();
    const [stored] = at.account.ciphers;
    stored!.key = wrapSymmetricKey(cipherKey, anyKeyFromBase64(at.account.plainUserKey));
    const typeData = { type: 'login', password: 'p', uris: null, later: { deep: [1, 'x', true, null, 1.5] } };
    stored!.blob = sealContent({ version: '1', content: { name: 'Later', typeData, later: [[]] }, more: 1 }, cipherKey);
    const window = await at.unlocked();
    assert.deepEqual(allValues(window, 'Later'), { password: 'p' });
  });
});

describe('the content of a sealed item', () => {
  const cipher = { id: randomUUID(), type: 1 } as Cipher;
  const content = { name: 'n', typeData: { type: 'login' } };
  const read = (value: CborValue) => readBlob(cipher, copySecret(encodeCbor(value)));

  for (const [what, value] of Object.entries({
    'of another version': { version: '2', content },
    'without a version': { content },
    'without content': { version: '1' },
    'without a name': { version: '1', content: { typeData: { type: 'login' } } },
    'with a name that is no text': { version: '1', content: { ...content, name: 1 } },
    'without a type': { version: '1', content: { name: 'n', typeData: {} } },
    'of another type': { version: '1', content: { name: 'n', typeData: { type: 'card' } } },
    'with fields that are no list': { version: '1', content: { ...content, fields: {} } },
    'with thousands of fields': {
      version: '1',
      content: { ...content, fields: Array.from({ length: 2001 }, () => ({})) },
    },
    'that is no map': ['1', content],
  })) {
    it(`is refused ${what}`, () => assert.throws(() => read(cborOf(value)), CoseFormatError));
  }

  it('is refused with a name that comes twice, and with more after its end', () => {
    const twice = Buffer.from('a26776657273696f6e61316776657273696f6e6131', 'hex');
    assert.throws(() => readBlob(cipher, copySecret(twice)), CoseFormatError);
    const whole = encodeCbor(cborOf({ version: '1', content }));
    assert.ok(readBlob(cipher, copySecret(whole)));
    assert.throws(() => readBlob(cipher, copySecret(Buffer.concat([whole, Buffer.of(0)]))), CoseFormatError);
  });

  it('keeps the names of values that we do not know, also those that every object has', () => {
    const names = ['constructor', '__proto__', 'toString', 'somethingNew'];
    const typeData = new Map<CborValue, CborValue>([
      ['type', 'card'],
      ...names.map((name) => [name, 'value'] as const),
    ]);
    const whole = new Map<CborValue, CborValue>([
      ['version', '1'],
      [
        'content',
        new Map<CborValue, CborValue>([
          ['name', 'n'],
          ['typeData', typeData],
        ]),
      ],
    ]);
    const { details } = readBlob({ ...cipher, type: 3 }, copySecret(encodeCbor(whole)));
    assert.deepEqual(Object.keys(details).sort(), names.toSorted());
  });

  it('is read without making a string of any value', () => {
    const { name, notes } = read(
      cborOf({ version: '1', content: { ...content, name: 'the name', notes: 'the notes' } }),
    );
    assert.ok([name, notes].every((place) => /^\d+-\d+$/.test(place!)));
  });
});
