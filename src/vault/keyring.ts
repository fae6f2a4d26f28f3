import type { Cipher, Profile } from '../bitwarden/api/model';
import { decryptBytes } from '../bitwarden/crypto/encString';
import { type SymmetricKey, unwrapSymmetricKey } from '../bitwarden/crypto/keys';
import { importPrivateKey, unwrapOrganizationKey } from '../bitwarden/crypto/rsa';
import { LockedError, NotReadableError } from './errors';

/** The only holder of keys: the user key and, opened with it, the keys of the organisations. */
export class Keyring {
  readonly #userKey: SymmetricKey;
  readonly #organizationKeys = new Map<string, SymmetricKey>();
  #wiped = false;

  /** Takes over the user key. Organisation keys come with `openOrganizations`. */
  constructor(userKey: SymmetricKey) {
    this.#userKey = userKey;
  }

  /**
   * Opens the private key and with it the organisation keys. A key that does not open only costs what is encrypted
   * under it: accounts with a broken private key exist (sdk: account_cryptographic_state.rs).
   */
  openOrganizations(profile: Profile): void {
    this.assertOpen();
    for (const key of this.#organizationKeys.values()) key.wipe();
    this.#organizationKeys.clear();
    if (profile.privateKey === undefined) return;
    let pkcs8: Uint8Array | undefined;
    try {
      pkcs8 = decryptBytes(profile.privateKey, this.#userKey);
      const privateKey = importPrivateKey(pkcs8);
      for (const { id, key, enabled } of profile.organizations) {
        if (key === undefined || !enabled) continue;
        try {
          this.#organizationKeys.set(id, unwrapOrganizationKey(key, privateKey));
        } catch {
          continue;
        }
      }
    } catch {
      return;
    } finally {
      pkcs8?.fill(0);
    }
  }

  /** Key of folder names and personal items. */
  get userKey(): SymmetricKey {
    this.assertOpen();
    return this.#userKey;
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
    const outer = cipher.organizationId === undefined ? this.userKey : this.organizationKey(cipher.organizationId);
    if (outer === undefined) throw new NotReadableError('no key for the organisation of this item');
    if (cipher.key === undefined) return use(outer);
    const own = unwrapSymmetricKey(cipher.key, outer);
    try {
      return use(own);
    } finally {
      own.wipe();
    }
  }

  wipe(): void {
    this.#wiped = true;
    this.#userKey.wipe();
    for (const key of this.#organizationKeys.values()) key.wipe();
    this.#organizationKeys.clear();
  }

  /** @throws LockedError once the keys are wiped. */
  assertOpen(): void {
    if (this.#wiped) throw new LockedError('the vault is locked');
  }
}
