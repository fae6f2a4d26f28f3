import { isDeepStrictEqual } from 'node:util';
import { apiHost } from '../../bitwarden/http/servers';
import type { MasterPasswordUnlock } from '../../bitwarden/wire/model';
import { prelogin } from '../../bitwarden/api/identity';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import { checkKdf } from '../../bitwarden/crypto/kdf';
import { AccountGoneError, MalformedAnswerError } from '../../bitwarden/errors';
import type { AccessTokens } from '../accessTokens';
import type { VaultCache } from '../storage/cache';
import { type CachedVault, fitsHeader, type VaultHeader } from '../storage/vaultLines';
import { addChanges, VaultUpdate } from '../storage/vaultUpdate';
import { accountFile } from '../storage/fileNames';
import { type RawChange, readAccount, type VaultAccount } from '../../vault/encryptedVault';
import { readSyncAnswer } from '../../bitwarden/wire/syncAnswer';
import { KdfDowngradeError } from '../../vault/errors';
import { isCheaperToGuess } from '../guessingCost';
import { locks } from '../storage/locks';
import type { FileStore } from '../../base/ports';
import type { Account } from '../state';

/** The cached vault is now this one: that of `base` after these changes, or another one where there are none. */
export interface ChangedVault {
  readonly kind: 'changed';
  readonly header: VaultHeader;
  readonly base: string | undefined;
  readonly changes: readonly RawChange[] | undefined;
}

export type SyncOutcome =
  | { readonly kind: 'unchanged' }
  /**
   * Another sync, in this window or another, has stored a vault meanwhile, which may be newer. This one is not stored.
   */
  | { readonly kind: 'overtaken' }
  | ChangedVault
  /** Found out with this token. */
  | { readonly kind: 'accountGone' | 'stampChanged' | 'otherUser'; readonly token: string };

export interface SyncOptions {
  /** Fetch the vault even if the server's is no newer. */
  readonly force?: boolean;
  /** Take any security stamp, since the user has just signed in. */
  readonly acceptStamp?: boolean;
  /** Take key settings that make the master password easier to guess, since the user has agreed. */
  readonly acceptWeakerKdf?: boolean | undefined;
  /** Of the latest token answer, for servers that send none with the vault. */
  readonly unlock?: MasterPasswordUnlock | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Shown {
  /** The cached vault that this window shows, if any: another window may have fetched a newer one. */
  readonly shown: CachedVault | undefined;
}

/** An answer that has arrived, and what it is compared with. */
interface Received {
  readonly update: VaultUpdate;
  readonly token: string;
  readonly base: CachedVault | undefined;
  readonly revision: number;
  readonly host: string;
}

type Ask = <T>(call: (api: ServerApi) => Promise<T>) => Promise<T>;

/** Brings the cached vault up to date. */
export class Synchronizer {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly cache: VaultCache,
    private readonly files: FileStore,
  ) {}

  /**
   * Runs a task that brings the cached vault from one security stamp to the next, because the user said so. Meanwhile
   * no window takes the change for somebody else's.
   */
  changingStamp<T>(accountId: string, task: () => Promise<T>): Promise<T> {
    return this.files.exclusive(locks.stamp(accountId), task);
  }

  /**
   * Fetches the vault if the server's is newer. A vault that is not the account's, or whose security stamp changed, is
   * reported and not stored, and so is one that was overtaken.
   *
   * @throws CancelledError, KdfDowngradeError, KdfOutOfBoundsError, and the errors of the calls, of parsing and of
   * writing; the cached vault is as it was then.
   */
  async run(account: Account, options: SyncOptions & Shown): Promise<SyncOutcome> {
    let token = '';
    const ask: Ask = (call) =>
      this.tokens.use(account.id, (api) => {
        token = api.token;
        return call(api);
      });
    try {
      return await this.#run(account, options, ask);
    } catch (error) {
      if (error instanceof AccountGoneError) return { kind: 'accountGone', token };
      throw error;
    }
  }

  /**
   * Stores what the server has answered after a change of the vault. The revision stays that of before, so that the next
   * sync fetches whatever else has changed.
   *
   * @param shown what this window shows.
   * @returns undefined where the cached vault is another one by now, or cannot be added to: only a sync helps then.
   * @throws VaultNotStoredError
   */
  add(accountId: string, shown: CachedVault, changes: readonly RawChange[]): Promise<ChangedVault | undefined> {
    return this.files.exclusive(locks.cache(accountId), async () => {
      const base = shown.header.id;
      if (!shown.isWhole || (await this.cache.header(accountId))?.id !== base) return undefined;
      const header = { ...shown.header, id: globalThis.crypto.randomUUID() };
      const isAdded = await addChanges(this.files, accountFile(accountId, 'vault'), shown, changes, header);
      return isAdded ? { kind: 'changed', header, base, changes } : undefined;
    });
  }

