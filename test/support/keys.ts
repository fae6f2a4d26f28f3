import { randomBytes } from 'node:crypto';
import { copySecret } from '../../src/base/secretBytes';
import { AesCbcHmacKey } from '../../src/bitwarden/crypto/aesCbcHmac';
import { encodeSymmetricKey, type SymmetricKey, takeSymmetricKey } from '../../src/bitwarden/crypto/keys';

/** A key of the classic kind from a copy of 64 bytes. */
export function keyOf(bytes: Uint8Array): AesCbcHmacKey {
  return AesCbcHmacKey.take(copySecret(bytes));
}

export function keyFromBase64(text: string): AesCbcHmacKey {
  return keyOf(Buffer.from(text, 'base64'));
}

/** 64 random bytes. */
export function generateKey(): AesCbcHmacKey {
  return keyOf(randomBytes(64));
}

/** A key of any kind, as it is wrapped. */
export function anyKeyFromBase64(text: string): SymmetricKey {
  return takeSymmetricKey(copySecret(Buffer.from(text, 'base64')));
}

export function keyToBase64(key: SymmetricKey): string {
  return Buffer.from(encodeSymmetricKey(key)).toString('base64');
}
