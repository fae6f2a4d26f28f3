import { copySecret, type SecretBytes, wipe } from '../base/secretBytes';
import type { UserVerification } from '../bitwarden/api/accounts';
import type { CachedVault, VaultCache } from './cache';
import { AccountChangedError, NothingCachedError } from './errors';
import type { SessionStore } from './sessionStore';
import type { Account } from './state';
import type { Syncs } from './syncs';
import type { Unlocked, Unlocker } from './unlocker';
import { isNotVerified, type Verification } from './verification';

/** What the master password is good for: opening the cached vault, fetched if need be, and proving who the user is. */
export class Verifier {
  constructor(
    private readonly store: SessionStore,
    private readonly cache: VaultCache,
    private readonly syncs: Syncs,
  ) {}

  /**
   * @param password UTF-8, which the caller wipes.
   * @throws NothingCachedError when there is no vault and none can be fetched; and as Unlocker.
   */
  async unlock(account: Account, password: SecretBytes, signal?: AbortSignal): Promise<Unlocked> {
    const cached = await this.#cachedVault(account);
    return (await this.#unlocker()).unlock(account, cached, password, signal);
  }

  /**
   * @param password UTF-8, wiped.
   * @returns base64; what the server takes for the master password.
   * @throws as unlock.
   */
  async hash(account: Account, password: SecretBytes): Promise<string> {
    try {
      const cached = await this.#cachedVault(account);
      return await (await this.#unlocker()).masterPasswordHash(account, cached, password);
    } finally {
      wipe(password);
    }
  }

  /**
   * Calls with what the server takes for this proof. A master password that is right by the cached vault and not by the
   * server is tried once more after a sync: the KDF settings may have changed elsewhere, and the hash with them.
   *
   * @throws as unlock; AccountChangedError when the account is another one by then; what the call throws.
   */
  async verified<T>(
    verification: Verification,
    call: (account: Account, verified: UserVerification) => Promise<T>,
  ): Promise<T> {
    if (verification.kind === 'code') return call(this.store.signedIn().account, { otp: verification.code });
    const { password } = verification;
    try {
      const { account } = this.store.signedIn();
      const hash = async () => {
        const made = await this.hash(account, copySecret(password));
        if (this.store.accountId !== account.id) throw new AccountChangedError('changed meanwhile');
        return made;
      };
      const masterPasswordHash = await hash();
      try {
        return await call(account, { masterPasswordHash });
      } catch (error) {
        if (!isNotVerified(error)) throw error;
        await this.syncs.run(account, {});
        const latest = await hash();
        if (latest === masterPasswordHash) throw error;
        return await call(account, { masterPasswordHash: latest });
      }
    } finally {
      wipe(password);
    }
  }

  /** Loaded late: it brings the crypto along. */
  async #unlocker(): Promise<Unlocker> {
    const { Unlocker } = await import('./unlocker');
    return new Unlocker(this.cache);
  }

  async #cachedVault(account: Account): Promise<CachedVault> {
    const read = () => this.cache.read(account.id);
    const cached = await read();
    if (cached !== undefined) return cached;
    await this.syncs.ended();
    const arrived = await read();
    if (arrived !== undefined) return arrived;
    try {
      await this.syncs.shared(account, { force: true });
    } catch (error) {
      throw new NothingCachedError('nothing cached', { cause: error });
    }
    const fetched = await read();
    if (fetched === undefined) throw new NothingCachedError('nothing cached');
    return fetched;
  }
}
