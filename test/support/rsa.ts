import { constants, createPublicKey, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import type { EncStringText } from '../../src/bitwarden/crypto/encString';

export interface RsaKeyPair {
  /** PKCS#8 DER. */
  readonly privateKey: Uint8Array;
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array;
}

/** What an account has: RSA with 2048 bits. */
export function generateRsaKeyPair(): RsaKeyPair {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
}

/** An encrypted string of type 4, as organisation keys are, or 3. */
export function encryptWithPublicKey(spki: Uint8Array, bytes: Uint8Array, type: 3 | 4 = 4): EncStringText {
  const ciphertext = publicEncrypt(
    {
      key: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: type === 3 ? 'sha256' : 'sha1',
    },
    bytes,
  );
  return `${type}.${ciphertext.toString('base64')}`;
}
