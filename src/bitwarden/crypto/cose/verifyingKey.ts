import { createPrivateKey, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import { concatPublic, copyPublic, publicBytesOf } from '../../../base/publicBytes';
import { asBuffer, concatSecrets, type SecretBytes, wipe } from '../../../base/secretBytes';
import { CoseFormatError, UnsupportedEncryptionError } from '../../errors';
import { overwritingCopies } from '../freedMemory';
import { CborReader } from './cborReader';
import { KEY } from './labels';

/**
 * Labels and values of COSE_Key: RFC 9052, section 7; OKP in RFC 9053, section 7.2; AKP in
 * draft-ietf-cose-dilithium.
 */
const OKP = 1;
const AKP = 7;
/** For OKP. For AKP the same numbers mean the public key and the seed. */
const CURVE = -1;
const OKP_PUBLIC = -2;
const OKP_PRIVATE = -4;
const AKP_PUBLIC = -1;
const AKP_SEED = -2;
const ED25519_CURVE = 6;

/** EdDSA of RFC 9053, section 2.2. */
export const ED25519 = -8;
/** draft-ietf-cose-dilithium. */
export const ML_DSA_44 = -48;

const ID_LENGTH = 16;
const ED25519_LENGTH = 32;
/** FIPS 204, table 2. */
const ML_DSA_44_KEY_LENGTH = 1312;
const ML_DSA_44_SIGNATURE_LENGTH = 2420;

/**
 * The beginning of the DER of an Ed25519 key (RFC 8410), before its bytes: PKCS#8 for a private key, SPKI for a public
 * one.
 */
const PKCS8_HEAD = publicBytesOf('302e020100300506032b657004220420', 'hex');
const SPKI_HEAD = publicBytesOf('302a300506032b6570032100', 'hex');
const SPKI = { format: 'der', type: 'spki' } as const;

/**
 * Verifies signatures of an account. It is made from the account's own signing key, which only the user key opens, so a
 * server cannot exchange it for one of its own. We never sign anything.
 */
export class VerifyingKey {
  private constructor(
    /** 16 bytes: the id of the signing key. */
    readonly keyId: Uint8Array,
    readonly algorithm: typeof ED25519 | typeof ML_DSA_44,
    private readonly fits: (message: Uint8Array, signature: Uint8Array) => boolean,
  ) {}

  /**
   * Takes the public half of a signing key (sdk:crates/bitwarden-crypto/src/signing/signing_key.rs). A COSE_Key of
   * Ed25519 holds the private half alone, and node:crypto derives the public one. One of ML-DSA-44 holds the public
   * half and the seed.
   *
   * @param cose a COSE_Key; the caller wipes it.
   * @throws CoseFormatError for another structure, or an id or a key of another length; UnsupportedEncryptionError(7)
   * for an algorithm that we do not know.
   */
  static ofSigningKey(cose: SecretBytes): VerifyingKey {
    const { keyId, keyType, algorithm, numbers, strings } = readKey(cose);
    if (keyType === OKP && algorithm === ED25519) {
      checkCurve(numbers.get(CURVE));
      return VerifyingKey.#ed25519(keyId, publicKeyOf(strings.get(OKP_PRIVATE)));
    }
    if (keyType === AKP && algorithm === ML_DSA_44) {
      if (strings.get(AKP_SEED) === undefined) throw new CoseFormatError('seed');
      return VerifyingKey.#mlDsa44(keyId, strings.get(AKP_PUBLIC));
    }
    throw new UnsupportedEncryptionError(7);
  }

  /**
   * Reads a verifying key.
   *
   * @param cose a COSE_Key with a public key alone, as servers hand out those of other people.
   * @throws as ofSigningKey.
   */
  static fromCose(cose: SecretBytes): VerifyingKey {
    const { keyId, keyType, algorithm, numbers, strings } = readKey(cose);
    if (keyType === OKP && algorithm === ED25519) {
      checkCurve(numbers.get(CURVE));
      const bytes = strings.get(OKP_PUBLIC);
      if (bytes?.length !== ED25519_LENGTH) throw new CoseFormatError('public key');
      const der = concatPublic(SPKI_HEAD, bytes);
      return VerifyingKey.#ed25519(keyId, createPublicKey({ key: der, ...SPKI }));
    }
    if (keyType === AKP && algorithm === ML_DSA_44) return VerifyingKey.#mlDsa44(keyId, strings.get(AKP_PUBLIC));
    throw new UnsupportedEncryptionError(7);
  }

  /**
   * Verifies a signature: Ed25519 (RFC 8032) or ML-DSA-44 (FIPS 204).
   *
   * @param message what was signed, as COSE puts it together: see toBeSigned.
   * @param signature 64 bytes of Ed25519, 2,420 of ML-DSA-44.
   * @returns whether it fits; false also for a signature of another length.
   */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return this.fits(message, signature);
  }

  static #ed25519(keyId: Uint8Array, key: KeyObject): VerifyingKey {
    return new VerifyingKey(keyId, ED25519, (message, signature) => verify(null, message, key, signature));
  }

  static #mlDsa44(keyId: Uint8Array, bytes: SecretBytes | undefined): VerifyingKey {
    if (bytes?.length !== ML_DSA_44_KEY_LENGTH) throw new CoseFormatError('public key');
    const publicKey = copyPublic(bytes);
    return new VerifyingKey(
      keyId,
      ML_DSA_44,
      (message, signature) =>
        signature.length === ML_DSA_44_SIGNATURE_LENGTH && ml_dsa44.verify(signature, message, publicKey),
    );
  }
}

function checkCurve(curve: number | undefined): void {
  if (curve !== ED25519_CURVE) throw new UnsupportedEncryptionError(7);
}

function publicKeyOf(seed: SecretBytes | undefined): KeyObject {
  if (seed?.length !== ED25519_LENGTH) throw new CoseFormatError('private key');
  const der = concatSecrets(PKCS8_HEAD, seed);
  try {
    const key = overwritingCopies(der, () => createPrivateKey({ key: asBuffer(der), format: 'der', type: 'pkcs8' }));
    // As it is, a public key of node:crypto that is made from a private one holds that one, too.
    return createPublicKey({ key: createPublicKey(key).export(SPKI), ...SPKI });
  } finally {
    wipe(der);
  }
}

/** @returns `strings` as views of the input. */
function readKey(cose: SecretBytes) {
  const cbor = new CborReader(cose);
  const numbers = new Map<number, number>();
  const strings = new Map<number, SecretBytes>();
  const seen = new Set<number>();
  for (let left = cbor.map(); left > 0; left--) {
    const label = cbor.integer();
    if (seen.has(label)) throw new CoseFormatError('label that comes twice');
    seen.add(label);
    if (label === KEY.operations) cbor.skip();
    else if (label === KEY.type || label === KEY.algorithm || (label === CURVE && numbers.get(KEY.type) === OKP))
      numbers.set(label, cbor.integer());
    else strings.set(label, cbor.byteString());
  }
  cbor.end();
  const keyId = strings.get(KEY.id);
  if (keyId?.length !== ID_LENGTH) throw new CoseFormatError('key id');
  return {
    keyId: copyPublic(keyId),
    keyType: numbers.get(KEY.type),
    algorithm: numbers.get(KEY.algorithm),
    numbers,
    strings,
  };
}
