import { apiHost } from '../../bitwarden/http/servers';
import { CancelledError } from '../../bitwarden/errors';
import { EncryptedVault, type RawChange } from '../../vault/encryptedVault';
import type { Keyring } from '../../vault/keyring';
import { OpenVault } from '../../vault/openVault';
import type { AccessTokens } from '../accessTokens';
import type { VaultCache } from '../storage/cache';
import { toError, classNameOf } from '../../base/thrown';
import { LockedError, NothingCachedError, SessionDroppedError } from '../../vault/errors';
import type { Clock, Logger } from '../../base/ports';
import type { Records } from '../storage/records';
import type { Opened, SessionStore } from '../sessionStore';
import type { Account, Facts } from '../state';
import type { ChangedVault, Synchronizer, SyncOptions } from './synchronizer';

type Reopened = Pick<Opened, 'vault' | 'cached'>;

/** The syncs of one window: shows what they bring, and says how they went. */
export class Syncs {
  /** By account: the sync that was asked for, and the one that follows it, if any. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();
  /** All that run, with their accounts: one after an unlock may run beside one that was asked for. */
  readonly #underWay = new Map<Promise<void>, string>();
  /** How many have begun, and the latest of those that have ended. */
  #begun = 0;
  #latestEnded = 0;
  readonly #adding = new Set<Promise<void>>();
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

