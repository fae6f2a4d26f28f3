import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { DecryptionError, UnsupportedEncryptionError } from '../errors';
import { decryptAesCbc } from './aes';
import { decryptBytes, type EncStringText, parseEncString } from './encString';

const HALF = 32;
const KEY_LENGTH = 2 * HALF;

/** A user key, organisation key, per-cipher key or stretched master key: 32 bytes to encrypt, 32 bytes to MAC. */
export class SymmetricKey {
  #bytes: Uint8Array | undefined;
  #encryptionKeyObject: KeyObject | undefined;
  #macKeyObject: KeyObject | undefined;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * Copies 64 bytes; the caller wipes its own.
   *
   * @throws DecryptionError for any other length.
   */
  static fromBytes(bytes: Uint8Array): SymmetricKey {
    if (bytes.length !== KEY_LENGTH) throw new DecryptionError(`key of ${bytes.length} bytes`);
    return new SymmetricKey(Uint8Array.from(bytes));
  }

  /** 32 bytes; a view that wipe() clears. */
  get encryptionKey(): Uint8Array {
    return this.bytes.subarray(0, HALF);
  }

  /** 32 bytes; a view that wipe() clears. */
  get macKey(): Uint8Array {
    return this.bytes.subarray(HALF);
  }

  /** All 64 bytes; a view that wipe() clears. */
  get bytes(): Uint8Array {
    if (!this.#bytes) throw new Error('this key has been wiped');
    return this.#bytes;
  }

  /** The encryption key as node:crypto likes it best: five times faster per string than bytes. */
  get encryptionKeyObject(): KeyObject {
    return (this.#encryptionKeyObject ??= createSecretKey(this.encryptionKey));
  }

  get macKeyObject(): KeyObject {
    return (this.#macKeyObject ??= createSecretKey(this.macKey));
  }

  /** Clears the bytes; every later use throws. Node clears its own copies when they are garbage-collected. */
  wipe(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
    this.#encryptionKeyObject = undefined;
    this.#macKeyObject = undefined;
  }

  /** Keeps console and assertion messages from calling the getters. */
  [inspect.custom](): string {
    return 'SymmetricKey';
  }
}

/**
 * HKDF-Expand with SHA-256 (RFC 5869, section 2.3; no Extract) of the master key, once with the info "enc", once with
 * "mac" (sdk:crates/bitwarden-crypto/src/keys/utils.rs).
 *
 * @param masterKey 32 bytes.
 */
export function stretchMasterKey(masterKey: Uint8Array): SymmetricKey {
  checkMasterKey(masterKey);
  const halves = [expand(masterKey, 'enc'), expand(masterKey, 'mac')];
  const key = takeKey(Buffer.concat(halves));
  for (const half of halves) half.fill(0);
  return key;
}

/** One round of HKDF-Expand gives 32 bytes, all that is needed. */
function expand(masterKey: Uint8Array, info: string): Buffer {
  return createHmac('sha256', masterKey).update(info).update(Uint8Array.of(1)).digest();
}

/**
 * Opens the user key under the master key (sdk:crates/bitwarden-crypto/src/keys/master_key.rs).
 *
 * Type 2: the MAC proves the master password. Type 0 (very old accounts): there is no MAC, and one wrong password in
 * some hundreds passes the check of padding and length; the caller must prove the key by opening the account's private
 * key with it (type 2, with a MAC) before believing it.
 *
 * @param masterKey 32 bytes.
 * @throws MacMismatchError for a wrong master password (type 2); DecryptionError for a wrong master password (type 0)
 * or a key of a length that does not exist; UnsupportedEncryptionError for other types, 7 also for a COSE key inside;
 * EncStringFormatError.
 */
export function unwrapUserKey(wrapped: EncStringText, masterKey: Uint8Array): SymmetricKey {
  checkMasterKey(masterKey);
  const parsed = parseEncString(wrapped);
  if (parsed.type === 0) return takeKey(decryptAesCbc(createSecretKey(masterKey), parsed.iv, parsed.ciphertext));
  const stretched = stretchMasterKey(masterKey);
  try {
    return unwrapSymmetricKey(wrapped, stretched);
  } finally {
    stretched.wipe();
  }
}

/**
 * Opens a key under another one: a per-cipher key under the user or organisation key.
 *
 * @throws as decryptBytes; UnsupportedEncryptionError(7) for a COSE key, which is padded to more than 64 bytes.
 */
export function unwrapSymmetricKey(wrapped: EncStringText, key: SymmetricKey): SymmetricKey {
  const bytes = decryptBytes(wrapped, key);
  if (bytes.length <= KEY_LENGTH) return takeKey(bytes);
  bytes.fill(0);
  throw new UnsupportedEncryptionError(7);
}

function checkMasterKey(masterKey: Uint8Array): void {
  if (masterKey.length !== HALF) throw new RangeError(`master key of ${masterKey.length} bytes`);
}

/** Makes a key of the bytes and wipes them, whatever happens. */
function takeKey(bytes: Uint8Array): SymmetricKey {
  try {
    return SymmetricKey.fromBytes(bytes);
  } finally {
    bytes.fill(0);
  }
}
