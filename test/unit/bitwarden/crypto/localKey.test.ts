import assert from 'node:assert/strict';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { copySecret } from '../../../../src/base/secretBytes';
import { Aes256GcmKey } from '../../../../src/bitwarden/crypto/aead/aes256Gcm';
import { AesCbcHmacKey } from '../../../../src/bitwarden/crypto/aesCbcHmac';
import { deriveLocalKey, localDigest, SALT_LENGTH } from '../../../../src/bitwarden/crypto/localKey';

describe('The key for what is kept on this machine', () => {
  const nonce = randomBytes(12);
  const nothing = Buffer.alloc(0);

  it('is what HKDF with SHA-256 makes of the user key, and another one for another purpose', () => {
    const bytes = randomBytes(64);
    const salt = randomBytes(SALT_LENGTH);
    const key = deriveLocalKey(AesCbcHmacKey.take(copySecret(bytes)), salt, 'this test');
    const theirs = (purpose: string) =>
      new Aes256GcmKey(new Uint8Array(hkdfSync('sha256', bytes, salt, `vaultside: ${purpose}`, 32)));
    const sealed = key.seal(nonce, Buffer.from('kept'), nothing);
    assert.equal(Buffer.from(theirs('this test').open(nonce, sealed, nothing)).toString(), 'kept');
    assert.throws(() => theirs('another').open(nonce, sealed, nothing));
  });

  it('names things by digests that are the same each time, and others for another key or purpose', () => {
    const bytes = randomBytes(64);
    const key = AesCbcHmacKey.take(copySecret(bytes));
    const extracted = createHmac('sha256', 'vaultside: this test').update(bytes).digest();
    const digest = localDigest(key, 'this test', 'folder/Work');
    assert.equal(digest, createHmac('sha256', extracted).update('folder/Work').digest('base64'));
    assert.equal(localDigest(key, 'this test', 'folder/Work'), digest);
    assert.notEqual(localDigest(key, 'another', 'folder/Work'), digest);
    assert.notEqual(localDigest(AesCbcHmacKey.take(copySecret(randomBytes(64))), 'this test', 'folder/Work'), digest);
  });
});
