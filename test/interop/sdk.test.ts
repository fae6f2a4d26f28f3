import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { PureCrypto, type Kdf } from '@bitwarden/sdk-internal';
import { deriveMasterKey, type KdfConfig } from '../../src/bitwarden/crypto/kdf';
import { decryptWithPrivateKey, importPrivateKey, unwrapOrganizationKey } from '../../src/bitwarden/crypto/rsa';
import { MacMismatchError } from '../../src/bitwarden/errors';
import { encryptWithPublicKey, generateRsaKeyPair } from '../support/rsa';
import { typeZeroAccount, v1Account } from '../support/vectors/accounts';
import { plaintexts } from '../support/vectors/plaintexts';
import { openBytes, openText } from '../../src/bitwarden/crypto/open';
import { sealBytes, sealText } from '../../src/bitwarden/crypto/seal';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../../src/bitwarden/crypto/keyWrapping';
import { stretchMasterKey, unwrapUserKey } from '../../src/bitwarden/crypto/masterKey';
import { generateKey, keyOf } from '../support/keys';
import { copySecret, secretFromText } from '../../src/base/secretBytes';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function forSdk(kdf: KdfConfig): Kdf {
  if (kdf.type === 'pbkdf2') return { pBKDF2: { iterations: kdf.iterations } };
  return { argon2id: { iterations: kdf.iterations, memory: kdf.memoryMiB, parallelism: kdf.parallelism } };
}

const kdfs: readonly KdfConfig[] = [
  { type: 'pbkdf2', iterations: 5_000 },
  { type: 'pbkdf2', iterations: 100_000 + randomInt(1_000) },
  { type: 'argon2id', iterations: 2, memoryMiB: 16, parallelism: 1 },
  { type: 'argon2id', iterations: 3, memoryMiB: 64, parallelism: 4 },
  { type: 'argon2id', iterations: 2, memoryMiB: 16 + randomInt(16), parallelism: 1 + randomInt(8) },
];

/**
 * Compares with the library in the official clients; random inputs are in the message of a failure. What the SDK opens
 * is written by the code that writes the embedded server's vaults, too.
 */
describe('official SDK: key derivation', function () {
  this.timeout(60_000);

  for (const kdf of kdfs) {
    it(`derives the same master key with ${JSON.stringify(kdf)}`, async () => {
      for (const password of ['asdfasdfasdf', 'pǻssword 😀', 'cafe\u0301', randomBytes(24).toString('base64')]) {
        const salt = `${randomBytes(6).toString('hex')}@exämple.com`;
        const bytes = secretFromText(password);
        const ours = await deriveMasterKey(bytes, salt, kdf);
        const theirs = PureCrypto.derive_kdf_material(bytes, Buffer.from(salt), forSdk(kdf));
        assert.equal(hex(ours), hex(theirs), JSON.stringify({ password, salt }));
      }
    });

    it(`opens and wraps user keys with ${JSON.stringify(kdf)}`, async () => {
      const email = 'user@example.com';
      const password = 'correct horse 🐎';
      const masterKey = await deriveMasterKey(secretFromText(password), email, kdf);
      const userKey = generateKey();

      const theirs = PureCrypto.encrypt_user_key_with_master_password(userKey.bytes, password, email, forSdk(kdf));
      assert.equal(hex(unwrapUserKey(theirs, masterKey).bytes), hex(userKey.bytes));
      assert.throws(() => unwrapUserKey(theirs, copySecret(randomBytes(32))), MacMismatchError);

      const ours = wrapSymmetricKey(userKey, stretchMasterKey(masterKey));
      const opened = PureCrypto.decrypt_user_key_with_master_password(ours, password, email, forSdk(kdf));
      assert.equal(hex(opened), hex(userKey.bytes));
    });
  }

  it('opens user keys of types 0 and 2 alike', () => {
    for (const account of [v1Account, typeZeroAccount]) {
      const masterKey = copySecret(Buffer.from(account.masterKey, 'base64'));
      const theirs = PureCrypto.decrypt_user_key_with_master_key(account.wrappedUserKey, masterKey);
      assert.equal(hex(unwrapUserKey(account.wrappedUserKey, masterKey).bytes), hex(theirs));
    }
  });
});

