import { isDeepStrictEqual } from 'node:util';
import { SecretStorageError, SignedOutError } from '../vault/errors';
import { Emitter } from '../base/event';
import { IdleTimer, type LockSettings } from './idleTimer';
import type { Keyring } from '../vault/keyring';
import type { OpenVault } from '../vault/openVault';
import type { IdleLimits } from '../base/keyKeeper';
import type { Clock } from '../base/ports';
import type { CachedVault } from './storage/vaultLines';
import { lockTimes, type VaultTimeout } from './vaultTimeout';
import { type Account, type Facts, isSignedIn, type SessionState, type SignedIn } from './state';

/** A vault that was opened, and the keys that it reads with. */
export interface Opened {
  readonly keyring: Keyring;
  readonly vault: OpenVault;
  /** What it was opened from. */
  readonly cached: CachedVault;
}

/**
 * The state of one account in one window, and all its transitions: starting → signed out ⇄ locked ⇄ unlocked, with
 * facts beside it. Owns the keyring while the vault is unlocked, and locks after the idle time.
 *
 * Work that waits for something may find that the state has moved on. It notices so here and nowhere else: what uses
 * the keys keeps `untilLock` from its beginning, and has to end once that has fired; what is about an account names it,
 * and has no effect when another one, or none, is signed in by then.
 */
export class SessionStore {
  #state: SessionState = { kind: 'starting' };
  #opened: Opened | undefined;
  #untilLock = new AbortController();
  readonly #idle: IdleTimer;
  #settings: Partial<LockSettings> = {};
  #vaultTimeout: VaultTimeout | undefined;
  readonly #changed = new Emitter<SessionState>();
  readonly #locked = new Emitter<undefined>();
  readonly #used = new Emitter<undefined>();
  readonly #limited = new Emitter<IdleLimits>();
  readonly #restarted = new Emitter<undefined>();
  readonly onDidChange = this.#changed.event;
  /** The vault was used in this window. */
  readonly onDidUse = this.#used.event;
  /** The time until the vault locks begins anew. */
  readonly onDidRestart = this.#restarted.event;
  /** Other settings or policies may hold. */
  readonly onDidLimit = this.#limited.event;
  readonly onDidLock = this.#locked.event;

  constructor(clock: Clock) {
    this.#idle = new IdleTimer(clock, () => this.lock());
  }

  get state(): SessionState {
    return this.#state;
  }

