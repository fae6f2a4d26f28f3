import { type SecretBytes, wipe } from '../base/secretBytes';
import type { Cipher, Profile } from '../bitwarden/api/model';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { unwrapSymmetricKey } from '../bitwarden/crypto/keyWrapping';
import { openBytes } from '../bitwarden/crypto/open';
import { importPrivateKey, type PrivateKey, unwrapOrganizationKey } from '../bitwarden/crypto/rsa';
import type { TimeSlices } from '../bitwarden/timeSlices';
import { LockedError, NotReadableError } from './errors';

/** The only holder of keys: the user key and, opened with it, the keys of the organisations. */
export class Keyring {
  readonly #userKey: SymmetricKey;
  #organizationKeys = new Map<string, SymmetricKey>();
  #wiped = false;

  /** Takes over the user key. Organisation keys come with `openOrganizations`. */
  constructor(userKey: SymmetricKey) {
    this.#userKey = userKey;
  }

  /**
   * Opens the private key and with it the organisation keys, in slices of a few milliseconds: one key takes a third of
   * one. A key that does not open only costs what is encrypted under it: accounts with a broken private key exist (sdk:
   * account_cryptographic_state.rs). Until all are there, the keys from before are in use.
   *
   * @throws LockedError
   */
  async openOrganizations(profile: Profile, slices: TimeSlices): Promise<void> {
    this.assertOpen();
    const opened = new Map<string, SymmetricKey>();
    const privateKey = this.#privateKey(profile);
    if (privateKey) {
      for (const { id, key, enabled } of profile.organizations) {
        if (key === undefined || !enabled || opened.has(id)) continue;
        await slices.next();
        if (this.#wiped) break;
        try {
          opened.set(id, unwrapOrganizationKey(key, privateKey));
        } catch {
          continue;
        }
      }
    }
    const outdated = this.#wiped ? opened : this.#organizationKeys;
    if (!this.#wiped) this.#organizationKeys = opened;
    for (const key of outdated.values()) key.wipe();
    this.assertOpen();
  }

  #privateKey({ privateKey }: Profile): PrivateKey | undefined {
    if (privateKey === undefined) return undefined;
    let pkcs8: SecretBytes | undefined;
    try {
      pkcs8 = openBytes(privateKey, this.#userKey);
      return importPrivateKey(pkcs8);
    } catch {
      return undefined;
    } finally {
      wipe(pkcs8);
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
