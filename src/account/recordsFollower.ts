import { Emitter } from '../base/event';
import { classNameOf } from '../base/thrown';
import type { Disposable, FileWatch, Logger, SecretStore } from '../base/ports';
import type { DropReason } from '../vault/errors';
import type { SessionStore } from './sessionStore';
import { mustSignInAgain } from './state';
import { accountFile } from './storage/fileNames';
import type { VaultCache } from './storage/cache';
import type { Records } from './storage/records';

/** Brings the state of an account in this window in line with what is stored, by this window and by others. */
export class RecordsFollower {
  /** By account: the latest signal to lock that this window has followed. */
  readonly #followed = new Map<string, number>();
  /** The account of which this window has a rotation under way: its mark does not mean that one is unfinished. */
  #rotating: string | undefined;
  #reading: Promise<void> = Promise.resolve();
  readonly #dropped = new Emitter<{ readonly accountId: string; readonly reason: DropReason }>();
  /** Fires once, in the window that found out; the others read it as a fact of the account. */
  readonly onDidDrop = this.#dropped.event;
  readonly #read = new Emitter<undefined>();
  /** The records were read, in a state in which somebody is signed in. */
  readonly onDidRead = this.#read.event;
  readonly #vaultStored = new Emitter<undefined>();
  /** The cached vault was written, by this window or another. */
  readonly onDidStoreVault = this.#vaultStored.event;
  readonly #subscriptions: readonly Disposable[] = [];

  constructor(
    private readonly parts: {
      /** Undefined: nobody is signed in. */
      readonly accountId: string | undefined;
      readonly store: SessionStore;
      readonly records: Records;
      readonly cache: VaultCache;
      readonly secrets: SecretStore;
      readonly changes: FileWatch;
      readonly log: Logger;
    },
  ) {
    const { accountId, records, secrets, changes } = parts;
    if (accountId === undefined) return;
    this.#subscriptions = [
      secrets.onDidChange((key) => {
        if (records.concerns(key, accountId)) void this.checkAgain();
      }),
      changes.onDidChange((name) => {
        if (records.concernsFile(name, accountId)) void this.checkAgain();
        if (name === undefined || name === accountFile(accountId, 'vault')) this.#vaultStored.fire(undefined);
      }),
    ];
  }

  /** Takes over what is stored now. Never throws: the state is `unreadable` as long as nothing could be read. */
  checkAgain(): Promise<void> {
    const { store, log } = this.parts;
    store.checkIdle();
    const failed = (error: unknown) => {
      log.error(`The records could not be read (${classNameOf(error)}).`);
      store.fail();
    };
    // At the same time as the records are read: they may take seconds to arrive, and a lock must not wait for them.
    this.#followLock().catch(failed);
    this.#reading = this.#reading.then(() => this.#readRecords().catch(failed));
    return this.#reading;
  }

  /** The latest signal to lock that this window has followed; 0 before the first. */
  followed(accountId: string): number {
    return this.#followed.get(accountId) ?? 0;
  }

  /** Locks the vault here and in all other windows. */
  async lock(): Promise<void> {
    const { store, records } = this.parts;
    store.lock();
    const { accountId } = store;
    if (accountId === undefined) return;
    const signal = await records.marks.nextLockSignal(accountId);
    this.#followed.set(accountId, signal);
    await records.marks.signalLock(accountId, signal);
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

  /** A session was thrown away by this window: here it counts at once, not only once the records are read again. */
  async drop(accountId: string, reason: DropReason): Promise<void> {
    const { store } = this.parts;
    // Other windows lock once they have read of it. This one does so at once: the vault may be in the wrong hands.
    if (mustSignInAgain(reason)) store.lock(accountId);
    store.update(accountId, { dropped: reason });
    await this.checkAgain();
    this.#dropped.fire({ accountId, reason });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #readRecords(): Promise<void> {
    const { accountId, store, records, cache } = this.parts;
    if (accountId === undefined) return;
    const record = await records.account(accountId);
    if (record === undefined) {
      store.leave();
      return;
    }
    const { id, userId, email, clientId, servers } = record;
    const [session, rotation, lastSync, lockSignal, hasPin, vaultTimeout, isOutdated] = await Promise.all([
      records.session(id),
      records.marks.rotation(id),
      cache.checkedAt(id),
      records.marks.lockSignal(id),
      records.pins.isSet(id),
      records.marks.vaultTimeout(id),
      records.isOutdated(record),
    ]);
    const current = session?.keyId === record.keyId && 'dropped' in session ? session.dropped : undefined;
    const dropped = isOutdated ? 'storedElsewhere' : current;
    const hasEnded = mustSignInAgain(dropped) && !mustSignInAgain(store.facts?.dropped);
    if (this.#mustLock(id, lockSignal ?? 0) || hasEnded) store.lock(id);
    store.setVaultTimeout(vaultTimeout);
    const rotationUnfinished = !isOutdated && rotation?.keyId === record.keyId && this.#rotating !== id;
    store.enter({ id, userId, email, clientId, servers }, { dropped, lastSync, rotationUnfinished, hasPin });
    this.#read.fire(undefined);
  }

  /** Locks if another window has locked the vault or signed out. */
  async #followLock(): Promise<void> {
    const { store, records } = this.parts;
    const { accountId } = store;
    if (accountId === undefined) return;
    const signal = await records.marks.lockSignal(accountId);
    const isSignedOut = await records.signOuts.isSignedOut(accountId);
    if (this.#mustLock(accountId, signal ?? 0) || isSignedOut) store.lock(accountId);
  }

  /** Whether another window has given a signal to lock since this one has followed the last. */
  #mustLock(accountId: string, signal: number): boolean {
    const followed = this.#followed.get(accountId);
    this.#followed.set(accountId, Math.max(signal, followed ?? 0));
    return followed !== undefined && signal > followed;
  }
}
