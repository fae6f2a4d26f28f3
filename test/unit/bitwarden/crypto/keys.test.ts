import assert from 'node:assert/strict';
import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { deriveMasterKey, derivePasswordHash } from '../../../../src/bitwarden/crypto/kdf';
import { importPrivateKey, unwrapOrganizationKey } from '../../../../src/bitwarden/crypto/rsa';
import {
  CoseFormatError,
  DecryptionError,
  EncStringFormatError,
  MacMismatchError,
  UnsupportedEncryptionError,
} from '../../../../src/bitwarden/errors';
import { typeZeroAccount, v1Account } from '../../../support/vectors/accounts';
import { typeTwo, typeZero } from '../../../support/vectors/encStrings';
import { stretch } from '../../../support/vectors/kdf';
import { openBytes, openText } from '../../../../src/bitwarden/crypto/open';
import { sealBytes, sealText } from '../../../../src/bitwarden/crypto/seal';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../../../../src/bitwarden/crypto/keyWrapping';
import { stretchMasterKey, unwrapUserKey } from '../../../../src/bitwarden/crypto/masterKey';
import { generateKey, keyOf } from '../../../support/keys';
import { allocateSecret, copySecret, type SecretBytes, secretFromText } from '../../../../src/base/secretBytes';

const bytesOf = (base64: string): SecretBytes => copySecret(Buffer.from(base64, 'base64'));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function typeZeroText(plaintext: Uint8Array, key: Uint8Array): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return `0.${base64(iv)}|${base64(Buffer.concat([cipher.update(plaintext), cipher.final()]))}`;
}

describe('AesCbcHmacKey', () => {
  it('is 32 bytes to encrypt and 32 bytes to MAC, copied', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
    const key = keyOf(bytes);
    bytes.fill(255);
    assert.deepEqual([...key.encryptionKey], [...Array(32).keys()]);
    assert.deepEqual(
      [...key.macKey],
      [...Array(32).keys()].map((i) => i + 32),
    );
  });

  for (const length of [0, 32, 63, 65, 96]) {
    it(`refuses ${length} bytes`, () => {
      assert.throws(() => keyOf(new Uint8Array(length)), DecryptionError);
    });
  }

  it('clears its bytes and is of no more use once wiped', () => {
    const key = generateKey();
    const text = sealText('note', key);
    const { encryptionKey, macKey } = key;
    assert.ok(encryptionKey.some(Boolean) && macKey.some(Boolean));
    key.wipe();
    assert.deepEqual([...encryptionKey, ...macKey], Array<number>(64).fill(0));
    assert.throws(() => key.encryptionKey, /wiped/);
    assert.throws(() => key.macKey, /wiped/);
    assert.throws(() => key.encryptionKeyObject, /wiped/);
    assert.throws(() => key.macKeyObject, /wiped/);
    assert.throws(() => openText(text, key), /wiped/);
    assert.throws(() => sealText('note', key), /wiped/);
    key.wipe();
  });

  it('shows nothing of itself in JSON, logs and text', () => {
    const key = keyOf(Buffer.alloc(64, 'secret'));
    sealText('note', key);
    for (const shown of [
      JSON.stringify({ key }),
      inspect(key, { showHidden: true, getters: true, depth: null }),
      JSON.stringify(Object.entries(key)),
    ]) {
      for (const encoding of ['latin1', 'hex', 'base64'] as const) {
        assert.ok(!shown.includes(Buffer.from('secret').toString(encoding)), shown);
      }
      assert.ok(!shown.includes(String('s'.charCodeAt(0))), shown);
    }
  });
});

describe('stretchMasterKey', () => {
  it('expands the master key into two', () => {
    const key = stretchMasterKey(bytesOf(stretch.masterKey));
    assert.equal(hex(key.encryptionKey), stretch.encryptionKeyHex);
    assert.equal(hex(key.macKey), stretch.macKeyHex);
  });

  it('leaves no copy of the halves behind', () => {
    const hmac = Object.getPrototypeOf(createHmac('sha256', '')) as { digest: () => Buffer };
    const { digest } = hmac;
    const made: Buffer[] = [];
    hmac.digest = function () {
      const bytes = digest.call(this);
      made.push(bytes);
      return bytes;
    };
    try {
      const key = stretchMasterKey(bytesOf(stretch.masterKey));
      assert.equal(hex(key.bytes), stretch.encryptionKeyHex + stretch.macKeyHex);
    } finally {
      hmac.digest = digest;
    }
    assert.deepEqual(made, [Buffer.alloc(32), Buffer.alloc(32)]);
  });

  it('refuses what is no master key', () => {
    assert.throws(() => stretchMasterKey(allocateSecret(64)), RangeError);
  });
});

