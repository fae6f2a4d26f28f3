import type { EncryptedVault } from '../../bitwarden/wire/model';
import { CancelledError } from '../../bitwarden/errors';
import { parseSync } from '../../bitwarden/wire/sync';
import { OpenVault } from '../../vault/openVault';
import type { AccessTokens } from '../accessTokens';
import type { VaultCache } from '../storage/cache';
import { asError, errorName } from '../../base/thrown';
import { LockedError, SessionDroppedError } from '../../vault/errors';
import type { Clock, Logger } from '../../base/ports';
import type { Records } from '../storage/records';
import type { SessionStore } from '../sessionStore';
import type { Account, Facts } from '../state';
import type { Synchronizer, SyncOptions } from './synchronizer';

/** The syncs of one window: shows what they bring, and says how they went. */
export class Syncs {
  /** By account: the sync that is handed to all who ask for one while it runs. */
  readonly #shared = new Map<string, Promise<void>>();
  /** All that run, with their accounts: one after an unlock may run beside one that was asked for. */
  readonly #underWay = new Map<Promise<void>, string>();
  /** One vault is opened at a time, so that no older one is shown after a newer one. */
  #showing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly parts: {
      readonly store: SessionStore;
      readonly records: Records;
      readonly tokens: AccessTokens;
      readonly cache: VaultCache;
      readonly synchronizer: Synchronizer;
      readonly clock: Clock;
      readonly log: Logger;
    },
  ) {}

  /** As run, and one for all who ask for it at the same time. */
  shared(account: Account, options: Pick<SyncOptions, 'force'>): Promise<void> {
    const underWay = this.#shared.get(account.id);
    if (underWay !== undefined) return underWay;
    const sync = this.run(account, options);
    this.#shared.set(account.id, sync);
    const ended = () => this.#shared.delete(account.id);
    sync.then(ended, ended);
    return sync;
  }

  /** As run; a failure is a fact and in the log. */
  async quietly(account: Account, options: SyncOptions = {}): Promise<void> {
    try {
      await this.run(account, options);
    } catch (error) {
      this.parts.log.warn(`Sync failed (${errorName(error)}).`);
    }
  }

  /** Resolves when all syncs that run now have ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#underWay.keys());
  }

  /** Shows the cached vault where it is newer than the one on the screen, as after an unlock that took its time. */
  async showCached(account: Account): Promise<void> {
    const { store, cache, log } = this.parts;
    try {
      for (;;) {
        const cached = await cache.read(account.id);
        if (cached === undefined || cached.id === store.openedOf(account.id)?.cachedVaultId) return;
        const vault = await parseSync(cached.body, new URL(account.servers.api).host);
        if ((await this.#show(account, vault, cached.id)) === 'done') return;
      }
    } catch (error) {
      log.warn(`The newest vault could not be shown (${errorName(error)}).`);
    }
  }

  /** @throws what keeps the vault from being brought up to date; it is a fact until the next success, too. */
  async run(account: Account, options: SyncOptions): Promise<void> {
    const { store, clock } = this.parts;
    const running = this.#run(account, options);
    this.#underWay.set(running, account.id);
    store.update(account.id, { syncing: true });
    let found: Partial<Facts> = {};
    try {
      await running;
      found = { problem: undefined, lastSync: clock.now() };
    } catch (error) {
      if (error instanceof SessionDroppedError) found = { problem: undefined };
      else if (!(error instanceof CancelledError)) found = { problem: asError(error) };
      throw error;
    } finally {
      this.#underWay.delete(running);
      store.update(account.id, { syncing: [...this.#underWay.values()].includes(account.id), ...found });
    }
  }

  async #run(account: Account, options: SyncOptions): Promise<void> {
    const { records, cache } = this.parts;
    try {
      while ((await this.#attempt(account, options)) === 'overtaken');
    } finally {
      // Somebody signed out while this was under way: what was written must not stay.
      if ((await records.account(account.id)) === undefined) await cache.forget(account.id);
    }
  }

  async #attempt(account: Account, options: SyncOptions): Promise<'overtaken' | 'done'> {
    const { store, tokens, synchronizer } = this.parts;
    const shown = store.openedOf(account.id)?.cachedVaultId;
    const outcome = await synchronizer.run(account, { ...options, shown });
    switch (outcome.kind) {
      case 'overtaken':
        return 'overtaken';
      case 'unchanged':
        return 'done';
      case 'accountGone':
      case 'stampChanged':
      case 'otherUser': {
        const dropped = await tokens.dropToken(account.id, outcome.token, outcome.kind);
        if (dropped !== undefined) throw dropped;
        return 'overtaken';
      }
      case 'changed':
        return this.#show(account, outcome.vault, outcome.id);
    }
  }

  /** @returns `overtaken` when the cached vault is another one by the time that this one could be shown. */
  #show(account: Account, encrypted: EncryptedVault, id: string): Promise<'overtaken' | 'done'> {
    const shown = this.#showing.then(() => this.#open(account, encrypted, id));
    this.#showing = shown.catch(() => undefined);
    return shown;
  }

  async #open(account: Account, encrypted: EncryptedVault, id: string): Promise<'overtaken' | 'done'> {
    const { store, cache } = this.parts;
    const { untilLock } = store;
    const keyring = store.openedOf(account.id)?.keyring;
    if (keyring === undefined) return 'done';
    try {
      const vault = await OpenVault.open(encrypted, keyring);
      if ((await cache.read(account.id))?.id !== id) return 'overtaken';
      if (!untilLock.aborted) store.show({ vault, cachedVaultId: id });
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
    }
    return 'done';
  }
}
