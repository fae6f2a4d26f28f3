import type { EncryptedVault } from '../bitwarden/wire/model';
import { parseSync } from '../bitwarden/wire/sync';
import { MalformedAnswerError } from '../bitwarden/errors';
import type { CachedVault, VaultCache } from './storage/cache';
import { LockedError, NoMasterPasswordError, NothingCachedError } from '../vault/errors';
import { Keyring } from '../vault/keyring';
import { OpenVault } from '../vault/openVault';
import type { Opened } from './sessionStore';
import type { Account } from './state';
import { type OpenedUserKey, openUserKey, type UserKeyRequest } from './userKey';

/** A cached vault whose user key has been opened. The user key and the hash are the caller's to wipe. */
export interface OpenedCache extends OpenedUserKey {
  readonly account: Account;
  readonly cached: CachedVault;
  readonly encrypted: Promise<EncryptedVault>;
}

/** Opens the cached vault, offline. */
export class Unlocker {
  constructor(private readonly cache: VaultCache) {}

  /**
   * Opens the user key of a cached vault with the master password.
   *
   * @throws NoMasterPasswordError, NothingCachedError for a damaged vault, and as openUserKey.
   */
  async openUserKey(
    account: Account,
    cached: CachedVault,
    request: Pick<UserKeyRequest, 'password' | 'isRight' | 'wantsPasswordHash' | 'signal'>,
  ): Promise<OpenedCache> {
    const { unlock } = cached;
    if (unlock === undefined) throw new NoMasterPasswordError('no master password');
    // The vault is read while another thread derives the master key.
    const encrypted = this.#parse(account, cached);
    // After a wrong password nobody waits for this: its failure must not count as unhandled.
    encrypted.catch(() => undefined);
    const privateKey = async () => (await encrypted).profile.privateKey;
    return { ...(await openUserKey({ ...request, unlock, privateKey })), account, cached, encrypted };
  }

  /**
   * @param userKey taken over: the keyring has it, or it is wiped.
   * @throws NothingCachedError for a damaged vault; LockedError when the signal fired.
   */
  async openVault({ userKey, encrypted, cached }: OpenedCache, signal: AbortSignal): Promise<Opened> {
    const keyring = new Keyring(userKey);
    try {
      const vault = await OpenVault.open(await encrypted, keyring);
      if (signal.aborted) throw new LockedError('given up');
      return { keyring, vault, cachedVaultId: cached.id };
    } catch (error) {
      keyring.wipe();
      throw error;
    }
  }

  /**
   * A file that is damaged, or of another account, would fail every time: it is removed, and the next attempt fetches
   * anew.
   */
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
