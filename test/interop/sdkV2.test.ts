import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { CryptoClient, PureCrypto } from '@bitwarden/sdk-internal';
import fc from 'fast-check';
import { copySecret } from '../../src/base/secretBytes';
import { openAccountState } from '../../src/bitwarden/crypto/accountState';
import { CoseSymmetricKey } from '../../src/bitwarden/crypto/cose/symmetricKey';
import { VerifyingKey } from '../../src/bitwarden/crypto/cose/verifyingKey';
import { coseEncryptionKey, encodeSymmetricKey, isSameKey, type SymmetricKey } from '../../src/bitwarden/crypto/keys';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../../src/bitwarden/crypto/keyWrapping';
import { openBytes, openText } from '../../src/bitwarden/crypto/open';
import { sealBytes, sealText } from '../../src/bitwarden/crypto/seal';
import { openUpgradeToken } from '../../src/bitwarden/crypto/upgradeToken';
import { createAccount } from '../server/accounts';
import { upgradeToV2 } from '../server/upgrade';
import { v2Kinds } from '../server/v2Keys';
import { cases } from '../support/cases';
import { anyKeyFromBase64, generateKey } from '../support/keys';
import { generateRsaKeyPair } from '../support/rsa';
import { generateSigningKey, signCbor } from '../support/sign';
import { sdkClient } from './sdkClient';

/**
 * Encryption generation 2 before the library in the official clients, both ways, over generated cases. What it does not
 * judge, since it has no door to it: encrypted strings of AES-256-GCM and of the AEAD of AES-CBC and HMAC, which the
 * recorded vectors alone stand for; and accounts with a user key of XChaCha20-Poly1305 as a whole, which this version of
 * it no longer loads: the official CLI does (see cliV2.test.ts).
 */

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const take = (bytes: Uint8Array): SymmetricKey => anyKeyFromBase64(Buffer.from(bytes).toString('base64'));

/** Keys of its making where it makes them, else of ours. */
const kinds: Readonly<Record<string, () => SymmetricKey>> = {
  'XChaCha20-Poly1305, a key of its own': () => take(PureCrypto.make_user_key_xchacha20_poly1305()),
  'XChaCha20-Poly1305, a key of ours': () => CoseSymmetricKey.generate('xChaCha20Poly1305'),
  'XAES-256-GCM, a key of ours': () => CoseSymmetricKey.generate('xAes256Gcm'),
};

const text = fc.string({ unit: 'binary', maxLength: 200 });
const bytes = fc.uint8Array({ maxLength: 200 });
const many = cases(1_500);

