import { errorName } from '../base/thrown';
import type { Logger } from '../base/ports';
import type { Accounts } from './accounts';
import type { SessionStore } from './sessionStore';
import { mustSignInAgain } from './state';
import type { VaultCache } from './storage/cache';
import type { Records } from './storage/records';

/** Brings the state of this window in line with what is stored, by this window and by others. */
export class RecordsFollower {
  /** By account: the latest signal to lock that this window has followed. */
  readonly #followed = new Map<string, number>();
  /** Of this account this window has a rotation under way, and its mark is no sign of an unfinished one. */
  #rotating: string | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: SessionStore,
    private readonly records: Records,
    private readonly accounts: Accounts,
    private readonly cache: VaultCache,
    private readonly log: Logger,
  ) {}

  /** Takes over what is stored now. Never throws: the state is `unreadable` as long as nothing could be read. */
  checkAgain(): Promise<void> {
    this.store.checkIdle();
    const failed = (error: unknown) => {
      this.log.error(`The records could not be read (${errorName(error)}).`);
      this.store.fail();
    };
    // A lock waits for no record that is on its way.
    this.#followLock().catch(failed);
    this.#reading = this.#reading.then(() => this.#readRecords().catch(failed));
    return this.#reading;
  }

  /** Locks the vault here and in all other windows. */
  async lock(): Promise<void> {
    this.store.lock();
    const { accountId } = this.store;
    if (accountId === undefined) return;
    const signal = await this.records.nextLockSignal(accountId);
    this.#followed.set(accountId, signal);
    await this.records.signalLock(accountId, signal);
  }

  /** Runs a rotation of this window: meanwhile its mark does not show as an unfinished one. */
  async whileRotating<T>(accountId: string, rotate: () => Promise<T>): Promise<T> {
    this.#rotating = accountId;
    try {
      return await rotate();
    } finally {
      this.#rotating = undefined;
      await this.checkAgain();
    }
  }

  async #readRecords(): Promise<void> {
    const { accountId } = this.store;
    const record = accountId === undefined ? await this.accounts.shown() : await this.records.account(accountId);
    if (record === undefined) {
      this.store.leave();
      await this.accounts.removeSignedOut();
      // Another window may have signed in to another account since.
      if (accountId !== undefined) await this.#readRecords();
      return;
    }
    const { id, userId, email, clientId, servers } = record;
    const [session, rotation, lastSync, lockSignal, isOutdated] = await Promise.all([
      this.records.session(id),
      this.records.rotation(id),
      this.cache.checkedAt(id),
      this.records.lockSignal(id),
      this.records.isOutdated(record),
    ]);
    const current = session?.keyId === record.keyId && 'dropped' in session ? session.dropped : undefined;
    const dropped = isOutdated ? 'storedElsewhere' : current;
    const hasEnded = mustSignInAgain(dropped) && !mustSignInAgain(this.store.facts?.dropped);
    if (this.#mustLock(id, lockSignal ?? 0) || hasEnded) this.store.lock(id);
    const rotationUnfinished = !isOutdated && rotation?.keyId === record.keyId && this.#rotating !== id;
    this.store.enter({ id, userId, email, clientId, servers }, { dropped, lastSync, rotationUnfinished });
  }

  /** Locks where another window has locked the vault or signed out. */
  async #followLock(): Promise<void> {
    const { accountId } = this.store;
    if (accountId === undefined) return;
    const signal = await this.records.lockSignal(accountId);
    const isSignedOut = await this.records.isSignedOut(accountId);
    if (this.#mustLock(accountId, signal ?? 0) || isSignedOut) this.store.lock(accountId);
  }

  /** Whether another window has given a signal to lock since this one has followed the last. */
  #mustLock(accountId: string, signal: number): boolean {
    const followed = this.#followed.get(accountId);
    this.#followed.set(accountId, Math.max(signal, followed ?? 0));
    return followed !== undefined && signal > followed;
  }
}
