import assert from 'node:assert/strict';
import { parseEncString } from '../../../../src/bitwarden/crypto/encString';
import { deriveMasterKey } from '../../../../src/bitwarden/crypto/kdf';
import { UnsupportedEncryptionError } from '../../../../src/bitwarden/errors';
import { openUserKey } from '../../../../src/vault/masterPassword';
import { cheapKdf } from '../../../server/accounts';
import { blobCipher, coseKeys, coseMessage, v2Account } from '../../../support/vectors/cose';
import { dialects, scenes } from '../../../support/window';
import { openBytes, openText } from '../../../../src/bitwarden/crypto/open';
import { sealBytes } from '../../../../src/bitwarden/crypto/seal';
import { unwrapSymmetricKey } from '../../../../src/bitwarden/crypto/keyWrapping';
import { stretchMasterKey } from '../../../../src/bitwarden/crypto/masterKey';
import { generateKey, keyOf } from '../../../support/keys';
import { secretFromText } from '../../../../src/base/secretBytes';

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

const isTypeSeven = (error: unknown): boolean =>
  error instanceof UnsupportedEncryptionError && error.encryptionType === 7;

const message = `7.${Buffer.from(coseMessage, 'hex').toString('base64')}`;
const texts = [message, v2Account.wrappedSigningKey, v2Account.wrappedPrivateKey];
const userKeys = [v2Account.userKey, ...Object.values(coseKeys)];

describe('an encrypted string of type 7', () => {
  it('is taken for what it is', () => {
    for (const text of texts) {
      const parsed = parseEncString(text);
      assert.ok(parsed.type === 7);
      assert.deepEqual(Buffer.from(parsed.cose), bytesOf(text.slice(2)));
    }
  });

  it('is called unsupported under any key', () => {
    for (const text of texts) {
      assert.throws(() => openBytes(text, generateKey()), isTypeSeven);
      assert.throws(() => openText(text, generateKey()), isTypeSeven);
    }
  });
});

describe('a key of the newest kind', () => {
  it('is called unsupported when it comes out of its wrapping', () => {
    const outer = generateKey();
    for (const userKey of userKeys) {
      assert.throws(() => unwrapSymmetricKey(sealBytes(bytesOf(userKey), outer), outer), isTypeSeven);
    }
    const { wrapped_cek: wrapped } = JSON.parse(blobCipher.data) as { wrapped_cek: string };
    assert.throws(() => unwrapSymmetricKey(wrapped, keyOf(bytesOf(blobCipher.key))), isTypeSeven);
  });

  it('makes an account that cannot be opened, and no wrong password right', async () => {
    const salt = 'test@bitwarden.com';
    const stretched = stretchMasterKey(await deriveMasterKey(secretFromText('right'), salt, cheapKdf));
    for (const userKey of userKeys) {
      const unlock = { kdf: cheapKdf, salt, masterKeyEncryptedUserKey: sealBytes(bytesOf(userKey), stretched) };
      const open = (password: string) => openUserKey(unlock, secretFromText(password), () => assert.fail('has a MAC'));
      await assert.rejects(open('right'), { name: 'UnsupportedAccountError' });
      await assert.rejects(open('wrong'), { name: 'WrongMasterPasswordError' });
    }
  });
});

describe('an item of the newest kind', () => {
  const scene = scenes();

  it('lists as unsupported when it is a blob', async () => {
    const at = await scene('official', {
      items: [
        { name: 'sealed', blob: blobCipher.data },
        { name: 'Other', password: 'readable' },
      ],
    });
    const window = await at.unlocked();
    const [other, sealed] = window.vault.items;
    assert.deepEqual([other?.name, other?.unsupported], ['Other', false]);
    assert.deepEqual([sealed?.name, sealed?.unsupported], [undefined, true]);
    assert.deepEqual(window.vault.fields(sealed!.id), []);
    assert.equal(window.read('Other', 'password'), 'readable');
  });

  for (const dialect of dialects) {
    it(`${dialect}: lists, and opens but for its fields of type 7`, async () => {
      const at = await scene(dialect, { items: [{ name: 'Mixed', username: 'robin', password: 'x' }] });
      const [stored] = at.account.ciphers;
      Object.assign(stored!, { name: message });
      Object.assign(stored!.typed!, { password: message });
      const window = await at.unlocked();
      const [item] = window.vault.items;
      assert.deepEqual([item?.name, item?.username, item?.unsupported], [undefined, 'robin', false]);
      assert.throws(() => window.vault.read(item!.id, 'password'), isTypeSeven);
      assert.equal(window.vault.read(item!.id, 'username'), 'robin');
    });
  }
});