for (const [kind, make] of Object.entries(kinds)) {
  describe(`official SDK: ${kind}`, () => {
    const key = make();
    const encoded = encodeSymmetricKey(key);

    it('exchange texts both ways', () => {
      fc.assert(
        fc.property(text, (plaintext) => {
          assert.equal(openText(PureCrypto.symmetric_encrypt_string(plaintext, encoded), key), plaintext);
          assert.equal(PureCrypto.symmetric_decrypt_string(sealText(plaintext, key), encoded), plaintext);
        }),
        many,
      );
    });

    it('exchange bytes both ways', () => {
      fc.assert(
        fc.property(bytes, (plaintext) => {
          const theirs = PureCrypto.symmetric_encrypt_bytes(plaintext, encoded);
          assert.equal(hex(openBytes(theirs, key, 'bytes')), hex(plaintext));
          assert.equal(
            hex(PureCrypto.symmetric_decrypt_bytes(sealBytes(plaintext, key, 'bytes'), encoded)),
            hex(plaintext),
          );
        }),
        many,
      );
    });

    it('make texts of the same length', () => {
      for (let length = 0; length < 100; length++) {
        const plaintext = 'x'.repeat(length);
        assert.equal(
          sealText(plaintext, key).length,
          PureCrypto.symmetric_encrypt_string(plaintext, encoded).length,
          `${length} characters`,
        );
      }
    });

    it('refuse what was changed by a bit, and what is under another key', () => {
      fc.assert(
        fc.property(text, fc.nat(), fc.nat(7), (plaintext, at, bit) => {
          const message = Buffer.from(sealText(plaintext, key).slice(2), 'base64');
          const index = at % message.length;
          message[index] = message[index]! ^ (1 << bit);
          const changed = `7.${message.toString('base64')}`;
          assert.throws(() => openText(changed, key));
          assert.throws(() => PureCrypto.symmetric_decrypt_string(changed, encoded));
        }),
        cases(500),
      );
      const foreign = sealText('text', make());
      assert.throws(() => openText(foreign, key));
      assert.throws(() => PureCrypto.symmetric_decrypt_string(foreign, encoded));
    });

    it('exchange wrapped keys of every kind both ways', () => {
      for (const makeInner of [generateKey, ...Object.values(kinds)]) {
        for (let run = 0; run < 50; run++) {
          const inner = makeInner();
          const innerEncoded = encodeSymmetricKey(inner);
          for (const [outer, outerEncoded] of [
            [key, encoded],
            [generateKey(), undefined],
          ] as const) {
            const wrapping = outerEncoded ?? encodeSymmetricKey(outer);
            const theirs = PureCrypto.wrap_symmetric_key(innerEncoded, wrapping);
            assert.ok(isSameKey(unwrapSymmetricKey(theirs, outer), inner));
            const ours = wrapSymmetricKey(inner, outer);
            assert.equal(hex(PureCrypto.unwrap_symmetric_key(ours, wrapping)), hex(innerEncoded));
          }
        }
      }
    });

    it('exchange wrapped private keys both ways', () => {
      const { privateKey } = generateRsaKeyPair();
      const theirs = PureCrypto.wrap_decapsulation_key(privateKey, encoded);
      assert.equal(hex(openBytes(theirs, key, 'privateKey')), hex(privateKey));
      const ours = sealBytes(privateKey, key, 'privateKey');
      assert.equal(hex(PureCrypto.unwrap_decapsulation_key(ours, encoded)), hex(privateKey));
    });

    it('know the key by the same id', () => {
      assert.equal(hex(CryptoClient.get_key_id_for_symmetric_key(encoded)!), hex(coseEncryptionKey(key).keyId));
    });
  });
}

describe('official SDK: ids of keys without one', () => {
  it('are the same', () => {
    for (let run = 0; run < 100; run++) {
      const key = generateKey();
      assert.equal(hex(CryptoClient.get_key_id_for_symmetric_key(key.bytes)!), hex(coseEncryptionKey(key).keyId));
    }
  });
});

for (const algorithm of ['ed25519', 'mlDsa44'] as const) {
  describe(`official SDK: signatures of ${algorithm}`, () => {
    it('take the same verifying key out of a signing key', () => {
      const wrappingKey = CoseSymmetricKey.generate('xAes256Gcm');
      for (let run = 0; run < 20; run++) {
        const signingKey = generateSigningKey(algorithm);
        const wrapped = sealBytes(signingKey.cose, wrappingKey, 'coseKey');
        const theirs = PureCrypto.verifying_key_for_signing_key(wrapped, encodeSymmetricKey(wrappingKey));
        assert.equal(hex(theirs), hex(signingKey.verifyingKey));
        assert.equal(PureCrypto.key_algorithm_for_verifying_key(theirs), algorithm);
        const ours = VerifyingKey.ofSigningKey(copySecret(signingKey.cose));
        const message = Buffer.from(randomUUID());
        assert.ok(ours.verify(message, signingKey.sign(message)));
        assert.ok(VerifyingKey.fromCose(copySecret(theirs)).verify(message, signingKey.sign(message)));
      }
    });

    it('verify a public key that we signed, and refuse it from another', () => {
      const { publicKey } = generateRsaKeyPair();
      const signingKey = generateSigningKey(algorithm);
      const message = new Map<string, number | Uint8Array>([
        ['algorithm', 0],
        ['contentFormat', 0],
        ['publicKey', publicKey],
      ]);
      const signed = signCbor(message, 1, signingKey);
      const verify = (key: Uint8Array) => PureCrypto.verify_and_unwrap_signed_public_key(signed, key);
      assert.equal(hex(verify(signingKey.verifyingKey)), hex(publicKey));
      assert.throws(() => verify(generateSigningKey(algorithm).verifyingKey));
    });
  });
}

