import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { copyPublic, NO_BYTES, publicBytes } from '../../../base/publicBytes';
import { concatSecrets, copySecret, type SecretBytes, takeSecret, wipe } from '../../../base/secretBytes';
import { CoseFormatError, UnsupportedEncryptionError } from '../../errors';
import type { AeadKey, OwnedAeadKey } from '../aead/aeadKey';
import { aes256Gcm, Aes256GcmKey } from '../aead/aes256Gcm';
import { xAes256Gcm, XAes256GcmKey } from '../aead/xAes256Gcm';
import { xChaCha20Poly1305, XChaCha20Poly1305Key } from '../aead/xChaCha20Poly1305';
import { encodeCbor } from './cbor';
import type { CoseEncryptionKey } from './encrypt0';
import { removePadding } from './padding';
import { CborReader } from './cborReader';
import { KEY } from './labels';

/** Labels and values of COSE_Key (RFC 9052, section 7; RFC 9053, section 6.1). */
const KEY_BYTES = -1;
const SYMMETRIC = 4;
const ENCRYPT = 3;
const DECRYPT = 4;
const WRAP = 5;
const UNWRAP = 6;
/** There are no more (RFC 9052, table 5). */
const MOST_OPERATIONS = 10;

const ID_LENGTH = 16;
const KEY_LENGTH = 32;

const KINDS = {
  aes256Gcm: { cose: aes256Gcm.cose, make: (bytes: Uint8Array) => new Aes256GcmKey(bytes) },
  xAes256Gcm: { cose: xAes256Gcm.cose, make: (bytes: Uint8Array) => new XAes256GcmKey(bytes) },
  xChaCha20Poly1305: { cose: xChaCha20Poly1305.cose, make: (bytes: Uint8Array) => new XChaCha20Poly1305Key(bytes) },
} as const;

/** By the algorithm: a key is for one alone. */
export type CoseKeyKind = keyof typeof KINDS;

/**
 * A symmetric key of accounts with V2 encryption. With its bytes it holds its algorithm, its id and what it may be used
 * for (sdk:crates/bitwarden-crypto/src/keys/symmetric_crypto_key.rs).
 */
export class CoseSymmetricKey implements CoseEncryptionKey {
  readonly keyIdOptional = false;
  #aead: OwnedAeadKey | undefined;
  readonly #bytes: SecretBytes;

  private constructor(
    readonly kind: CoseKeyKind,
    /** 16 bytes, not secret. */
    readonly keyId: Uint8Array,
    /** What the key may be used for, in the numbers of RFC 9052, section 7.1. */
    private readonly operations: readonly number[],
    /** Taken over: this key wipes them. */
    bytes: SecretBytes,
  ) {
    this.#bytes = bytes;
    this.#aead = KINDS[kind].make(bytes);
  }

  /**
   * A new key of 32 random bytes with a random id of 16 bytes, for all four operations.
   *
   * @returns the caller's to wipe.
   */
  static generate(kind: CoseKeyKind): CoseSymmetricKey {
    const bytes = takeSecret(randomBytes(KEY_LENGTH));
    return new CoseSymmetricKey(kind, randomBytes(ID_LENGTH), [ENCRYPT, DECRYPT, WRAP, UNWRAP], bytes);
  }

  /**
   * Reads a COSE_Key (RFC 9052, section 7).
   *
   * @param cose CBOR without padding; copied, the caller wipes it.
   * @returns the caller's to wipe.
   * @throws CoseFormatError for another structure, an id of other than 16 bytes and a key of other than 32;
   * UnsupportedEncryptionError(7) for a key of an algorithm that we do not know.
   */
  static fromCose(cose: SecretBytes): CoseSymmetricKey {
    const { algorithm, keyId, operations, bytes } = readKey(cose);
    for (const [kind, known] of Object.entries(KINDS)) {
      if (known.cose !== algorithm) continue;
      return new CoseSymmetricKey(kind as CoseKeyKind, keyId, operations, copySecret(bytes));
    }
    throw new UnsupportedEncryptionError(7);
  }

