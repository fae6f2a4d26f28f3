import { isDeepStrictEqual } from 'node:util';
import { type SecretBytes, wipe } from '../base/secretBytes';
import type { MasterPasswordUnlock } from '../bitwarden/wire/model';
import { isUsualKdf, type KdfConfig } from '../bitwarden/crypto/kdf';
import { kdfSeconds } from '../bitwarden/crypto/kdfTime';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import type { VaultCache } from './storage/cache';
import { AskAgainError, LockedError, NothingCachedError, SessionDroppedError, SlowKdfError } from '../vault/errors';
import { MasterPasswordProof } from '../vault/masterPasswordProof';
import type { PasswordHash } from './passwordHash';
import type { SessionStore } from './sessionStore';
import { type Account, type Facts, mustSignInAgain } from './state';
import type { Syncs } from './sync/syncs';
import type { OpenedCache, Unlocker } from './unlocker';

interface OpenRequest {
  /** Whether a request to the server that needs the hash follows at once. */
  readonly wantsHash: (facts: Facts) => boolean;
  /** Fires at a lock, and when the user gives up. */
  readonly ended: AbortSignal;
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

  constructor(
    private readonly store: SessionStore,
    private readonly cache: VaultCache,
    private readonly syncs: Syncs,
    private readonly unlocker: Unlocker,
  ) {}

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
   * Unlocks the vault.
   *
   * @returns the account, and the hash if the server has to be asked how a rotation has ended, which follows at once;
   * the hash is the caller's to wipe.
   * @throws WrongMasterPasswordError; SessionDroppedError; SlowKdfError once, before anything is computed, unless the
   * user was told by expectedSeconds; AskAgainError when the vault had to be fetched first: nobody holds the password
   * while waiting for a server; NothingCachedError when there is no vault and none can be fetched;
   * NoMasterPasswordError; LockedError when it was locked meanwhile; and as openUserKey.
   */
  async unlock(
    password: SecretBytes,
    signal?: AbortSignal,
  ): Promise<{ readonly account: Account; readonly passwordHash: PasswordHash | undefined }> {
    const { untilLock } = this.store;
    const ended = signal === undefined ? untilLock : AbortSignal.any([untilLock, signal]);
    const wantsHash = ({ rotationUnfinished }: Facts) => rotationUnfinished;
    const opened = await this.#openCached(password, { ended, wantsHash });
    try {
      const unlocked = await this.unlocker.openVault(opened, ended);
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
   * @throws LockedError; and as unlock.
   */
  async prove(password: SecretBytes): Promise<MasterPasswordProof> {
    const { opened, untilLock } = this.store;
    const { userKey } = await this.#openCached(password, { ended: untilLock, wantsHash: () => false });
    userKey.wipe();
    if (opened === undefined || untilLock.aborted) throw new LockedError('locked');
    return new MasterPasswordProof(opened.keyring);
  }

  /**
   * The hash by which the server knows the master password, once the password has proved right.
   *
   * @returns the hash, the caller's to wipe, and the account and settings that it was made with.
   * @throws as unlock.
   */
  async hash(password: SecretBytes): Promise<{
    readonly account: Account;
    readonly passwordHash: PasswordHash;
    readonly unlock: MasterPasswordUnlock | undefined;
  }> {
    const request = { ended: this.store.untilLock, wantsHash: () => true };
    const { account, userKey, passwordHash, file } = await this.#openCached(password, request);
    userKey.wipe();
    if (passwordHash === undefined) throw new TypeError('no hash was made');
    return { account, passwordHash, unlock: file.header.unlock };
  }

  async #openCached(password: SecretBytes, request: OpenRequest): Promise<OpenedCache> {
    const { untilLock } = this.store;
    try {
      return await this.#open(password, request);
    } catch (error) {
      if (!(error instanceof NothingCachedError)) throw error;
      await this.syncs.fetchMissing(this.store.signedIn().account);
      if (untilLock.aborted) throw new LockedError('locked meanwhile', { cause: error });
      throw new AskAgainError('the vault had to be fetched', { cause: error });
    }
  }

  /** The one path from a master password to what it opens, and the one place where it is wiped. */
  async #open(password: SecretBytes, { ended, wantsHash }: OpenRequest): Promise<OpenedCache> {
    const { untilLock } = this.store;
    const wipeNow = (): void => wipe(password);
    ended.addEventListener('abort', wipeNow);
    try {
      const { account, facts } = this.store.signedIn();
      const { dropped } = facts;
      // The master password may have been changed because this one leaked.
      if (mustSignInAgain(dropped)) throw new SessionDroppedError(dropped);
      const vault = await this.cache.file(account.id);
      if (vault === undefined) throw new NothingCachedError('nothing cached');
      const { unlock } = vault.header;
      const slow = unlock && (await this.#untold(unlock.kdf));
      if (slow !== undefined) throw slow;
      const isRight = (key: SymmetricKey): boolean => this.store.opened?.keyring.isUserKey(key) ?? true;
      return await this.unlocker.openUserKey(account, vault, {
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
}
