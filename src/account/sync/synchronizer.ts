import type { EncryptedVault, MasterPasswordUnlock } from '../../bitwarden/wire/model';
import { prelogin } from '../../bitwarden/api/identity';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import { checkKdf } from '../../bitwarden/crypto/kdf';
import { AccountGoneError } from '../../bitwarden/errors';
import { parseSync } from '../../bitwarden/wire/sync';
import type { AccessTokens } from '../accessTokens';
import type { CachedVault, VaultCache } from '../storage/cache';
import { KdfDowngradeError } from '../../vault/errors';
import { isCheaperToGuess } from '../guessingCost';
import { locks } from '../storage/locks';
import type { FileStore } from '../../base/ports';
import type { Account } from '../state';

export type SyncOutcome =
  | { readonly kind: 'unchanged' }
  /**
   * Another sync, in this window or another, has stored a vault meanwhile, which may be newer. This one is not stored.
   */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'changed'; readonly vault: EncryptedVault; readonly id: string }
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
   * @param shown id of the cached vault that this window shows, if any: another window may have fetched a newer one.
   * @throws CancelledError, KdfDowngradeError, KdfOutOfBoundsError, and the errors of the calls and of parsing; the
   * cache is untouched then.
   */
  async run(account: Account, options: SyncOptions & { readonly shown: string | undefined }): Promise<SyncOutcome> {
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

  async #run(
    account: Account,
    options: SyncOptions & { readonly shown: string | undefined },
    ask: Ask,
  ): Promise<SyncOutcome> {
    const { signal } = options;
    const { id, userId, servers } = account;
    const { host } = new URL(servers.api);
    const cached = await this.cache.read(id);
    const revision = await ask((api) => api.accounts.getRevisionDate(signal));
    if (!options.force && cached?.revision === revision) {
      await this.cache.touch(id);
      if (options.shown === undefined || options.shown === cached.id) return { kind: 'unchanged' };
      return { kind: 'changed', vault: await parseSync(cached.body, host), id: cached.id };
    }
    const { body, token } = await ask(async ({ vault, token }) => ({ body: await vault.fetchSync(signal), token }));
    const vault = await parseSync(body, host);
    const { securityStamp } = vault.profile;
    if (vault.profile.id.toLowerCase() !== userId) return { kind: 'otherUser', token };
    if (!options.acceptStamp && isOther(securityStamp, cached)) {
      const accepted = await this.changingStamp(id, () => this.cache.read(id));
      if (isOther(securityStamp, accepted)) return { kind: 'stampChanged', token };
    }
    const unlock =
      vault.masterPasswordUnlock === null
        ? undefined
        : (latestUnlock(vault, options.unlock, cached) ?? (await this.#unlockOfOlderServers(account, vault, signal)));
    if (unlock) checkKdf(unlock.kdf);
    return this.files.exclusive(locks.cache(id), async () => {
      if ((await this.cache.read(id))?.id !== cached?.id) return { kind: 'overtaken' };
      const lastKdf = (await this.cache.lastKdf(id)) ?? cached?.unlock?.kdf;
      if (unlock && lastKdf && !options.acceptWeakerKdf && isCheaperToGuess(unlock.kdf, lastKdf)) {
        throw new KdfDowngradeError('the server asks for a weaker KDF');
      }
      return { kind: 'changed', vault, id: await this.cache.write(id, { revision, securityStamp, unlock, body }) };
    });
  }

  /**
   * Older servers send key settings with tokens alone. They are kept with the vault; where none was stored after the
   * sign-in, the server is asked for them.
   */
  async #unlockOfOlderServers(
    { servers }: Account,
    { profile }: EncryptedVault,
    signal: AbortSignal | undefined,
  ): Promise<MasterPasswordUnlock | undefined> {
    if (profile.key === undefined) return undefined;
    const { kdf, salt } = await prelogin(await this.tokens.connect(), servers, profile.email, signal);
    return { kdf, salt, masterKeyEncryptedUserKey: profile.key };
  }
}

function isOther(securityStamp: string | undefined, cached: CachedVault | undefined): boolean {
  return cached?.securityStamp !== undefined && cached.securityStamp !== securityStamp;
}

/**
 * KDF settings, salt and wrapped user key of the vault, or, from older servers, of the latest token, or of the cached
 * vault with the wrapped user key of the profile.
 */
function latestUnlock(
  { masterPasswordUnlock, profile }: EncryptedVault,
  fromToken: MasterPasswordUnlock | undefined,
  cached: CachedVault | undefined,
): MasterPasswordUnlock | undefined {
  if (masterPasswordUnlock) return masterPasswordUnlock;
  if (fromToken) return fromToken;
  return cached?.unlock && profile.key !== undefined
    ? { ...cached.unlock, masterKeyEncryptedUserKey: profile.key }
    : cached?.unlock;
}
