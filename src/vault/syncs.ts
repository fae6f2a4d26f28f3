import type { EncryptedVault } from '../bitwarden/api/model';
import { CancelledError } from '../bitwarden/errors';
import type { AccessTokens } from './accessTokens';
import { asError } from './asError';
import type { VaultCache } from './cache';
import { errorName } from './errorName';
import { LockedError, SessionDroppedError } from './errors';
import type { Clock, Logger } from './ports';
import type { Records } from './records';
import type { SessionStore } from './sessionStore';
import { type Account, type Facts, isSameAccount, isSignedIn } from './state';
import type { Synchronizer, SyncOptions } from './synchronizer';

/** The syncs of one window: shows what they bring, and says how they went. */
export class Syncs {
  #flight: { readonly account: Account; readonly landed: Promise<void> } | undefined;
  /** One behind an unlock may run beside one that was asked for, or beside one of somebody who has signed out. */
  readonly #underWay = new Map<Promise<void>, Account>();
  #begun = 0;
  /** The number of the sync whose vault is shown. */
  #shown = 0;

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
  async shared(options: Pick<SyncOptions, 'force'>): Promise<void> {
    const { account } = this.parts.store.signedIn();
    if (this.#flight === undefined || !isSameAccount(this.#flight.account, account)) {
      const flight = { account, landed: this.run(options) };
      this.#flight = flight;
      const land = () => {
        if (this.#flight === flight) this.#flight = undefined;
      };
      flight.landed.then(land, land);
    }
    await this.#flight.landed;
  }

  /** As run; a failure is a fact and in the log. */
  async quietly(options: SyncOptions = {}): Promise<void> {
    try {
      await this.run(options);
    } catch (error) {
      this.parts.log.warn(`Sync failed (${errorName(error)}).`);
    }
  }

  /** Resolves when no sync of now is under way any more. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#underWay.keys());
  }

  /** @throws what keeps the vault from being brought up to date; it is a fact until the next success, too. */
  async run(options: SyncOptions): Promise<void> {
    const { store } = this.parts;
    const { account } = store.signedIn();
    const running = this.#run(account, options);
    this.#underWay.set(running, account);
    store.update({ syncing: true });
    let found: Partial<Facts> = {};
    try {
      await running;
      found = { problem: undefined, lastSync: this.parts.clock.now() };
    } catch (error) {
      if (error instanceof SessionDroppedError) found = { problem: undefined };
      else if (!(error instanceof CancelledError)) found = { problem: asError(error) };
      throw error;
    } finally {
      this.#underWay.delete(running);
      if (this.#isSignedIn(account)) {
        const syncing = [...this.#underWay.values()].some((each) => isSameAccount(each, account));
        store.update({ syncing, ...found });
      }
    }
  }

  async #run(account: Account, options: SyncOptions): Promise<void> {
    const { records, cache } = this.parts;
    try {
      while ((await this.#attempt(account, options)) === 'overtaken');
    } finally {
      // Somebody signed out while this was under way: what was written must not stay.
      if ((await records.account(account.userId)) === undefined) await cache.forget(account.userId);
    }
  }

  async #attempt(account: Account, options: SyncOptions): Promise<'overtaken' | 'done'> {
    const { store, records, tokens, synchronizer } = this.parts;
    const number = ++this.#begun;
    const outcome = await synchronizer.run(account, { ...options, shown: store.opened?.revision });
    switch (outcome.kind) {
      case 'overtaken':
        return 'overtaken';
      case 'unchanged':
        return 'done';
      case 'stampChanged':
      case 'otherUser':
        throw await tokens.drop(await records.requireAccount(account.userId), outcome.kind);
      case 'changed':
        if (number < this.#shown || !this.#isSignedIn(account)) return 'done';
        this.#shown = number;
        await this.#show(outcome.vault, outcome.revision);
        return 'done';
    }
  }

  #isSignedIn(account: Account): boolean {
    const { state } = this.parts.store;
    return isSignedIn(state) && isSameAccount(state.account, account);
  }

  async #show(encrypted: EncryptedVault, revision: number): Promise<void> {
    const { store } = this.parts;
    const keyring = store.opened?.keyring;
    if (keyring === undefined) return;
    const { OpenVault } = await import('./openVault');
    try {
      const vault = await OpenVault.open(encrypted, keyring);
      if (keyring === store.opened?.keyring) store.open({ keyring, vault, revision });
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
    }
  }
}
