import type { Cipher, Profile } from '../bitwarden/wire/model';
import { isSameKey, type SymmetricKey } from '../bitwarden/crypto/keys';
import { unwrapSymmetricKey } from '../bitwarden/crypto/keyWrapping';
import type { EncStringText } from '../bitwarden/crypto/encString';
import { unwrapManySymmetricKeys } from '../bitwarden/crypto/openMany';
import { type PrivateKey, unwrapOrganizationKey } from '../bitwarden/crypto/rsa';
import type { TimeSlices } from '../base/timeSlices';
import { openAccountKeys, type WrappedAccountKeys } from './accountKeys';
import { LockedError, NotReadableError } from './errors';

/** Security version of an account from which all addresses have checksums (sdk: security_state.rs). */
const CHECKSUMS_SINCE = 2;

/** The only holder of keys: the user key and, opened with it, the keys of the organisations. */
export class Keyring {
  /** What the master password opens: the user key, or the one from before the account was upgraded to V2. */
  readonly #unlockedWith: SymmetricKey;
  #userKey: SymmetricKey;
  #organizationKeys = new Map<string, SymmetricKey>();
  #securityVersion = 1;
  #wiped = false;

  /** Takes over the user key. All else comes with `openAccount`. */
  constructor(userKey: SymmetricKey) {
    this.#unlockedWith = userKey;
    this.#userKey = userKey;
  }

  /**
   * Opens the keys of an account and with its private key those of the organisations, in slices of a few milliseconds:
   * one takes a third of one. A key that does not open only costs what is encrypted under it. Until all are there, the
   * keys from before are in use.
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

  /** Whether an address is to be believed only with a checksum that fits: as official clients do (sdk: cipher.rs). */
  needsChecksums(cipher: Cipher): boolean {
    return cipher.key !== undefined || this.#securityVersion >= CHECKSUMS_SINCE;
  }

  /** Key of folder names and personal items. */
  get userKey(): SymmetricKey {
    this.assertOpen();
    return this.#userKey;
  }

  /**
   * Whether it is a user key of this vault: that which the master password opened, or what the account was upgraded to,
   * which it may open by now. How long that takes to tell says nothing of the keys.
   */
  isUserKey(key: SymmetricKey): boolean {
    this.assertOpen();
    const isOne = [this.#unlockedWith, this.#userKey].map((known) => isSameKey(known, key));
    return isOne.includes(true);
  }

  /** Key of the organisation's collections and items; undefined when it could not be opened. */
  organizationKey(organizationId: string): SymmetricKey | undefined {
    this.assertOpen();
    return this.#organizationKeys.get(organizationId);
  }

  /**
   * Runs `use` with the key under which the fields of the item are encrypted: its own, else the organisation's, else
   * the user's. A per-cipher key is wiped afterwards.
   *
   * @throws NotReadableError when the organisation's key is missing, and as unwrapSymmetricKey.
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

  #outerKey({ organizationId }: Cipher): SymmetricKey | undefined {
    return organizationId === undefined ? this.userKey : this.organizationKey(organizationId);
  }

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