describe('a whole account', function () {
  this.timeout(30_000);

  it('opens from the master password down to the organisation key', async () => {
    const password = secretFromText(v1Account.password);
    const kdf = { type: 'pbkdf2', iterations: v1Account.iterations } as const;
    const masterKey = await deriveMasterKey(password, v1Account.email, kdf);
    assert.equal(base64(masterKey), v1Account.masterKey);
    assert.equal(base64(derivePasswordHash(masterKey, password)), v1Account.passwordHash);
    assert.equal(base64(stretchMasterKey(masterKey).bytes), v1Account.stretchedMasterKey);

    const userKey = unwrapUserKey(v1Account.wrappedUserKey, masterKey);
    assert.equal(base64(userKey.bytes), v1Account.userKey);

    const pkcs8 = openBytes(v1Account.wrappedPrivateKey, userKey, 'privateKey');
    assert.equal(pkcs8.length, v1Account.privateKeyLength);
    assert.equal(createHash('sha256').update(pkcs8).digest('hex'), v1Account.privateKeySha256);

    const organizationKey = unwrapOrganizationKey(v1Account.wrappedOrganizationKey, importPrivateKey(pkcs8));
    assert.equal(base64(organizationKey.bytes), v1Account.organizationKey);

    const { send } = v1Account;
    const sendSecret = openBytes(send.key, userKey, 'bytes');
    assert.equal(hex(sendSecret), send.keyHex);
    const sendKey = keyOf(new Uint8Array(hkdfSync('sha256', sendSecret, 'bitwarden-send', 'send', 64)));
    assert.equal(openText(send.name, sendKey), send.namePlain);
    assert.equal(openText(send.text, sendKey), send.textPlain);
  });

  it('opens with a user key of type 0', async () => {
    const kdf = { type: 'pbkdf2', iterations: typeZeroAccount.iterations } as const;
    const masterKey = await deriveMasterKey(secretFromText(typeZeroAccount.password), typeZeroAccount.email, kdf);
    assert.equal(base64(masterKey), typeZeroAccount.masterKey);
    assert.equal(base64(unwrapUserKey(typeZeroAccount.wrappedUserKey, masterKey).bytes), typeZeroAccount.userKey);
  });
});

describe('unwrapUserKey', () => {
  const masterKey = bytesOf(v1Account.masterKey);
  const stretched = stretchMasterKey(masterKey);

  it('opens type 0 straight under the master key', () => {
    const key = unwrapUserKey(typeZero.wrappedUserKey, bytesOf(typeZero.masterKey));
    assert.deepEqual([...key.bytes.subarray(0, 4)], typeZero.encryptionKeyStart);
    assert.deepEqual([...key.bytes.subarray(32, 36)], typeZero.macKeyStart);
  });

  it('opens type 0 without a number', () => {
    const key = unwrapUserKey(typeZero.wrappedUserKey.slice(2), bytesOf(typeZero.masterKey));
    assert.deepEqual([...key.bytes.subarray(0, 4)], typeZero.encryptionKeyStart);
  });

  it('knows a wrong password by the MAC', () => {
    assert.throws(() => unwrapUserKey(v1Account.wrappedUserKey, allocateSecret(32)), MacMismatchError);
  });

  it('knows a wrong password by the padding of type 0', () => {
    assert.throws(() => unwrapUserKey(typeZero.wrappedUserKey, allocateSecret(32)), DecryptionError);
  });

  for (const length of [65, 79]) {
    it(`refuses a key of ${length} bytes of type 0, as a wrong password may give it`, () => {
      assert.throws(() => unwrapUserKey(typeZeroText(new Uint8Array(length), masterKey), masterKey), DecryptionError);
    });
  }

  for (const length of [0, 16, 32, 63, 80, 96]) {
    it(`calls a key of ${length} bytes of type 0 unsupported, whatever the password is`, () => {
      const wrapped = typeZeroText(new Uint8Array(length), masterKey);
      for (const key of [masterKey, allocateSecret(32)]) {
        assert.throws(() => unwrapUserKey(wrapped, key), UnsupportedEncryptionError);
      }
    });
  }

  for (const length of [0, 32, 63]) {
    it(`refuses a key of ${length} bytes`, () => {
      assert.throws(
        () => unwrapUserKey(sealBytes(new Uint8Array(length), stretched, 'keyOf64Bytes'), masterKey),
        DecryptionError,
      );
    });
  }

  for (const length of [65, 96, 128]) {
    it(`refuses ${length} bytes that are no COSE key`, () => {
      assert.throws(
        () => unwrapUserKey(sealBytes(new Uint8Array(length), stretched, 'keyOf64Bytes'), masterKey),
        DecryptionError,
      );
      const padded = new Uint8Array(length).fill(1);
      assert.throws(() => unwrapUserKey(sealBytes(padded, stretched, 'coseKey'), masterKey), CoseFormatError);
    });
  }

  for (const type of [1, 3, 4, 5, 6, 7, 8, 99]) {
    it(`does not open type ${type}`, () => {
      const parts = type === 5 || type === 6 ? 'AAAA|AAAA' : 'AAAA';
      assert.throws(
        () => unwrapUserKey(`${type}.${parts}`, masterKey),
        (error) => error instanceof UnsupportedEncryptionError && error.encryptionType === type,
      );
    });
  }

  it('refuses text that is no encrypted string', () => {
    for (const text of ['', '2.', 'user key', '2.AAAA|AAAA|AAAA']) {
      assert.throws(() => unwrapUserKey(text, masterKey), EncStringFormatError, text);
    }
  });
});

describe('wrapped keys', () => {
  it('come back as they were', () => {
    const userKey = generateKey();
    const cipherKey = generateKey();
    const wrapped = wrapSymmetricKey(cipherKey, userKey);
    assert.match(wrapped, /^2\./);
    assert.deepEqual(unwrapSymmetricKey(wrapped, userKey).bytes, cipherKey.bytes);
    assert.throws(() => unwrapSymmetricKey(wrapped, cipherKey), MacMismatchError);
  });

  it('are 64 bytes, or a COSE key of more', () => {
    const key = keyOf(bytesOf(typeTwo.key));
    assert.throws(() => unwrapSymmetricKey(typeTwo.oneToFive, key), DecryptionError);
    assert.throws(() => unwrapSymmetricKey(sealBytes(new Uint8Array(65), key, 'keyOf64Bytes'), key), DecryptionError);
  });

  it('are not taken from type 0', () => {
    const key = generateKey();
    const text = typeZeroText(new Uint8Array(64), key.encryptionKey);
    assert.throws(() => unwrapSymmetricKey(text, key), UnsupportedEncryptionError);
  });

  it('differ each time one is made', () => {
    assert.notDeepEqual(generateKey().bytes, generateKey().bytes);
  });
});
