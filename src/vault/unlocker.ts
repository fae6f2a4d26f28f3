import type { SecretBytes } from '../base/secretBytes';
import type { EncryptedVault } from '../bitwarden/api/model';
import { parseSync } from '../bitwarden/api/sync';
import { MalformedAnswerError } from '../bitwarden/errors';
import type { CachedVault, VaultCache } from './cache';
import { LockedError, NoMasterPasswordError, NothingCachedError } from './errors';
import { Keyring } from './keyring';
import { openUserKey } from './masterPassword';
import { OpenVault } from './openVault';
import type { Opened } from './sessionStore';
import type { Account } from './state';

/** The keyring is the caller's to wipe. */
export interface Unlocked extends Opened {
  /** base64; what the server takes for the master password. */
  readonly masterPasswordHash: string;
}

/**
 * Opens the cached vault with the master password, offline. All methods take the password as UTF-8, which the caller
 * wipes, and throw NothingCachedError for a damaged vault, NoMasterPasswordError, and as openUserKey.
 */
export class Unlocker {
  constructor(private readonly cache: VaultCache) {}

  async unlock(account: Account, cached: CachedVault, password: SecretBytes, signal?: AbortSignal): Promise<Unlocked> {
    const { unlock } = cached;
    if (unlock === undefined) throw new NoMasterPasswordError('no master password');
    // The vault is read while another thread derives the master key.
    const reading = this.#parse(account, cached);
    // A wrong password leaves this behind with nobody waiting for it.
    reading.catch(() => undefined);
    const opened = await openUserKey(unlock, password, async () => (await reading).profile.privateKey, signal);
    const keyring = new Keyring(opened.userKey);
    try {
      const vault = await OpenVault.open(await reading, keyring);
      if (signal?.aborted) throw new LockedError('given up');
      return { keyring, vault, cachedVaultId: cached.id, masterPasswordHash: opened.masterPasswordHash };
    } catch (error) {
      keyring.wipe();
      throw error;
    }
  }

  /** @returns base64; what the server takes for the master password. */
  async masterPasswordHash(account: Account, cached: CachedVault, password: SecretBytes): Promise<string> {
    const { unlock } = cached;
    if (unlock === undefined) throw new NoMasterPasswordError('no master password');
    const privateKey = async () => (await this.#parse(account, cached)).profile.privateKey;
    const opened = await openUserKey(unlock, password, privateKey);
    opened.userKey.wipe();
    return opened.masterPasswordHash;
  }

  /** A file that is damaged, or another account's, would fail for good: it goes, and the next attempt fetches. */
  async #parse({ id, userId, servers }: Account, cached: CachedVault): Promise<EncryptedVault> {
    const { host } = new URL(servers.api);
    try {
      const vault = await parseSync(cached.body, host);
      if (vault.profile.id.toLowerCase() !== userId) throw new MalformedAnswerError(host, 'the vault of this account');
      return vault;
    } catch (error) {
      await this.cache.discard(id, cached);
      throw new NothingCachedError('the cached vault is damaged', { cause: error });
    }
  }
}