describe('official SDK: accounts with V2 encryption', () => {
  it('that it makes are opened', async () => {
    for (let run = 0; run < 5; run++) {
      const made = (await sdkClient(await createAccount())).crypto().make_keys_for_user_crypto_v2();
      const userKey = anyKeyFromBase64(made.userKey);
      assert.ok(userKey.kind === 'xAes256Gcm');
      const { privateKey, signingKey, signedPublicKey, securityState } = made;
      const state = openAccountState({ privateKey, signingKey, signedPublicKey, securityState }, userKey);
      assert.equal(state.securityVersion, made.securityVersion);
      assert.equal(state.privateKey.asymmetricKeyDetails?.modulusLength, 2048);
    }
  });

  for (const v2 of v2Kinds.filter(({ userKey }) => userKey === 'xAes256Gcm')) {
    it(`of our embedded server are accepted, with ${v2.signature}`, async () => {
      const account = await createAccount({ v2, organizations: [{ name: 'Org' }] });
      const client = await sdkClient(account);
      assert.equal(await client.crypto().get_user_encryption_key(), account.plainUserKey);
    });

    it(`are refused by both when they were tampered with, with ${v2.signature}`, async () => {
      const account = await createAccount({ v2 });
      const other = await createAccount({ v2 });
      const userKey = anyKeyFromBase64(account.plainUserKey);
      assert.ok(userKey.kind === 'xAes256Gcm');
      for (const change of [
        { securityState: other.v2Keys!.securityState },
        { signedPublicKey: other.v2Keys!.signedPublicKey },
        { wrappedSigningKey: other.v2Keys!.wrappedSigningKey },
      ]) {
        const v2Keys = { ...account.v2Keys!, ...change };
        await assert.rejects(sdkClient({ ...account, v2Keys }));
        const { wrappedSigningKey: signingKey, securityState } = v2Keys;
        const signedPublicKey = v2Keys.signedPublicKey ?? undefined;
        const privateKey = account.wrappedPrivateKey!;
        assert.throws(() => openAccountState({ privateKey, signingKey, securityState, signedPublicKey }, userKey));
      }
    });

    it(`are reached by the upgrade token, with ${v2.signature}`, async () => {
      const account = await createAccount();
      const { plainUserKey } = account;
      await upgradeToV2(account, v2);
      const { upgradeToken } = account;
      const client = await sdkClient(account, { userKey: plainUserKey, upgradeToken });
      assert.equal(await client.crypto().get_user_encryption_key(), account.plainUserKey);
      const v1Key = anyKeyFromBase64(plainUserKey);
      assert.ok(v1Key.kind === 'aesCbcHmac');
      const ours = openUpgradeToken(upgradeToken!, v1Key);
      assert.ok(isSameKey(ours, anyKeyFromBase64(account.plainUserKey)));
    });
  }

  it('get the same answer of us for each, with every kind of user key that there was', async () => {
    for (const v2 of v2Kinds) {
      const account = await createAccount({ v2 });
      const userKey = Buffer.from(account.plainUserKey, 'base64');
      const { wrappedSigningKey, verifyingKey, signedPublicKey } = account.v2Keys!;
      assert.equal(
        Buffer.from(PureCrypto.verifying_key_for_signing_key(wrappedSigningKey, userKey)).toString('base64'),
        verifyingKey,
      );
      const publicKey = PureCrypto.verify_and_unwrap_signed_public_key(
        Buffer.from(signedPublicKey!, 'base64'),
        Buffer.from(verifyingKey, 'base64'),
      );
      assert.equal(Buffer.from(publicKey).toString('base64'), account.publicKey);
      const pkcs8 = PureCrypto.unwrap_decapsulation_key(account.wrappedPrivateKey!, userKey);
      assert.equal(hex(PureCrypto.rsa_extract_public_key(pkcs8)), hex(publicKey));
    }
  });
});
