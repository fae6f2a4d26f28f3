import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { decryptWithPrivateKey, importPrivateKey, unwrapOrganizationKey } from '../../../../src/bitwarden/crypto/rsa';
import { DecryptionError, EncStringFormatError, UnsupportedEncryptionError } from '../../../../src/bitwarden/errors';
import { encryptWithPublicKey, generateRsaKeyPair } from '../../../support/rsa';
import { typeTwo, typeZero } from '../../../support/vectors/encStrings';
import { rsa } from '../../../support/vectors/rsa';
import { keyOf } from '../../../support/keys';
import { copySecret } from '../../../../src/base/secretBytes';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const key = importPrivateKey(copySecret(Buffer.from(rsa.privateKey, 'base64')));

describe('importPrivateKey', () => {
  it('leaves nothing to the bytes it was given', () => {
    const bytes = copySecret(Buffer.from(rsa.privateKey, 'base64'));
    const own = importPrivateKey(bytes);
    bytes.fill(0);
    assert.equal(base64(decryptWithPrivateKey(rsa.type4, own)), rsa.plaintext);
  });

  it('refuses what is no RSA private key', () => {
    const pkcs8 = Buffer.from(rsa.privateKey, 'base64');
    const ed25519 = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      publicKeyEncoding: { type: 'spki', format: 'der' },
    });
    for (const bytes of [
      new Uint8Array(),
      randomBytes(1_219),
      pkcs8.subarray(0, 1_000),
      ed25519.privateKey,
      generateRsaKeyPair().publicKey,
    ]) {
      assert.throws(() => importPrivateKey(copySecret(bytes)), DecryptionError);
    }
  });
});

/** A private key with an attribute (RFC 5208, section 5) of so many bytes: valid, but as long as one likes. */
function withAttribute(pkcs8: Uint8Array, length: number): Uint8Array {
  const part = (tag: number, ...content: Uint8Array[]) => {
    const bytes = Buffer.concat(content);
    const head = Buffer.from([tag, 0x83, 0, 0, 0]);
    head.writeUIntBE(bytes.length, 2, 3);
    return Buffer.concat([head, bytes]);
  };
  const attribute = part(0x30, Buffer.from('06032a0304', 'hex'), part(0x31, part(0x04, Buffer.alloc(length))));
  return part(0x30, pkcs8.subarray(4), part(0xa0, attribute));
}

describe('importPrivateKey, of a key with attributes', () => {
  const pkcs8 = Buffer.from(rsa.privateKey, 'base64');

  it('takes it', () => {
    const own = importPrivateKey(copySecret(withAttribute(pkcs8, 10_000)));
    assert.equal(base64(decryptWithPrivateKey(rsa.type4, own)), rsa.plaintext);
  });

  it('refuses one of more than 16 KiB, which would take memory without end', () => {
    assert.throws(() => importPrivateKey(copySecret(withAttribute(pkcs8, 20_000))), DecryptionError);
  });
});

describe('decryptWithPrivateKey', () => {
  for (const [type, text] of Object.entries({ 3: rsa.type3, 4: rsa.type4, 6: rsa.type6 })) {
    it(`opens type ${type}`, () => {
      assert.equal(base64(decryptWithPrivateKey(text, key)), rsa.plaintext);
    });
  }

  it('opens type 5 as type 3, whatever its MAC', () => {
    const text = `5.${rsa.type3.slice(2)}|${base64(randomBytes(32))}`;
    assert.equal(base64(decryptWithPrivateKey(text, key)), rsa.plaintext);
  });

  it('opens the ciphertext of another implementation', () => {
    assert.equal(Buffer.from(decryptWithPrivateKey(rsa.webCrypto, key)).toString(), 'EncryptMe!');
  });

  it('opens what was encrypted for the public key', () => {
    const pair = generateRsaKeyPair();
    const own = importPrivateKey(copySecret(pair.privateKey));
    const bytes = randomBytes(64);
    for (const type of [3, 4] as const) {
      const text = encryptWithPublicKey(pair.publicKey, bytes, type);
      assert.equal(base64(decryptWithPrivateKey(text, own)), base64(bytes));
    }
  });

  it('refuses another key, the other hash, and changed or cut ciphertext', () => {
    const other = importPrivateKey(copySecret(generateRsaKeyPair().privateKey));
    assert.throws(() => decryptWithPrivateKey(rsa.type4, other), DecryptionError);
    assert.throws(() => decryptWithPrivateKey(`3.${rsa.type4.slice(2)}`, key), DecryptionError);
    const changed = Buffer.from(rsa.type4.slice(2), 'base64');
    changed[100]! ^= 1;
    assert.throws(() => decryptWithPrivateKey(`4.${base64(changed)}`, key), DecryptionError);
    assert.throws(() => decryptWithPrivateKey(`4.${base64(changed.subarray(0, 255))}`, key), DecryptionError);
    assert.throws(() => decryptWithPrivateKey('4.AAAA', key), DecryptionError);
  });

  it('does not open other types', () => {
    for (const [text, type] of [
      [typeZero.data, 0],
      [typeTwo.helloWorld, 2],
      ['7.g1gc', 7],
    ] as const) {
      assert.throws(
        () => decryptWithPrivateKey(text, key),
        (error) => error instanceof UnsupportedEncryptionError && error.encryptionType === type,
      );
    }
    assert.throws(() => decryptWithPrivateKey('4.!', key), EncStringFormatError);
  });
});

describe('unwrapOrganizationKey', () => {
  const pair = generateRsaKeyPair();
  const own = importPrivateKey(copySecret(pair.privateKey));

  it('gives the organisation key', () => {
    const organizationKey = keyOf(randomBytes(64));
    const text = encryptWithPublicKey(pair.publicKey, organizationKey.bytes);
    assert.deepEqual(unwrapOrganizationKey(text, own).bytes, organizationKey.bytes);
  });

  for (const length of [1, 32, 63, 65, 96]) {
    it(`refuses a key of ${length} bytes`, () => {
      const text = encryptWithPublicKey(pair.publicKey, randomBytes(length));
      assert.throws(() => unwrapOrganizationKey(text, own), DecryptionError);
    });
  }
});
