import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import type { SymmetricKey } from '../../src/bitwarden/crypto/keys';
import { sealEncrypt0 } from '../../src/bitwarden/crypto/cose/encrypt0';

/** Encrypts a file as official clients do: with a key of 64 bytes to type 2, with a COSE key to type 7. */
export function encryptFile(content: Uint8Array, key: SymmetricKey): Buffer {
  if (key.kind !== 'aesCbcHmac') return Buffer.concat([Buffer.of(7), sealEncrypt0(content, 'bytes', key)]);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key.encryptionKey, iv);
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const mac = createHmac('sha256', key.macKey).update(iv).update(ciphertext).digest();
  return Buffer.concat([Buffer.of(2), iv, mac, ciphertext]);
}
