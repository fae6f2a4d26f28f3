import assert from 'node:assert/strict';
import { hkdfSync, randomBytes } from 'node:crypto';
import { copySecret } from '../../../../src/base/secretBytes';
import { Aes256GcmKey } from '../../../../src/bitwarden/crypto/aead/aes256Gcm';
import { AesCbcHmacKey } from '../../../../src/bitwarden/crypto/aesCbcHmac';
import { deriveLocalKey, SALT_LENGTH } from '../../../../src/bitwarden/crypto/localKey';

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
});
