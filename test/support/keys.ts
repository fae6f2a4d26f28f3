import { randomBytes } from 'node:crypto';
import { copySecret } from '../../src/base/secretBytes';
import { AesCbcHmacKey } from '../../src/bitwarden/crypto/aesCbcHmac';

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
