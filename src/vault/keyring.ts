import type { SecretBytes } from '../base/secretBytes';
import type { Cipher, Profile } from '../bitwarden/wire/model';
import type { Aes256GcmKey } from '../bitwarden/crypto/aead/aes256Gcm';
import { deriveLocalKey, localDigest } from '../bitwarden/crypto/localKey';
import { encodeSymmetricKey, isSameKey, type SymmetricKey, takeSymmetricKey } from '../bitwarden/crypto/keys';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../bitwarden/crypto/keyWrapping';
import type { EncStringText } from '../bitwarden/crypto/encString';
import { unwrapManySymmetricKeys } from '../bitwarden/crypto/openMany';
import { type PrivateKey, unwrapOrganizationKey } from '../bitwarden/crypto/rsa';
import type { TimeSlices } from '../base/timeSlices';
import { openAccountKeys, type WrappedAccountKeys } from './accountKeys';
import { LockedError, NotReadableError } from './errors';

/**
 * Security version of an account from which all addresses have checksums (sdk:
 * crates/bitwarden-core/src/key_management/security_state.rs).
 */
const CHECKSUMS_SINCE = 2;

/**
 * Holds all keys of an open vault, and nothing else does: the user key, and the keys of the organisations. A key that is
 * derived or unwrapped for one use is wiped after it.
 */
export class Keyring {
  /**
   * The user key that the master password has opened. It may be the one of V1 encryption, from before the account was
   * upgraded to V2.
   */
  readonly #unlockedWith: SymmetricKey;
  #userKey: SymmetricKey;
  #organizationKeys = new Map<string, SymmetricKey>();
  #securityVersion = 1;
  #wiped = false;
  #timesOpened = 0;

  /** @param userKey taken over: this keyring wipes it. The other keys are opened by `openAccount`. */
  constructor(userKey: SymmetricKey) {
    this.#unlockedWith = userKey;
    this.#userKey = userKey;
  }

