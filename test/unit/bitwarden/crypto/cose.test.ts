import assert from 'node:assert/strict';
import { copySecret, secretFromText } from '../../../../src/base/secretBytes';
import { openAccountState } from '../../../../src/bitwarden/crypto/accountState';
import { CoseSymmetricKey } from '../../../../src/bitwarden/crypto/cose/symmetricKey';
import { parseEncString } from '../../../../src/bitwarden/crypto/encString';
import { deriveMasterKey } from '../../../../src/bitwarden/crypto/kdf';
import { encodeSymmetricKey, isSameKey, type SymmetricKey } from '../../../../src/bitwarden/crypto/keys';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../../../../src/bitwarden/crypto/keyWrapping';
import { stretchMasterKey } from '../../../../src/bitwarden/crypto/masterKey';
import { openBytes, openText } from '../../../../src/bitwarden/crypto/open';
import { sealBytes, sealText } from '../../../../src/bitwarden/crypto/seal';
import {
  CoseFormatError,
  MacMismatchError,
  SignatureError,
  UnsupportedEncryptionError,
  WrongKeyError,
} from '../../../../src/bitwarden/errors';
import { openUserKey } from '../../../../src/account/userKey';
import { cheapKdf } from '../../../server/accounts';
import { anyKeyFromBase64, generateKey, keyOf } from '../../../support/keys';
import { generateSigningKey, signCbor } from '../../../support/sign';
import { fieldRef } from '../../../support/fieldRef';
import { blobCipher, coseKeys, coseMessage, v2Account } from '../../../support/vectors/cose';
import { plaintexts } from '../../../support/vectors/plaintexts';
import { dialects, scenes } from '../../../support/window';

const message = `7.${Buffer.from(coseMessage, 'hex').toString('base64')}`;
const texts = [message, v2Account.wrappedSigningKey, v2Account.wrappedPrivateKey];
const userKeys = [v2Account.userKey, ...Object.values(coseKeys)];

const kinds: Readonly<Record<string, () => SymmetricKey>> = {
  'a key of 64 bytes': generateKey,
  'AES-256-GCM': () => CoseSymmetricKey.generate('aes256Gcm'),
  'XAES-256-GCM': () => CoseSymmetricKey.generate('xAes256Gcm'),
  'XChaCha20-Poly1305': () => CoseSymmetricKey.generate('xChaCha20Poly1305'),
};

describe('an encrypted string of type 7', () => {
  it('is taken for what it is', () => {
    for (const text of texts) {
      const parsed = parseEncString(text);
      assert.ok(parsed.type === 7);
      assert.equal(Buffer.from(parsed.cose).toString('base64'), text.slice(2));
    }
  });

  it('opens under the user key that it is for, as what it is', () => {
    const userKey = anyKeyFromBase64(v2Account.userKey);
    const pkcs8 = openBytes(v2Account.wrappedPrivateKey, userKey, 'privateKey');
    assert.equal(pkcs8.length, 1217);
    const signingKey = openBytes(v2Account.wrappedSigningKey, userKey, 'coseKey');
    assert.ok(Buffer.from(signingKey).toString('hex').includes(v2Account.signingKey));
    for (const wrapped of [v2Account.wrappedPrivateKey, v2Account.wrappedSigningKey]) {
      assert.throws(() => openBytes(wrapped, userKey, 'bytes'), CoseFormatError);
      assert.throws(() => openText(wrapped, userKey), CoseFormatError);
    }
  });

  it('does not open under any other key', () => {
    for (const text of texts) {
      for (const make of Object.values(kinds)) {
        assert.throws(() => openBytes(text, make(), 'privateKey'), WrongKeyError);
        assert.throws(() => openText(text, make()), WrongKeyError);
      }
    }
  });

  it('has one part of canonical base64, and in it a COSE message', () => {
    const key = CoseSymmetricKey.generate('xAes256Gcm');
    const text = sealText('text', key);
    for (const wrong of [`${text}|AAAA`, text.replace('7.', '7.|'), text.slice(0, -1), '7.', '7.AAAA', '7.oA==']) {
      assert.throws(
        () => openText(wrong, key),
        (error) => error instanceof Error && /EncStringFormat|CoseFormat/.test(error.name),
        wrong,
      );
    }
  });

  it('is what a COSE key makes, and a COSE key opens nothing else', () => {
    const key = CoseSymmetricKey.generate('xChaCha20Poly1305');
    assert.match(sealText('text', key), /^7\./);
    assert.throws(() => openText(sealText('text', generateKey()), key), WrongKeyError);
    assert.throws(
      () => openText('0.AAAAAAAAAAAAAAAAAAAAAA==|AAAAAAAAAAAAAAAAAAAAAA==', key),
      UnsupportedEncryptionError,
    );
  });
});

for (const [kind, make] of Object.entries(kinds)) {
  describe(`an encrypted string under ${kind}`, () => {
    it('gives back the text', () => {
      const key = make();
      for (const plaintext of ['', ...plaintexts]) assert.equal(openText(sealText(plaintext, key), key), plaintext);
    });
  });

  describe(`a key under ${kind}`, () => {
    for (const [innerKind, makeInner] of Object.entries(kinds)) {
      it(`comes back: ${innerKind}`, () => {
        const [key, inner] = [make(), makeInner()];
        const unwrapped = unwrapSymmetricKey(wrapSymmetricKey(inner, key), key);
        assert.ok(isSameKey(unwrapped, inner) && !isSameKey(unwrapped, key));
        assert.deepEqual(encodeSymmetricKey(unwrapped), encodeSymmetricKey(inner));
        const text = sealText('text', inner);
        assert.equal(openText(text, unwrapped), 'text');
      });
    }

    it('is no text, and a text no key', () => {
      const key = make();
      const wrapped = wrapSymmetricKey(generateKey(), key);
      assert.throws(() => openText(wrapped, key));
      assert.throws(() => unwrapSymmetricKey(sealText('text', key), key));
    });
  });
}