  async #run(account: Account, options: SyncOptions & Shown, ask: Ask): Promise<SyncOutcome> {
    const { signal } = options;
    const { id, servers } = account;
    const host = apiHost(servers);
    const known = await this.cache.header(id);
    const revision = await ask((api) => api.accounts.getRevisionDate(signal));
    if (!options.force && known?.revision === revision) {
      await this.cache.touch(id);
      return unchanged(known, options.shown);
    }
    const base = options.shown?.header.id === known?.id ? options.shown : await this.cache.read(id);
    const { update, token } = await ask(async ({ vault, token }) => ({
      update: await vault.fetchSync((answer) => this.#receive(answer, id, base, host), signal),
      token,
    }));
    try {
      return await this.#conclude(account, options, { update, token, base, revision, host });
    } finally {
      await update.abandon();
    }
  }

  async #receive(
    answer: AsyncIterable<Uint8Array>,
    accountId: string,
    base: CachedVault | undefined,
    host: string,
  ): Promise<VaultUpdate> {
    const update = new VaultUpdate(this.files, accountId, base, host);
    try {
      for await (const piece of readSyncAnswer(answer, host)) await update.take(piece);
      await update.end();
      return update;
    } catch (error) {
      await update.abandon();
      throw error;
    }
  }

  async #conclude(
    account: Account,
    options: SyncOptions & Shown,
    { update, token, base, revision, host }: Received,
  ): Promise<SyncOutcome> {
    const { id, userId } = account;
    const vault = readAccount((name) => update.member(name), host);
    const { securityStamp } = vault.profile;
    if (vault.profile.id.toLowerCase() !== userId) return { kind: 'otherUser', token };
    if (!options.acceptStamp && isOther(securityStamp, base?.header)) {
      const accepted = await this.changingStamp(id, () => this.cache.header(id));
      if (isOther(securityStamp, accepted)) return { kind: 'stampChanged', token };
    }
    const unlock =
      vault.masterPasswordUnlock === null
        ? undefined
        : (latestUnlock(vault, options.unlock, base?.header) ??
          (await this.#unlockOfOlderServers(account, vault, options.signal)));
    if (unlock) checkKdf(unlock.kdf);
    if (!fitsHeader({ securityStamp, unlock })) throw new MalformedAnswerError(host, 'key settings of ordinary length');
    return this.files.exclusive(locks.cache(id), async () => {
      if ((await this.cache.header(id))?.id !== base?.header.id) return { kind: 'overtaken' };
      const lastKdf = (await this.cache.lastKdf(id)) ?? base?.header.unlock?.kdf;
      if (unlock && lastKdf && !options.acceptWeakerKdf && isCheaperToGuess(unlock.kdf, lastKdf)) {
        throw new KdfDowngradeError('the server asks for a weaker KDF');
      }
      if (unlock) await this.cache.rememberKdf(id, unlock.kdf);
      const isSame =
        base !== undefined &&
        update.changesNothing &&
        isDeepStrictEqual([securityStamp, unlock], [base.header.securityStamp, base.header.unlock]);
      const header = { id: isSame ? base.header.id : globalThis.crypto.randomUUID(), revision, securityStamp, unlock };
      if (isSame && revision === base.header.revision) {
        await this.cache.touch(id);
        return unchanged(base.header, options.shown);
      }
      const changes = await update.commit(header);
      return isSame ? unchanged(header, options.shown) : { kind: 'changed', header, base: base?.header.id, changes };
    });
  }

  /**
   * Older servers send key settings with tokens alone. They are kept with the vault; where none was stored after the
   * sign-in, the server is asked for them.
   */
  async #unlockOfOlderServers(
    { servers }: Account,
    { profile }: VaultAccount,
    signal: AbortSignal | undefined,
  ): Promise<MasterPasswordUnlock | undefined> {
    if (profile.key === undefined) return undefined;
    const { kdf, salt } = await prelogin(await this.tokens.connect(), servers, profile.email, signal);
    return { kdf, salt, masterKeyEncryptedUserKey: profile.key };
  }
}

/**
 * The outcome where the server has nothing newer than the cached vault. If another window has fetched that one and this
 * window still shows the one before, it is a change for this window.
 */
function unchanged(header: VaultHeader, shown: CachedVault | undefined): SyncOutcome {
  if (shown === undefined || shown.header.id === header.id) return { kind: 'unchanged' };
  return { kind: 'changed', header, base: undefined, changes: undefined };
}

function isOther(securityStamp: string | undefined, cached: VaultHeader | undefined): boolean {
  return cached?.securityStamp !== undefined && cached.securityStamp !== securityStamp;
}

/**
 * KDF settings, salt and wrapped user key of the vault, or, from older servers, of the latest token, or of the cached
 * vault with the wrapped user key of the profile.
 */
function latestUnlock(
  { masterPasswordUnlock, profile }: VaultAccount,
  fromToken: MasterPasswordUnlock | undefined,
  cached: VaultHeader | undefined,
): MasterPasswordUnlock | undefined {
  if (masterPasswordUnlock) return masterPasswordUnlock;
  if (fromToken) return fromToken;
  return cached?.unlock && profile.key !== undefined
    ? { ...cached.unlock, masterKeyEncryptedUserKey: profile.key }
    : cached?.unlock;
}
