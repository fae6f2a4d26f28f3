import { classNameOf } from '../../base/thrown';
import type { Logger } from '../../base/ports';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import type { RawChange } from '../../vault/encryptedVault';
import { ChangeUnknownError, GoneElsewhereError, LockedError } from '../../vault/errors';
import type { OpenVault } from '../../vault/openVault';
import type { AccessTokens } from '../accessTokens';
import type { OwnChanges } from '../live/ownChanges';
import { isRefusal, neverArrived } from '../carriedOut';
import type { Opened, SessionStore } from '../sessionStore';
import type { Account } from '../state';
import type { Syncs } from '../sync/syncs';

/** Makes one call, unless the vault was locked since the write began. */
export type Ask = <T>(call: (api: ServerApi) => Promise<T>) => Promise<T>;

/** A change of the vault on the server. */
export interface Write {
  /**
   * Sends it.
   *
   * @returns what is different in the vault now; undefined: that takes a sync.
   */
  send(ask: Ask): Promise<readonly RawChange[] | undefined>;
  /** Whether the vault shows that it was made. */
  isMade(vault: OpenVault): boolean;
  /** What it was to change and is not there any more, if anything. */
  gone?(vault: OpenVault): GoneElsewhereError['what'] | undefined;
}

/**
 * The way of every change of the vault: it is sent once, never again by itself. Then the vault on this machine is brought
 * up to date, by what the server has answered or by a sync. Where the answer was lost, a sync tells whether it was made.
 */
export class VaultWrites {
  constructor(
    private readonly parts: {
      readonly store: SessionStore;
      readonly tokens: AccessTokens;
      readonly syncs: Syncs;
      readonly own: OwnChanges;
      readonly log: Logger;
    },
  ) {}

  /** The vault that is open. @throws LockedError */
  opened(): Opened {
    return this.#opened(this.parts.store.signedIn().account);
  }

  /**
   * @returns the vault from then on.
   * @throws LockedError; GoneElsewhereError; ChangeUnknownError; what the calls throw where the change was not made.
   */
  async run(write: Write): Promise<OpenVault> {
    const { store, tokens, syncs, log } = this.parts;
    const { account } = store.signedIn();
    const { untilLock } = store;
    let arrived = 0;
    const ask: Ask = async (call) => {
      if (untilLock.aborted) throw new LockedError('locked meanwhile');
      const answer = await tokens.use(account.id, call);
      arrived++;
      return answer;
    };
    let changes: readonly RawChange[] | undefined;
    try {
      changes = await write.send(ask);
    } catch (error) {
      if (neverArrived(error) && arrived === 0) throw error;
      log.warn(`A change of the vault failed (${classNameOf(error)}); looking at what the server has.`);
      return await this.#readBack(account, write, error);
    }
    // The change is made, whatever becomes of the copy on this machine: what keeps it from being brought up to date is a
    // fact of the account.
    if (changes === undefined || !(await this.#add(account, changes))) await syncs.quietly(account, { force: true });
    return this.#opened(account).vault;
  }

  async #add(account: Account, changes: readonly RawChange[]): Promise<boolean> {
    const { syncs, own, log } = this.parts;
    try {
      if (!(await syncs.add(account, changes))) return false;
      for (const { key } of changes) own.add(key);
      return true;
    } catch (error) {
      log.warn(`What the server has answered was not stored (${classNameOf(error)}).`);
      return false;
    }
  }

  async #readBack(account: Account, write: Write, error: unknown): Promise<OpenVault> {
    const { syncs } = this.parts;
    try {
      await syncs.run(account, { force: true });
    } catch {
      throw isRefusal(error) || neverArrived(error)
        ? error
        : new ChangeUnknownError('the answer was lost', { cause: error });
    }
    const { vault } = this.#opened(account);
    if (write.isMade(vault)) return vault;
    const gone = write.gone?.(vault);
    throw gone === undefined ? error : new GoneElsewhereError(gone, { cause: error });
  }

  #opened(account: Account): Opened {
    const opened = this.parts.store.openedOf(account.id);
    if (opened === undefined) throw new LockedError('the vault is locked');
    return opened;
  }
}