  /**
   * Reads a padded COSE_Key, see padKey.
   *
   * @param padded 65 bytes or more; copied, the caller wipes them.
   * @returns the caller's to wipe.
   * @throws DecryptionError for bad padding; and as fromCose.
   */
  static fromPadded(padded: SecretBytes): CoseSymmetricKey {
    return CoseSymmetricKey.fromCose(removePadding(padded));
  }

  /**
   * The bytes of the key, 32 of them: a view that wipe() clears.
   *
   * @throws Error once wiped.
   */
  get bytes(): SecretBytes {
    if (!this.#aead) throw new Error('this key has been wiped');
    return this.#bytes;
  }

  /**
   * The reverse of {@link fromCose}.
   *
   * @returns CBOR without padding, the caller's to wipe.
   * @throws Error once wiped.
   */
  toCose(): SecretBytes {
    if (!this.#aead) throw new Error('this key has been wiped');
    const head = new Map<number, number | Uint8Array | readonly number[]>([
      [KEY.type, SYMMETRIC],
      [KEY.id, this.keyId],
      [KEY.algorithm, KINDS[this.kind].cose],
      [KEY.operations, this.operations],
      [KEY_BYTES, NO_BYTES],
    ]);
    const withoutBytes = encodeCbor(head);
    // The key is the last value of the map. Here it is empty, which takes one byte.
    const front = withoutBytes.subarray(0, withoutBytes.length - 1);
    return concatSecrets(front, publicBytes(0x58, KEY_LENGTH), this.#bytes);
  }

  /** The key for its algorithm; wipe() wipes that, too. @throws Error once wiped. */
  get aead(): AeadKey {
    if (!this.#aead) throw new Error('this key has been wiped');
    return this.#aead;
  }

  /** The same key without the right to encrypt or to wrap, the caller's to wipe. This one is wiped. */
  forDecryptionOnly(): CoseSymmetricKey {
    const key = new CoseSymmetricKey(this.kind, this.keyId, [DECRYPT], copySecret(this.#bytes));
    this.wipe();
    return key;
  }

  /** Whether `encrypt` is among the operations that the key names. */
  get mayEncrypt(): boolean {
    return this.operations.includes(ENCRYPT);
  }

  /** Clears the bytes. Every later use throws an Error. */
  wipe(): void {
    wipe(this.#bytes);
    this.#aead?.wipe();
    this.#aead = undefined;
  }

  /** Shown by console and in messages of assertions, which would otherwise call the getters and print the key. */
  [inspect.custom](): string {
    return 'CoseSymmetricKey';
  }
}

/** @returns `bytes` as a view of the input; the id as a copy. */
function readKey(cose: SecretBytes) {
  const cbor = new CborReader(cose);
  const numbers = new Map<number, number>();
  const seen = new Set<number>();
  let keyId: Uint8Array | undefined;
  let operations: number[] = [];
  let bytes: SecretBytes | undefined;
  for (let left = cbor.map(); left > 0; left--) {
    const label = cbor.integer();
    if (seen.has(label)) throw new CoseFormatError('label that comes twice');
    seen.add(label);
    if (label === KEY.type || label === KEY.algorithm) numbers.set(label, cbor.integer());
    else if (label === KEY.id) keyId = copyPublic(cbor.byteString());
    else if (label === KEY.operations) operations = readOperations(cbor);
    else if (label === KEY_BYTES) bytes = cbor.byteString();
    else throw new CoseFormatError('label');
  }
  cbor.end();
  if (numbers.get(KEY.type) !== SYMMETRIC) throw new CoseFormatError('key type');
  if (keyId?.length !== ID_LENGTH) throw new CoseFormatError('key id');
  if (bytes?.length !== KEY_LENGTH) throw new CoseFormatError('key length');
  return { algorithm: numbers.get(KEY.algorithm), keyId, operations, bytes };
}

function readOperations(cbor: CborReader): number[] {
  const count = cbor.array();
  if (count > MOST_OPERATIONS) throw new CoseFormatError('operations');
  return Array.from({ length: count }, () => cbor.integer());
}