describe('a user key of the newest kind', () => {
  it('opens with the master password, and no wrong password is right', async () => {
    const salt = 'test@bitwarden.com';
    const stretched = stretchMasterKey(await deriveMasterKey(secretFromText('right'), salt, cheapKdf));
    for (const userKey of userKeys) {
      const encoded = Buffer.from(userKey, 'base64');
      const unlock = { kdf: cheapKdf, salt, masterKeyEncryptedUserKey: sealBytes(encoded, stretched, 'coseKey') };
      const open = (password: string) =>
        openUserKey({
          ...{ unlock, password: secretFromText(password), privateKey: () => assert.fail('has a MAC') },
          ...{ isRight: () => true, wantsPasswordHash: false, signal: new AbortController().signal },
        });
      assert.deepEqual(Buffer.from(encodeSymmetricKey((await open('right')).userKey)), encoded);
      await assert.rejects(open('wrong'), { name: 'WrongMasterPasswordError' });
    }
  });
});

describe('the state of a recorded account', () => {
  const userKey = CoseSymmetricKey.fromPadded(copySecret(Buffer.from(v2Account.userKey, 'base64')));
  const recorded = {
    privateKey: v2Account.wrappedPrivateKey,
    signingKey: v2Account.wrappedSigningKey,
    signedPublicKey: v2Account.signedPublicKey,
    securityState: v2Account.securityState,
  };

  it('opens, and says its version', () => {
    const { privateKey, securityVersion } = openAccountState(recorded, userKey);
    assert.equal(securityVersion, 2);
    assert.equal(privateKey.asymmetricKeyType, 'rsa');
    assert.ok(openAccountState({ ...recorded, signedPublicKey: undefined }, userKey));
  });

  const other = generateSigningKey('ed25519');
  const change = (text: string) => text.slice(0, -4) + (text.endsWith('AAAA') ? 'AAAB' : 'AAAA');
  for (const [what, changed, error] of [
    ['a private key with a bit changed', { privateKey: change(recorded.privateKey) }, MacMismatchError],
    ['a signing key in the place of the private one', { privateKey: recorded.signingKey }, CoseFormatError],
    ['a private key in the place of the signing one', { signingKey: recorded.privateKey }, CoseFormatError],
    ['a signing key of another account', { signingKey: sealBytes(other.cose, userKey, 'coseKey') }, WrongKeyError],
    ['a security state that another key signed', { securityState: signed(2) }, WrongKeyError],
    ['a public key in the place of the security state', { securityState: recorded.signedPublicKey }, SignatureError],
    ['a security state in the place of the public key', { signedPublicKey: recorded.securityState }, SignatureError],
    ['a security state that is no base64', { securityState: `${recorded.securityState}\n` }, CoseFormatError],
  ] as const) {
    it(`does not open with ${what}`, () => {
      assert.throws(() => openAccountState({ ...recorded, ...changed }, userKey), error);
    });
  }

  function signed(version: number): string {
    return signCbor(new Map([['version', version]]), 2, other).toString('base64');
  }

  it('is refused when the payload is not what it should be, though the signature is right', () => {
    const state = { ...recorded, signingKey: sealBytes(other.cose, userKey, 'coseKey'), signedPublicKey: undefined };
    assert.equal(openAccountState({ ...state, securityState: signed(3) }, userKey).securityVersion, 3);
    for (const payload of [new Map(), new Map([['version', '2']]), [2], 2]) {
      const securityState = signCbor(payload, 2, other).toString('base64');
      assert.throws(() => openAccountState({ ...state, securityState }, userKey), CoseFormatError);
    }
    for (const [algorithm, publicKey] of [
      [1, Buffer.alloc(10)],
      [0, Buffer.alloc(10)],
      [0, 'key'],
    ] as const) {
      const message = new Map<string, number | string | Uint8Array>([
        ['algorithm', algorithm],
        ['contentFormat', 0],
        ['publicKey', publicKey],
      ]);
      const signedPublicKey = signCbor(message, 1, other).toString('base64');
      assert.throws(
        () => openAccountState({ ...state, securityState: signed(2), signedPublicKey }, userKey),
        CoseFormatError,
      );
    }
  });
});

describe('the key of a recorded blob', () => {
  it('comes out of its wrapping', () => {
    const { wrapped_cek: wrapped } = JSON.parse(blobCipher.data) as { wrapped_cek: string };
    const key = unwrapSymmetricKey(wrapped, keyOf(Buffer.from(blobCipher.key, 'base64')));
    assert.equal(key.kind, 'xChaCha20Poly1305');
    assert.equal(Buffer.from(key.bytes).toString('hex'), blobCipher.contentKey);
  });
});

describe('an item of the newest kind', () => {
  const scene = scenes();

  it('lists without a name when no key opens its seal', async () => {
    const at = await scene('official', {
      items: [
        { name: 'sealed', blob: blobCipher.data },
        { name: 'Other', password: 'readable' },
      ],
    });
    const window = await at.unlocked();
    const [other, sealed] = window.vault.items;
    assert.deepEqual([other?.name, other?.closed], ['Other', undefined]);
    assert.deepEqual([sealed?.name, sealed?.closed], [undefined, 'noKey']);
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
      assert.deepEqual([item?.name, item?.username, item?.closed], [undefined, 'robin', undefined]);
      assert.throws(() => window.vault.read(item!.id, fieldRef('password')), WrongKeyError);
      assert.equal(window.vault.read(item!.id, fieldRef('username')), 'robin');
    });
  }
});
