import { isDeepStrictEqual } from 'node:util';
import { type SecretBytes, wipe } from '../base/secretBytes';
import type { MasterPasswordUnlock } from '../bitwarden/wire/model';
import { isUsualKdf, type KdfConfig } from '../bitwarden/crypto/kdf';
import { kdfSeconds } from '../bitwarden/crypto/kdfTime';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import type { VaultCache, VaultFile } from './storage/cache';
import { AskAgainError, LockedError, NothingCachedError, SessionDroppedError, SlowKdfError } from '../vault/errors';
import { MasterPasswordProof } from '../vault/masterPasswordProof';
import type { PasswordHash } from './passwordHash';
import type { SessionStore } from './sessionStore';
import { type Account, type Facts, mustSignInAgain } from './state';
import type { Syncs } from './sync/syncs';
import { type OpenedCache, Unlocker } from './unlocker';

interface OpenRequest {
  /** Whether a request to the server that needs the hash follows at once. */
  readonly wantsHash: (facts: Facts) => boolean;
  /** Fires at a lock, and when the user gives up. */
  readonly ended: AbortSignal;
  readonly file: (account: Account) => Promise<VaultFile | undefined>;
}

/**
 * Everything that is done with the master password. Each method takes it as UTF-8 and owns it from then on: it is wiped
 * as soon as the user key is open or the attempt has failed, and at once when the vault locks or the user gives up.
 *
 * A password is right if it opens the user key. While the vault is unlocked, that key has to be equal to the one in
 * memory: otherwise whoever can change the file of the cached vault, or the server, could put another key in its place,
 * with a password of their own.
 */
export class MasterPassword {
  /** The latest key settings beyond the usual of which the user was told how long they take. */
  #told: KdfConfig | undefined;
  readonly #unlocker: Unlocker;

  constructor(
    private readonly store: SessionStore,
    private readonly cache: VaultCache,
    private readonly syncs: Syncs,
  ) {
    this.#unlocker = new Unlocker(cache);
  }

  /**
   * For the prompt that asks for the master password, which tells the user.
   *
   * @returns about how many seconds it will take; undefined when it is nothing unusual, or not known yet.
   */
  async expectedSeconds(): Promise<number | undefined> {
    const header = await this.cache.header(this.store.signedIn().account.id);
    const slow = header?.unlock && (await this.#untold(header.unlock.kdf));
    return slow?.seconds;
  }

  /**
   * Unlocks the vault. One that is not cached yet is fetched first; the password is held until then.
   *
   * @returns the account, and the hash if the server has to be asked how a rotation has ended, which follows at once;
   * the hash is the caller's to wipe.
   * @throws WrongMasterPasswordError; SessionDroppedError; SlowKdfError once, before anything is computed, unless the
   * user was told by expectedSeconds; NothingCachedError when there is no vault and none can be fetched;
   * NoMasterPasswordError; LockedError when it was locked meanwhile; and as openUserKey.
   */
  async unlock(
    password: SecretBytes,
    signal?: AbortSignal,
  ): Promise<{ readonly account: Account; readonly passwordHash: PasswordHash | undefined }> {
    const ended = this.#untilLockOr(signal);
    const wantsHash = ({ rotationUnfinished }: Facts) => rotationUnfinished;
    const file = async (account: Account) => (await this.cache.file(account.id)) ?? this.#fetch(account);
    const opened = await this.#open(password, { ended, wantsHash, file });
    try {
      const unlocked = await this.#unlocker.openVault(opened, ended);
      if (ended.aborted) {
        unlocked.keyring.wipe();
        throw new LockedError('locked meanwhile');
      }
      this.store.unlock(unlocked);
      return opened;
    } catch (error) {
      opened.passwordHash?.wipe();
      throw error;
    }
  }

  /**
   * For items that ask for the master password again.
   *
   * @throws LockedError; and as hash.
   */
  async prove(password: SecretBytes): Promise<MasterPasswordProof> {
    const { opened, untilLock } = this.store;
    const { userKey } = await this.#openCached(password, false);
    userKey.wipe();
    if (opened === undefined || untilLock.aborted) throw new LockedError('locked');
    return new MasterPasswordProof(opened.keyring);
  }

  /**
   * The hash by which the server knows the master password, once the password has proved right.
   *
   * @returns the hash, the caller's to wipe, and the account and settings that it was made with.
   * @throws AskAgainError when the vault had to be fetched first: nobody holds the password while waiting for a server;
   * and as unlock.
   */
  async hash(password: SecretBytes): Promise<{
    readonly account: Account;
    readonly passwordHash: PasswordHash;
    readonly unlock: MasterPasswordUnlock | undefined;
  }> {
    const { account, userKey, passwordHash, file } = await this.#openCached(password, true);
    userKey.wipe();
    if (passwordHash === undefined) throw new TypeError('no hash was made');
    return { account, passwordHash, unlock: file.header.unlock };
  }

  async #openCached(password: SecretBytes, wantsHash: boolean): Promise<OpenedCache> {
    const file = (account: Account) => this.cache.file(account.id);
    try {
      return await this.#open(password, { ended: this.#untilLockOr(), wantsHash: () => wantsHash, file });
    } catch (error) {
      if (!(error instanceof NothingCachedError)) throw error;
      await this.#fetch(this.store.signedIn().account);
      throw new AskAgainError('the vault had to be fetched', { cause: error });
    }
  }