  /**
   * Opens the keys of an account and, with its private key, those of the organisations. Each of these takes some 3 ms,
   * so it is done in slices. If a key does not open, only what is encrypted under it cannot be read. Until all are
   * opened the keys of before are used.
   *
   * @throws LockedError, and as openAccountKeys.
   */
  async openAccount(wrapped: WrappedAccountKeys, slices: TimeSlices): Promise<void> {
    this.assertOpen();
    const { upgradedUserKey, privateKey, securityVersion } = openAccountKeys(this.#userKey, wrapped);
    const organizationKeys = await this.#openOrganizations(wrapped.profile, privateKey, slices);
    if (this.#wiped) {
      upgradedUserKey?.wipe();
      for (const key of organizationKeys.values()) key.wipe();
    }
    this.assertOpen();
    this.#timesOpened++;
    for (const key of this.#organizationKeys.values()) key.wipe();
    this.#organizationKeys = organizationKeys;
    this.#securityVersion = securityVersion;
    if (upgradedUserKey === undefined) return;
    if (this.#userKey !== this.#unlockedWith) this.#userKey.wipe();
    this.#userKey = upgradedUserKey;
  }

  async #openOrganizations(
    { organizations }: Profile,
    privateKey: PrivateKey | undefined,
    slices: TimeSlices,
  ): Promise<Map<string, SymmetricKey>> {
    const opened = new Map<string, SymmetricKey>();
    if (privateKey === undefined) return opened;
    for (const { id, key, enabled } of organizations) {
      if (key === undefined || !enabled || opened.has(id)) continue;
      await slices.next();
      if (this.#wiped) break;
      try {
        opened.set(id, unwrapOrganizationKey(key, privateKey));
      } catch {
        continue;
      }
    }
    return opened;
  }

  /**
   * Whether an address of the item is believed only with a checksum that fits: in an item with a key of its own, and in
   * accounts of a security version that asks for it (sdk: crates/bitwarden-vault/src/cipher/cipher.rs).
   */
  needsChecksums(cipher: Cipher): boolean {
    return cipher.key !== undefined || this.#securityVersion >= CHECKSUMS_SINCE;
  }

  /**
   * How many times openAccount has succeeded. Where the number has changed, the keys may be others, and so may be which
   * addresses are believed.
   */
  get timesOpened(): number {
    return this.#timesOpened;
  }

  /**
   * The key that the master password has opened, under another one.
   *
   * @param wrappingKey stays the caller's to wipe.
   * @returns an encrypted string.
   * @throws LockedError
   */
  wrapUserKey(wrappingKey: SymmetricKey): EncStringText {
    this.assertOpen();
    return wrapSymmetricKey(this.#unlockedWith, wrappingKey);
  }

  /** The key of folder names and of personal items; stays this keyring's to wipe. @throws LockedError */
  get userKey(): SymmetricKey {
    this.assertOpen();
    return this.#userKey;
  }

  /**
   * A key for what this machine keeps of the open vault: see deriveLocalKey. Each security version has another one,
   * because what was kept under one may hold addresses that are not believed under another.
   *
   * @param purpose what is kept, in words.
   * @param salt 32 random bytes.
   * @returns the caller's to wipe.
   * @throws LockedError
   */
  deriveKey(purpose: string, salt: Uint8Array): Aes256GcmKey {
    return deriveLocalKey(this.userKey, salt, `${purpose}, security version ${this.#securityVersion}`);
  }

  /** A name for something of this vault, the same after each unlock: see localDigest. @throws LockedError */
  digest(purpose: string, text: string): string {
    return localDigest(this.userKey, purpose, text);
  }

  /**
   * Whether the key is the user key of this vault: the one that the master password has opened, or the one that the
   * account was upgraded to. Compared in constant time.
   *
   * @throws LockedError
   */
  isUserKey(key: SymmetricKey): boolean {
    this.assertOpen();
    const isOne = [this.#unlockedWith, this.#userKey].map((known) => isSameKey(known, key));
    return isOne.includes(true);
  }

  /**
   * The user key that has opened this vault, as it is encoded.
   *
   * @returns a copy, the caller's to wipe.
   * @throws LockedError
   */
  copyUnlockKey(): SecretBytes {
    this.assertOpen();
    return encodeSymmetricKey(this.#unlockedWith);
  }

  /**
   * The key of the organisation's collections and items; stays this keyring's to wipe.
   *
   * @returns undefined: it could not be opened.
   * @throws LockedError
   */
  organizationKey(organizationId: string): SymmetricKey | undefined {
    this.assertOpen();
    return this.#organizationKeys.get(organizationId);
  }

  /**
   * Runs `use` with the key under which the fields of the item are encrypted: its own, else the organisation's, else
   * the user's. A per-cipher key is wiped afterwards.
   *
   * @throws LockedError; NotReadableError when the organisation's key is missing; as unwrapSymmetricKey; what `use`
   * throws.
   */
  withCipherKey<T>(cipher: Cipher, use: (key: SymmetricKey) => T): T {
    const outer = this.#outerKey(cipher);
    if (outer === undefined) throw new NotReadableError('no key for the organisation of this item');
    if (cipher.key === undefined) return use(outer);
    const own = unwrapSymmetricKey(cipher.key, outer);
    try {
      return use(own);
    } finally {
      own.wipe();
    }
  }

  /**
   * As withCipherKey, for many at once and in a fraction of the time.
   *
   * @param use gets the keys in the order of the ciphers; undefined where withCipherKey throws.
   * @throws LockedError, and what `use` throws.
   */
  withCipherKeys<T>(ciphers: readonly Cipher[], use: (keys: readonly (SymmetricKey | undefined)[]) => T): T {
    const outerKeys = ciphers.map((cipher) => this.#outerKey(cipher));
    const wrapped = new Map<SymmetricKey, EncStringText[]>();
    for (const [at, { key }] of ciphers.entries()) {
      const outer = outerKeys[at];
      if (outer === undefined || key === undefined) continue;
      const beside = wrapped.get(outer);
      if (beside) beside.push(key);
      else wrapped.set(outer, [key]);
    }
    const own = new Map<SymmetricKey, Map<EncStringText, SymmetricKey>>();
    try {
      for (const [outer, keys] of wrapped) own.set(outer, unwrapManySymmetricKeys(keys, outer));
      const keyOf = ({ key }: Cipher, outer: SymmetricKey | undefined) =>
        outer === undefined || key === undefined ? outer : own.get(outer)?.get(key);
      return use(ciphers.map((cipher, at) => keyOf(cipher, outerKeys[at])));
    } finally {
      for (const keys of own.values()) for (const key of keys.values()) key.wipe();
    }
  }

  /**
   * The key of the item's owner, under which its own key is, if it has one: the user's or the organisation's.
   *
   * @returns a copy, the caller's to wipe.
   * @throws LockedError; NotReadableError when the organisation's key is missing.
   */
  copyOuterKey(cipher: Cipher): SymmetricKey {
    const outer = this.#outerKey(cipher);
    if (outer === undefined) throw new NotReadableError('no key for the organisation of this item');
    return takeSymmetricKey(encodeSymmetricKey(outer));
  }

  #outerKey({ organizationId }: Cipher): SymmetricKey | undefined {
    return organizationId === undefined ? this.userKey : this.organizationKey(organizationId);
  }

  /** Wipes all keys, for good. From then on whoever asks for one gets a LockedError. */
  wipe(): void {
    this.#wiped = true;
    this.#unlockedWith.wipe();
    this.#userKey.wipe();
    for (const key of this.#organizationKeys.values()) key.wipe();
    this.#organizationKeys.clear();
  }

  /** @throws LockedError once the keys are wiped. */
  assertOpen(): void {
    if (this.#wiped) throw new LockedError('the vault is locked');
  }
}