  /**
   * As run, but those who ask at the same time get the same sync. Who asks for a forced one while a sync runs gets the next:
   * the one that runs may have been answered before the change that is asked for.
   */
  shared(account: Account, { force = false }: Pick<SyncOptions, 'force'>): Promise<void> {
    const { id } = account;
    const running = this.#running.get(id);
    const known = this.#next.get(id) ?? (force ? undefined : running);
    if (known !== undefined) return known;
    const begin = () => {
      const sync = this.run(account, { force });
      this.#next.delete(id);
      this.#running.set(id, sync);
      const ended = () => {
        if (this.#running.get(id) === sync) this.#running.delete(id);
      };
      sync.then(ended, ended);
      return sync;
    };
    if (running === undefined) return begin();
    const next = running.then(begin, begin);
    this.#next.set(id, next);
    return next;
  }

  /**
   * As run, but a failure is not thrown: it is a fact of the account, and in the log.
   *
   * @returns whether it succeeded.
   */
  async quietly(account: Account, options: SyncOptions = {}): Promise<boolean> {
    try {
      await this.run(account, options);
      return true;
    } catch (error) {
      this.parts.log.warn(`Sync failed (${classNameOf(error)}).`);
      return false;
    }
  }

  /** Resolves when all syncs that run now have ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#underWay.keys());
  }

  /**
   * Fetches the vault where none is cached, by a sync that runs already or by another one.
   *
   * @throws NothingCachedError, with the cause.
   */
  async fetchMissing(account: Account): Promise<void> {
    const { cache } = this.parts;
    await this.ended();
    if ((await cache.header(account.id)) !== undefined) return;
    try {
      await this.shared(account, { force: true });
    } catch (error) {
      throw new NothingCachedError('nothing cached', { cause: error });
    }
    if ((await cache.header(account.id)) === undefined) throw new NothingCachedError('nothing cached');
  }

  /**
   * Stores and shows what the server has answered after a change of the vault.
   *
   * @returns false where only a sync brings the vault up to date.
   * @throws VaultNotStoredError, and what opening the changed vault throws.
   */
  async add(account: Account, changes: readonly RawChange[]): Promise<boolean> {
    const adding = this.#add(account, changes);
    const ended = adding.then(
      () => undefined,
      () => undefined,
    );
    this.#adding.add(ended);
    try {
      return await adding;
    } finally {
      this.#adding.delete(ended);
    }
  }

  /** Shows what another window has stored. Never throws. */
  async follow(account: Account): Promise<void> {
    await Promise.all([this.ended(), ...this.#adding]);
    if (this.parts.store.openedOf(account.id) !== undefined) await this.showCached(account);
  }

  /** Shows the cached vault where it is newer than the one on the screen, as after an unlock that took its time. */
  async showCached(account: Account): Promise<void> {
    const { store, cache, log } = this.parts;
    try {
      const header = await cache.header(account.id);
      const isNewer = header !== undefined && header.id !== store.openedOf(account.id)?.cached.header.id;
      while (isNewer && (await this.#show(account)) === 'overtaken');
    } catch (error) {
      log.warn(`The newest vault could not be shown (${classNameOf(error)}).`);
    }
  }

  /** Stores what is listed of the vault for the next unlock, unless the list that is stored is good enough. */
  async keepList({ id }: Account): Promise<void> {
    const { cache, records, log } = this.parts;
    try {
      const parts = await this.#sealList(id);
      if (parts === undefined) return;
      try {
        await cache.keepList(id, parts);
      } finally {
        if (await records.signOuts.isSignedOut(id)) await cache.forget(id);
      }
    } catch (error) {
      if (!(error instanceof LockedError)) log.warn(`The list of items was not kept (${classNameOf(error)}).`);
    }
  }

  /** @throws what keeps the vault from being brought up to date; it is a fact until the next success, too. */
  async run(account: Account, options: SyncOptions): Promise<void> {
    const { store, clock } = this.parts;
    const number = ++this.#begun;
    const running = this.#run(account, options);
    this.#underWay.set(running, account.id);
    store.update(account.id, { syncing: true });
    let found: Partial<Facts> = {};
    try {
      await running;
      found = { problem: undefined, lastSync: clock.now() };
    } catch (error) {
      if (error instanceof SessionDroppedError) found = { problem: undefined };
      else if (!(error instanceof CancelledError)) found = { problem: toError(error) };
      throw error;
    } finally {
      this.#underWay.delete(running);
      // Of several at once, what the one says that began last is the latest news.
      const isOvertaken = number < this.#latestEnded;
      this.#latestEnded = Math.max(number, this.#latestEnded);
      const syncing = [...this.#underWay.values()].includes(account.id);
      store.update(account.id, { syncing, ...(isOvertaken ? {} : found) });
    }
  }

  async #sealList(accountId: string): Promise<readonly Uint8Array[] | undefined> {
    for (;;) {
      const vault = this.parts.store.openedOf(accountId)?.vault;
      const parts = await vault?.sealList();
      // Where a change came in between, another vault is shown now, and its list is sealed instead.
      if (parts !== undefined || vault === this.parts.store.openedOf(accountId)?.vault) return parts;
    }
  }

  async #add(account: Account, changes: readonly RawChange[]): Promise<boolean> {
    const { store, records, cache, synchronizer } = this.parts;
    const { id } = account;
    const shown = store.openedOf(id)?.cached;
    if (shown === undefined) return false;
    try {
      const changed = await synchronizer.add(id, shown, changes);
      return changed !== undefined && (await this.#show(account, changed)) === 'done';
    } finally {
      if (await records.signOuts.isSignedOut(id)) await cache.forget(id);
    }
  }

  async #run(account: Account, options: SyncOptions): Promise<void> {
    const { records, cache } = this.parts;
    try {
      while ((await this.#attempt(account, options)) === 'overtaken');
    } finally {
      // Somebody signed out while this was under way: what was written must not stay.
      if (await records.signOuts.isSignedOut(account.id)) await cache.forget(account.id);
    }
  }

  async #attempt(account: Account, options: SyncOptions): Promise<'overtaken' | 'done'> {
    const { store, tokens, synchronizer } = this.parts;
    const shown = store.openedOf(account.id)?.cached;
    const force = options.force === true || shown?.isWhole === false;
    const outcome = await synchronizer.run(account, { ...options, shown, force });
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
        return this.#show(account, outcome);
    }
  }

  /**
   * Shows the cached vault, or what has changed in it since the one on the screen.
   *
   * @returns `overtaken` when it is another one by the time that it could be shown.
   */
  #show(account: Account, changed?: ChangedVault): Promise<'overtaken' | 'done'> {
    const shown = this.#showing.then(() => this.#open(account, changed));
    this.#showing = shown.catch(() => undefined);
    return shown;
  }

  async #open(account: Account, changed: ChangedVault | undefined): Promise<'overtaken' | 'done'> {
    const { store, cache } = this.parts;
    const { untilLock } = store;
    const opened = store.openedOf(account.id);
    if (opened === undefined) return 'done';
    const newest = changed?.header.id ?? (await cache.header(account.id))?.id;
    if (newest === opened.cached.header.id) return 'done';
    try {
      const next = (await this.#apply(opened, changed)) ?? (await this.#reopen(account, opened.keyring));
      if (next === undefined) return 'done';
      store.show(next, untilLock);
      if ((await cache.header(account.id))?.id !== next.cached.header.id) return 'overtaken';
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
    }
    return 'done';
  }

  /** Undefined where it is not known what has changed since the vault that is open. */
  async #apply({ vault, cached }: Opened, changed: ChangedVault | undefined): Promise<Reopened | undefined> {
    if (changed?.changes === undefined || changed.base !== cached.header.id) return undefined;
    const next = await vault.apply(changed.changes);
    return { vault: next, cached: { header: changed.header, isWhole: true, elements: next.raw } };
  }

  /** Undefined where no vault is cached any more. */
  async #reopen({ id, servers }: Account, keyring: Keyring): Promise<Reopened | undefined> {
    const cached = await this.parts.cache.read(id);
    if (cached === undefined) return undefined;
    const encrypted = await EncryptedVault.of(cached.elements, apiHost(servers));
    const vault = await OpenVault.open(encrypted, keyring, { list: await this.parts.cache.list(id) });
    return { vault, cached };
  }
}