describe('official SDK: encrypted strings', function () {
  this.timeout(60_000);

  const key = keyOf(PureCrypto.make_user_key_aes256_cbc_hmac());

  it('exchange texts both ways', () => {
    const random = Array.from({ length: 200 }, () => randomBytes(randomInt(200)).toString('latin1'));
    for (const text of [...plaintexts, ...random]) {
      const message = JSON.stringify(text);
      assert.equal(openText(PureCrypto.symmetric_encrypt_string(text, key.bytes), key), text, message);
      assert.equal(PureCrypto.symmetric_decrypt_string(sealText(text, key), key.bytes), text, message);
    }
  });

  it('exchange bytes of every length both ways', () => {
    for (let length = 0; length <= 130; length++) {
      const bytes = randomBytes(length);
      assert.equal(hex(openBytes(PureCrypto.symmetric_encrypt_bytes(bytes, key.bytes), key, 'bytes')), hex(bytes));
      assert.equal(hex(PureCrypto.symmetric_decrypt_bytes(sealBytes(bytes, key, 'bytes'), key.bytes)), hex(bytes));
    }
  });

  it('exchange wrapped keys both ways', () => {
    const cipherKey = generateKey();
    const theirs = PureCrypto.wrap_symmetric_key(cipherKey.bytes, key.bytes);
    assert.equal(hex(unwrapSymmetricKey(theirs, key).bytes), hex(cipherKey.bytes));
    const ours = wrapSymmetricKey(cipherKey, key);
    assert.equal(hex(PureCrypto.unwrap_symmetric_key(ours, key.bytes)), hex(cipherKey.bytes));
  });

  it('refuse the same texts', () => {
    const [iv, ciphertext, mac] = sealText('text', key).slice(2).split('|');
    const zeros = Buffer.alloc(32).toString('base64');
    for (const text of [
      `2.${iv!}|${ciphertext!}|${zeros}`,
      `2.${iv!}|${ciphertext!}`,
      `2.${iv!}|${ciphertext!.slice(4)}|${mac!}`,
      `0.${iv!}|${ciphertext!}`,
      `${iv!}|${ciphertext!}`,
      `1.${iv!}|${ciphertext!}|${mac!}`,
      `9.${iv!}|${ciphertext!}|${mac!}`,
      'plain text',
      '',
    ]) {
      assert.throws(() => PureCrypto.symmetric_decrypt_string(text, key.bytes), text);
      assert.throws(() => openText(text, key), text);
    }
  });
});

describe('official SDK: RSA', function () {
  this.timeout(60_000);

  it('exchange organisation keys both ways', () => {
    const pkcs8 = PureCrypto.rsa_generate_keypair();
    const spki = PureCrypto.rsa_extract_public_key(pkcs8);
    const organizationKey = generateKey();
    const theirs = PureCrypto.encapsulate_key_unsigned(organizationKey.bytes, spki);
    assert.equal(
      hex(unwrapOrganizationKey(theirs, importPrivateKey(copySecret(pkcs8))).bytes),
      hex(organizationKey.bytes),
    );
    const ours = encryptWithPublicKey(spki, organizationKey.bytes);
    assert.equal(hex(PureCrypto.decapsulate_key_unsigned(ours, pkcs8)), hex(organizationKey.bytes));
  });

  it('accept a key pair of our making', () => {
    const { privateKey, publicKey } = generateRsaKeyPair();
    assert.equal(hex(PureCrypto.rsa_extract_public_key(privateKey)), hex(publicKey));
    const bytes = randomBytes(64);
    const ciphertext = PureCrypto.rsa_encrypt_data(bytes, publicKey);
    const text = `4.${Buffer.from(ciphertext).toString('base64')}`;
    assert.equal(hex(decryptWithPrivateKey(text, importPrivateKey(copySecret(privateKey)))), hex(bytes));
  });

  it('exchange wrapped private keys both ways', () => {
    const key = generateKey();
    const { privateKey } = generateRsaKeyPair();
    assert.equal(
      hex(openBytes(PureCrypto.wrap_decapsulation_key(privateKey, key.bytes), key, 'privateKey')),
      hex(privateKey),
    );
    const ours = sealBytes(privateKey, key, 'privateKey');
    assert.equal(hex(PureCrypto.unwrap_decapsulation_key(ours, key.bytes)), hex(privateKey));
  });
});
