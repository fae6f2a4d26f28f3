import { apiHost } from '../bitwarden/http/servers';
import { MalformedAnswerError } from '../bitwarden/errors';
import type { VaultCache, VaultFile } from './storage/cache';
import type { CachedVault } from './storage/vaultLines';
import { LockedError, NoMasterPasswordError, NothingCachedError } from '../vault/errors';
import { EncryptedVault } from '../vault/encryptedVault';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { Keyring } from '../vault/keyring';
import { OpenVault } from '../vault/openVault';
import type { Opened } from './sessionStore';
import type { Account } from './state';
import { type OpenedUserKey, openUserKey, type UserKeyRequest } from './userKey';

interface ReadVault {
  readonly cached: CachedVault;
  readonly encrypted: EncryptedVault;
}

/** A cached vault whose user key has been opened. The user key and the hash are the caller's to wipe. */
export interface OpenedCache extends OpenedUserKey {
  readonly account: Account;
  readonly file: VaultFile;
  readonly read: Promise<ReadVault>;
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
    file: VaultFile,
    request: Pick<UserKeyRequest, 'password' | 'isRight' | 'wantsPasswordHash' | 'signal'>,
  ): Promise<OpenedCache> {
    const { unlock } = file.header;
    if (unlock === undefined) throw new NoMasterPasswordError('no master password');
    // The vault is read while another thread derives the master key.
    const read = this.#read(account, file);
    // After a wrong password nobody waits for this: its failure must not count as unhandled.
    read.catch(() => undefined);
    const privateKey = async () => (await read).encrypted.profile.privateKey;
    return { ...(await openUserKey({ ...request, unlock, privateKey })), account, file, read };
  }

  /** As openUserKey, with a user key that was opened already. @param userKey the caller's to wipe until openVault. */
  withUserKey(account: Account, file: VaultFile, userKey: SymmetricKey): OpenedCache {
    return { account, file, userKey, passwordHash: undefined, read: this.#read(account, file) };
  }

  /**
   * @param userKey taken over: the keyring has it, or it is wiped.
   * @throws NothingCachedError for a damaged vault; LockedError when the signal fired.
   */
  async openVault({ account, userKey, read }: OpenedCache, signal: AbortSignal): Promise<Opened> {
    const keyring = new Keyring(userKey);
    const checkNotLocked = () => {
      if (signal.aborted) throw new LockedError('given up');
    };
    // A disk can take its time, and a lock must not wait for it.
    const wipe = () => keyring.wipe();
    signal.addEventListener('abort', wipe);
    try {
      checkNotLocked();
      const { cached, encrypted } = await read;
      const vault = await OpenVault.open(encrypted, keyring, { list: await this.cache.list(account.id) });
      checkNotLocked();
      return { keyring, vault, cached };
    } catch (error) {
      keyring.wipe();
      throw error;
    } finally {
      signal.removeEventListener('abort', wipe);
    }
  }

  /**
   * A file that is damaged, or of another account, would fail every time: it is removed, and the next attempt fetches
   * anew.
   */
  async #read({ id, userId, servers }: Account, file: VaultFile): Promise<ReadVault> {
    const host = apiHost(servers);
    try {
      const cached = await file.read();
      const encrypted = await EncryptedVault.of(cached.elements, host);
      const ownerId = encrypted.profile.id.toLowerCase();
      if (ownerId !== userId) throw new MalformedAnswerError(host, 'the vault of this account');
      return { cached, encrypted };
    } catch (error) {
      await this.cache.discard(id, file.header.id);
      throw new NothingCachedError('the cached vault is damaged', { cause: error });
    }
  }
}
