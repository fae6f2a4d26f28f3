import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import { encodeCbor, type CborValue } from '../../src/bitwarden/crypto/cose/cbor';
import { toBeSigned } from '../../src/bitwarden/crypto/cose/sign1';

/** Signing, which the extension never does: it only verifies. The official SDK judges these signatures, too. */

export type SignatureAlgorithm = 'ed25519' | 'mlDsa44';

/** COSE numbers of RFC 9053 and draft-ietf-cose-dilithium. */
const NUMBERS = { ed25519: -8, mlDsa44: -48 } as const;

export interface SigningKey {
  readonly algorithm: SignatureAlgorithm;
  readonly keyId: Uint8Array;
  /** COSE_Key with the private half, in the form that accounts wrap. */
  readonly cose: Uint8Array;
  /** COSE_Key with the public half alone. */
  readonly verifyingKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export function generateSigningKey(algorithm: SignatureAlgorithm): SigningKey {
  return algorithm === 'ed25519' ? generateEd25519() : mlDsa44Key(randomBytes(32), randomBytes(16));
}

/** With the seed that is in it, 32 bytes. */
export function generateEd25519(): SigningKey & { readonly seed: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const keyId = randomBytes(16);
  const common = [
    [1, 1],
    [2, keyId],
    [3, NUMBERS.ed25519],
  ] as const;
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  return {
    algorithm: 'ed25519',
    keyId,
    seed,
    cose: encodeCbor(new Map<CborValue, CborValue>([...common, [4, [1]], [-1, 6], [-4, seed]])),
    verifyingKey: encodeCbor(new Map<CborValue, CborValue>([...common, [4, [2]], [-1, 6], [-2, point]])),
    sign: (message) => sign(null, message, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })),
  };
}

/** @param seed 32 bytes. */
export function mlDsa44Key(seed: Uint8Array, keyId: Uint8Array): SigningKey {
  const { publicKey, secretKey } = ml_dsa44.keygen(seed);
  const common = [
    [1, 7],
    [2, keyId],
    [3, NUMBERS.mlDsa44],
  ] as const;
  return {
    algorithm: 'mlDsa44',
    keyId,
    cose: encodeCbor(new Map<CborValue, CborValue>([...common, [4, [1]], [-1, publicKey], [-2, seed]])),
    verifyingKey: encodeCbor(new Map<CborValue, CborValue>([...common, [4, [2]], [-1, publicKey]])),
    sign: (message) => ml_dsa44.sign(message, secretKey),
  };
}

/** What a test may get wrong on purpose. */
export interface SignOptions {
  readonly algorithm?: number;
  readonly keyId?: Uint8Array;
  readonly contentType?: CborValue;
  readonly more?: readonly (readonly [CborValue, CborValue])[];
}

/** COSE_Sign1 over CBOR. */
export function signCbor(value: CborValue, namespace: number, key: SigningKey, options: SignOptions = {}): Buffer {
  const protectedBytes = encodeCbor(
    new Map<CborValue, CborValue>([
      [1, options.algorithm ?? NUMBERS[key.algorithm]],
      [3, options.contentType ?? 60],
      [4, options.keyId ?? key.keyId],
      [-80000, namespace],
      ...(options.more ?? []),
    ]),
  );
  const payload = encodeCbor(value);
  return Buffer.from(encodeCbor([protectedBytes, new Map(), payload, key.sign(toBeSigned(protectedBytes, payload))]));
}
