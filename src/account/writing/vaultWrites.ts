import { classNameOf } from '../../base/thrown';
import type { Logger } from '../../base/ports';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import type { RawChange } from '../../vault/encryptedVault';
import { ChangeUnknownError, GoneElsewhereError, LockedError } from '../../vault/errors';
import type { OpenVault } from '../../vault/openVault';
import type { AccessTokens } from '../accessTokens';
import type { OwnChanges } from '../live/ownChanges';
import { isRefusal, neverCarriedOut } from '../carriedOut';
import type { Opened, SessionStore } from '../sessionStore';
import type { Account } from '../state';
import type { Syncs } from '../sync/syncs';

/** Makes one call, unless the vault was locked since the write began. */
export type Ask = <T>(call: (api: ServerApi) => Promise<T>) => Promise<T>;

/** The calls of a write. */
export interface Calls {
  /** Makes a call that changes something. */
  readonly change: Ask;
  /** Makes one that changes nothing. */
  readonly read: Ask;
}

/** A change of the vault on the server. */
export interface Write {
  /**
   * Sends it.
   *
   * @returns what is different in the vault now, which may be nothing; undefined: that takes a sync.
   */
  send(calls: Calls): Promise<readonly RawChange[] | undefined>;
  /** Whether the vault shows that it was made, at least in part. */
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

  /** The vault as the server has it now. @throws LockedError; what the sync throws. */
  async upToDate(): Promise<OpenVault> {
    const { account } = this.parts.store.signedIn();
    await this.parts.syncs.run(account, { force: true });
    return this.#opened(account).vault;
  }

  /**
   * @returns the vault from then on; undefined: the change was made, and the vault could not be brought up to date.
   * @throws LockedError; GoneElsewhereError; ChangeUnknownError; what the calls throw where the change was not made.
   */
  async run(write: Write): Promise<OpenVault | undefined> {
    const { store, tokens, syncs, log } = this.parts;
    const { account } = store.signedIn();
    const before = store.openedOf(account.id)?.cached.header.id;
    const { untilLock } = store;
    const checkNotLocked = () => {
      if (untilLock.aborted) throw new LockedError('locked meanwhile');
    };
    const read: Ask = async (call) => {
      checkNotLocked();
      return tokens.use(account.id, (api) => {
        // Getting a token may have taken its time.
        checkNotLocked();
        return call(api);
      });
    };
    const sent = { mayBeMade: false };
    const change: Ask = async (call) => {
      try {
        const answer = await read(call);
        sent.mayBeMade = true;
        return answer;
      } catch (error) {
        sent.mayBeMade ||= !neverCarriedOut(error);
        throw error;
      }
    };
    let changes: readonly RawChange[] | undefined;
    try {
      changes = await write.send({ change, read });
    } catch (error) {
      if (!sent.mayBeMade && !isRefusal(error)) throw error;
      log.warn(`A change of the vault failed (${classNameOf(error)}); looking at what the server has.`);
      return await this.#readBack(account, write, { error, ...sent });
    }
    // The change is made, whatever becomes of the copy on this machine: what keeps it from being brought up to date is a
    // fact of the account.
    const isShown =
      (changes !== undefined && (changes.length === 0 || (await this.#add(account, before, changes)))) ||
      (await syncs.quietly(account, { force: true }));
    const { vault } = this.#opened(account);
    return isShown ? vault : undefined;
  }

  /** @param before the vault that was shown when the first call was made. */
  async #add(account: Account, before: string | undefined, changes: readonly RawChange[]): Promise<boolean> {
    const { store, syncs, own, log } = this.parts;
    // What has been stored meanwhile may be newer than these answers.
    if (store.openedOf(account.id)?.cached.header.id !== before) return false;
    try {
      if (!(await syncs.add(account, changes))) return false;
      for (const { key } of changes) own.add(key);
      return true;
    } catch (error) {
      log.warn(`What the server has answered was not stored (${classNameOf(error)}).`);
      return false;
    }
  }

  async #readBack(
    account: Account,
    write: Write,
    { error, mayBeMade }: { readonly error: unknown; readonly mayBeMade: boolean },
  ): Promise<OpenVault> {
    const { syncs } = this.parts;
    const unknown = () => new ChangeUnknownError('the answer was lost', { cause: error });
    try {
      await syncs.run(account, { force: true });
    } catch {
      throw mayBeMade ? unknown() : error;
    }
    const { vault } = this.#opened(account);
    if (write.isMade(vault)) return vault;
    const gone = write.gone?.(vault);
    if (gone !== undefined) throw new GoneElsewhereError(gone, { cause: error });
    // What the server had not worked off by then may still be made.
    throw neverCarriedOut(error) ? error : unknown();
  }

  #opened(account: Account): Opened {
    const opened = this.parts.store.openedOf(account.id);
    if (opened === undefined) throw new LockedError('the vault is locked');
    return opened;
  }
}