  get accountId(): string | undefined {
    return isSignedIn(this.#state) ? this.#state.account.id : undefined;
  }

  get facts(): Facts | undefined {
    return isSignedIn(this.#state) ? this.#state.facts : undefined;
  }

  /** Undefined while the vault is locked. The keys stay the same ones until `untilLock` fires. */
  get opened(): Opened | undefined {
    return this.#opened;
  }

  /** As opened; undefined also for an account that is not, or no longer, the one of this window. */
  openedOf(accountId: string): Opened | undefined {
    return accountId === this.accountId ? this.#opened : undefined;
  }

  /** Fires at the next lock or sign-out: what was begun before it, with the master password or the keys, ends then. */
  get untilLock(): AbortSignal {
    return this.#untilLock.signal;
  }

  /** @throws SignedOutError; SecretStorageError */
  signedIn(): SignedIn {
    if (isSignedIn(this.#state)) return this.#state;
    if (this.#state.kind === 'unreadable') throw new SecretStorageError('not readable');
    throw new SignedOutError('signed out');
  }

  /** Somebody is signed in: locked unless it is unlocked already. */
  enter(account: Account, facts: Pick<Facts, 'dropped' | 'lastSync' | 'rotationUnfinished' | 'hasPin'>): void {
    if (this.accountId !== account.id) {
      if (this.accountId !== undefined) this.lock();
      this.#transition({
        kind: 'locked',
        account,
        facts: { syncing: false, problem: undefined, alone: undefined, ...facts },
      });
      return;
    }
    this.update(account.id, facts);
    if (!isDeepStrictEqual(account, this.signedIn().account)) this.#transition({ ...this.signedIn(), account });
  }

  /** Nothing could be read. What was read before still holds. */
  fail(): void {
    if (this.#state.kind === 'starting') this.#transition({ kind: 'unreadable' });
  }

  /** Nobody is signed in (any more); locks first. */
  leave(): void {
    if (isSignedIn(this.#state)) this.lock();
    if (this.#state.kind !== 'signedOut') this.#transition({ kind: 'signedOut' });
  }

  /** No effect where this account is not, or no longer, the one of this window. */
  update(accountId: string, facts: Partial<Facts>): void {
    const state = this.#state;
    if (!isSignedIn(state) || state.account.id !== accountId) return;
    const changed = (Object.keys(facts) as (keyof Facts)[]).some((name) => facts[name] !== state.facts[name]);
    if (changed) this.#transition({ ...state, facts: { ...state.facts, ...facts } });
  }

  /**
   * Unlocks the vault; one that is unlocked already stays as it is. The idle time starts anew in any case.
   *
   * @param opened its keyring is taken over.
   * @param idleMs how long ago the vault was used, in any window.
   */
  unlock(opened: Opened, idleMs = 0): void {
    const { account, facts } = this.signedIn();
    this.#idle.stop();
    if (this.#opened === undefined) {
      this.#opened = opened;
      this.#transition({ kind: 'unlocked', account, facts, vault: opened.vault });
      this.#setPolicies(opened.vault);
    } else {
      opened.keyring.wipe();
    }
    this.#idle.start(idleMs);
    this.#restarted.fire(undefined);
  }

  /**
   * Shows another vault, read with the keys of the one that is open.
   *
   * @param untilLock of the time when the reading began: no effect where it has fired since, as those keys are wiped.
   */
  show({ vault, cached }: Omit<Opened, 'keyring'>, untilLock: AbortSignal): void {
    if (untilLock.aborted || this.#opened === undefined) return;
    this.#opened = { ...this.#opened, vault, cached };
    const { account, facts } = this.signedIn();
    this.#transition({ kind: 'unlocked', account, facts, vault });
    this.#setPolicies(vault);
  }

  /**
   * Wipes the keys, and ends what is under way.
   *
   * @param accountId no effect where this account is not, or no longer, the one of this window.
   */
  lock(accountId: string | undefined = this.accountId): void {
    if (accountId !== this.accountId) return;
    const locking = this.#untilLock;
    this.#untilLock = new AbortController();
    locking.abort();
    this.#idle.stop();
    this.#opened?.keyring.wipe();
    this.#opened = undefined;
    if (this.#state.kind === 'unlocked') {
      const { account, facts } = this.#state;
      this.#transition({ kind: 'locked', account, facts });
    }
    this.#locked.fire(undefined);
  }

  /** The user used the vault. */
  touch(): void {
    this.touchedElsewhere();
    if (this.#state.kind === 'unlocked') this.#used.fire(undefined);
  }

  /** The user used the vault, in another window. */
  touchedElsewhere(): void {
    if (this.#state.kind !== 'unlocked') return;
    this.#idle.start();
    this.#restarted.fire(undefined);
  }

  /** Locks if the idle time is over, for when no timer could say so. */
  checkIdle(): void {
    this.#idle.check();
  }

  setLocking(settings: Partial<LockSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.#applyLocking();
  }

  /** The timeout of this account alone; undefined: that of the settings. */
  get vaultTimeout(): VaultTimeout | undefined {
    return this.#vaultTimeout;
  }

  setVaultTimeout(timeout: VaultTimeout | undefined): void {
    if (timeout === this.#vaultTimeout) return;
    this.#vaultTimeout = timeout;
    this.#applyLocking();
  }

  get limits(): IdleLimits {
    return this.#idle.limits;
  }

  /** Milliseconds since the vault was used. */
  get idleMs(): number {
    return this.#idle.idleMs;
  }

  /** Milliseconds until the vault locks, if nothing is used; undefined: not by time. */
  get leftMs(): number | undefined {
    return this.#idle.leftMs;
  }

  /** Keys are wiped without telling anybody: the window ends. */
  dispose(): void {
    this.#untilLock.abort();
    this.#idle.stop();
    this.#opened?.keyring.wipe();
  }

  #applyLocking(): void {
    this.#idle.set({ ...this.#settings, ...(this.#vaultTimeout !== undefined && lockTimes(this.#vaultTimeout)) });
    this.#limited.fire(this.limits);
  }

  #setPolicies({ policies }: OpenVault): void {
    this.#idle.setPolicies(policies);
    this.#limited.fire(this.limits);
  }

  #transition(next: SessionState): void {
    this.#state = next;
    this.#changed.fire(next);
  }
}