  /** The one path from a master password to what it opens, and the one place where it is wiped. */
  async #open(password: SecretBytes, { ended, wantsHash, file }: OpenRequest): Promise<OpenedCache> {
    const { untilLock } = this.store;
    const wipeNow = (): void => wipe(password);
    ended.addEventListener('abort', wipeNow);
    try {
      const { account, facts } = this.store.signedIn();
      const { dropped } = facts;
      // The master password may have been changed because this one leaked.
      if (mustSignInAgain(dropped)) throw new SessionDroppedError(dropped);
      const vault = await file(account);
      if (vault === undefined) throw new NothingCachedError('nothing cached');
      const { unlock } = vault.header;
      const slow = unlock && (await this.#untold(unlock.kdf));
      if (slow !== undefined) throw slow;
      const isRight = (key: SymmetricKey): boolean => this.store.opened?.keyring.isUserKey(key) ?? true;
      return await this.#unlocker.openUserKey(account, vault, {
        ...{ password, isRight, wantsPasswordHash: wantsHash(facts) },
        signal: ended,
      });
    } catch (error) {
      if (untilLock.aborted) throw new LockedError('locked meanwhile', { cause: error });
      throw error;
    } finally {
      ended.removeEventListener('abort', wipeNow);
      wipe(password);
    }
  }

  /**
   * The error that tells the user how long these key settings take, the first time that they are met: without it a
   * hostile server could keep the machine busy unnoticed.
   */
  async #untold(kdf: KdfConfig): Promise<SlowKdfError | undefined> {
    if (isUsualKdf(kdf) || isDeepStrictEqual(kdf, this.#told)) return undefined;
    const slow = new SlowKdfError(await kdfSeconds(kdf));
    this.#told = kdf;
    return slow;
  }

  #untilLockOr(signal?: AbortSignal): AbortSignal {
    const { untilLock } = this.store;
    return signal === undefined ? untilLock : AbortSignal.any([untilLock, signal]);
  }

  async #fetch(account: Account): Promise<VaultFile> {
    await this.syncs.ended();
    const arrived = await this.cache.file(account.id);
    if (arrived !== undefined) return arrived;
    try {
      await this.syncs.shared(account, { force: true });
    } catch (error) {
      throw new NothingCachedError('nothing cached', { cause: error });
    }
    const fetched = await this.cache.file(account.id);
    if (fetched === undefined) throw new NothingCachedError('nothing cached');
    return fetched;
  }
}
