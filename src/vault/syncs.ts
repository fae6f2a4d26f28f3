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
import type { Facts } from './state';
import type { Synchronizer, SyncOptions } from './synchronizer';

/** The syncs of one window: shows what they bring, and says how they went. */
export class Syncs {
  #flight: Promise<void> | undefined;
  /** One behind an unlock may run beside one that was asked for. */
  #underWay = 0;

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
  shared(options: Pick<SyncOptions, 'force'>): Promise<void> {
    this.#flight ??= this.run(options).finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  /** As run; a failure is a fact and in the log. */
  async quietly(options: SyncOptions = {}): Promise<void> {
    try {
      await this.run(options);
    } catch (error) {
      this.parts.log.warn(`Sync failed (${errorName(error)}).`);
    }
  }

  /** @throws what keeps the vault from being brought up to date; it is a fact until the next success, too. */
  async run(options: SyncOptions): Promise<void> {
    const { store, records, tokens, cache, synchronizer, clock } = this.parts;
    const { account } = store.signedIn();
    let found: Partial<Facts> = {};
    this.#underWay++;
    store.update({ syncing: true });
    try {
      const outcome = await synchronizer.run(account, { ...options, shown: store.opened?.revision });
      if (outcome.kind === 'stampChanged' || outcome.kind === 'otherUser') {
        throw await tokens.drop(await records.requireAccount(account.userId), outcome.kind);
      }
      if (outcome.kind === 'changed') await this.#show(outcome.vault, outcome.revision);
      found = { problem: undefined, lastSync: clock.now() };
    } catch (error) {
      if (error instanceof SessionDroppedError) found = { problem: undefined };
      else if (!(error instanceof CancelledError)) found = { problem: asError(error) };
      throw error;
    } finally {
      store.update({ syncing: --this.#underWay > 0, ...found });
      // Somebody signed out while this was under way: what was written must not stay.
      if ((await records.account(account.userId)) === undefined) await cache.delete(account.userId);
    }
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
