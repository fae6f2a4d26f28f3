import type { KeyObject } from 'node:crypto';
import type { CoseSymmetricKey } from '../../src/bitwarden/crypto/cose/symmetricKey';
import { SECURITY_STATE, SIGNED_PUBLIC_KEY } from '../../src/bitwarden/crypto/cose/sign1';
import type { CborValue } from '../../src/bitwarden/crypto/cose/cbor';
import { sealBytes } from '../../src/bitwarden/crypto/seal';
import { generateSigningKey, type SignatureAlgorithm, signCbor } from '../support/sign';
import type { Account } from './model';

/** How an account with V2 encryption is made. */
export interface V2Options {
  /** Clients of 2026 make keys of XAES-256-GCM, earlier ones of XChaCha20-Poly1305. */
  readonly userKey: 'xAes256Gcm' | 'xChaCha20Poly1305';
  readonly signature: SignatureAlgorithm;
  /** By default 2. */
  readonly securityVersion?: number;
}

/** The four combinations that official clients of different times make. */
export const v2Kinds: readonly V2Options[] = (['xAes256Gcm', 'xChaCha20Poly1305'] as const).flatMap((userKey) =>
  (['ed25519', 'mlDsa44'] as const).map((signature) => ({ userKey, signature })),
);

/** Makes the account keys as a client does for a new account: a signing key, and what is signed with it. */
export function makeV2Keys(
  userKey: CoseSymmetricKey,
  pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  { signature, securityVersion = 2 }: V2Options,
): Pick<Account, 'wrappedPrivateKey' | 'v2Keys' | 'userKeyId'> {
  const signingKey = generateSigningKey(signature);
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const signedKey = new Map<string, CborValue>([
    ['algorithm', 0],
    ['contentFormat', 0],
    ['publicKey', spki],
  ]);
  return {
    wrappedPrivateKey: sealBytes(pair.privateKey.export({ type: 'pkcs8', format: 'der' }), userKey, 'privateKey'),
    v2Keys: {
      wrappedSigningKey: sealBytes(signingKey.cose, userKey, 'coseKey'),
      verifyingKey: Buffer.from(signingKey.verifyingKey).toString('base64'),
      signedPublicKey: signCbor(signedKey, SIGNED_PUBLIC_KEY, signingKey).toString('base64'),
      securityState: signCbor(new Map([['version', securityVersion]]), SECURITY_STATE, signingKey).toString('base64'),
      securityVersion,
    },
    userKeyId: Buffer.from(userKey.keyId).toString('hex'),
  };
}
