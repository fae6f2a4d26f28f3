import type { KeeperLink, KeeperTrouble, KeyKeeper, KeptKey } from '../base/keyKeeper';
import type { Clock, Disposable, Logger } from '../base/ports';
import { type SecretBytes, wipe } from '../base/secretBytes';
import { classNameOf } from '../base/thrown';
import { takeSymmetricKey } from '../bitwarden/crypto/keys';
import type { RecordsFollower } from './recordsFollower';
import type { SessionStore } from './sessionStore';
import { mustSignInAgain } from './state';
import type { VaultCache } from './storage/cache';
import type { KeeperSecret } from './storage/keeperSecret';
import type { Records } from './storage/records';
import type { Unlocker } from './unlocker';
import { originOf } from './userKey';
import { UseTeller } from './useTeller';

/** What may be otherwise a moment later: a busy machine takes its time to start a process, and a process may end. */
const PASSING: ReadonlySet<KeeperTrouble> = new Set(['notStarted', 'noAnswer', 'ended']);

/** In milliseconds, twice as long after each failure in a row. */
const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 5 * 60_000;

interface Linked {
  readonly accountId: string;
  readonly link: KeeperLink;
}

/**
 * Unlocks all windows with one. A window that was unlocked has the keeper hold its user key, and marks that in a file; the
 * others see the file, and open the vault with the key. While a window is unlocked it stays connected: a lock of one locks
 * all, and a use of one counts for all. Without a keeper each window goes on alone.
 *
 * A lock wins against an unlock at the same time: a key is put under the signal to lock that its window has followed, and
 * is void for everybody once there is a later one.
 */
export class SharedUnlock {
  #enabled = false;
  #linked: Linked | undefined;
  /** Marks whose key the keeper did not have. */
  readonly #missing = new Map<string, number>();
  /** The next try, after so many in a row that have failed. */
  #again: Disposable | undefined;
  #failures = 0;
  /** One thing at a time: see #inTurn. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #teller: UseTeller;

  constructor(
    private readonly parts: {
      readonly store: SessionStore;
      readonly records: Records;
      readonly follower: RecordsFollower;
      readonly cache: VaultCache;
      readonly secret: KeeperSecret;
      readonly unlocker: Unlocker;
      readonly keeper: KeyKeeper;
      readonly clock: Clock;
      readonly log: Logger;
      /** Shares or joins once more, as what this window has open asks for. */
      readonly tryAgain: () => void;
    },
  ) {
    const { store, clock } = parts;
    store.onDidLock(() => this.#locked());
    this.#teller = new UseTeller(clock, () => this.#linked?.link.used(this.#linked.accountId));
    store.onDidUse(() => {
      if (this.#linked !== undefined) this.#teller.use();
    });
    store.onDidLimit((limits) => this.#linked?.link.setLimits(this.#linked.accountId, limits));
  }

  /** Whether this window shares its key with others, and takes theirs. */
  set enabled(enabled: boolean) {
    this.#enabled = enabled;
    if (enabled) return;
    const { store } = this.parts;
    // Where all windows leave, nobody needs the key any more.
    this.#linked?.link.setLimits(this.#linked.accountId, { ...store.limits, endsWithWindow: true });
    this.leave();
    if (store.accountId !== undefined) this.#alone(store.accountId, undefined);
  }

  /** Has the keeper hold the key of the vault that this window has open. Never throws. */
  async share(): Promise<void> {
    const { accountId, untilLock } = this.parts.store;
    if (accountId === undefined) return;
    // Twice, since a keeper may be ending at this very moment, along with a lock of before.
    const share = async () => (await this.#share(accountId, untilLock)) || (await this.#share(accountId, untilLock));
    await this.#inTurn(share, false);
  }

  /** @returns false where it is worth another try. */
  async #share(accountId: string, untilLock: AbortSignal): Promise<boolean> {
    const { store, records, follower } = this.parts;
    if (!this.#enabled || store.openedOf(accountId) === undefined) return true;
    const signal = follower.followed(accountId);
    const known = await this.#secretFor(accountId);
    if (known === undefined) {
      this.#alone(accountId, 'outdated');
      return true;
    }
    const { base } = (await records.marks.kept(accountId)) ?? {};
    const connecting = this.#linked?.link ?? this.#connect(accountId, known, untilLock, { start: true, base });
    const link = await Promise.resolve(connecting).finally(() => wipe(known));
    const opened = store.openedOf(accountId);
    const unlock = opened?.cached.header.unlock;
    if (link === undefined || untilLock.aborted || opened === undefined || unlock === undefined) return true;
    const key = opened.keyring.copyUnlockKey();
    const putting = link.put(accountId, { key, signal, origin: originOf(unlock), idleMs: store.idleMs });
    wipe(key);
    if (!(await putting)) return false;
    if (store.untilLock === untilLock) await records.marks.saveKept(accountId, { signal, base: link.base });
    return true;
  }

  /**
   * Opens the vault with the key that another window has had kept, or, where it is open, has this window hear what happens
   * in others.
   *
   * @returns whether the vault was unlocked by this. Never throws.
   */
  join(): Promise<boolean> {
    return this.#inTurn(() => this.#join(), false);
  }

  async #join(): Promise<boolean> {
    const { store, records, secret, follower } = this.parts;
    const { accountId, untilLock } = store;
    if (!this.#enabled || accountId === undefined || this.#linked !== undefined) return false;
    const mark = await records.marks.kept(accountId);
    if (mark === undefined || mark.since === this.#missing.get(accountId)) return false;
    if (mark.signal < follower.followed(accountId)) return false;
    const known = await secret.read();
    if (known === undefined) return false;
    const { base } = mark;
    const link = await this.#connect(accountId, known, untilLock, { start: false, base }).finally(() => wipe(known));
    if (link === undefined) {
      if (this.#again === undefined) this.#missing.set(accountId, mark.since);
      return false;
    }
    if (store.openedOf(accountId) !== undefined) return false;
    try {
      const kept = await link.get(accountId);
      return kept !== undefined && (await this.#open(kept, untilLock));
    } finally {
      // A window that stays locked must not count as one that uses the key.
      if (store.openedOf(accountId) === undefined && this.#again === undefined) {
        this.#missing.set(accountId, mark.since);
        this.leave();
      }
    }
  }

  /** @param kept its key is taken over. @returns false when it is void, or of another vault. */
  async #open({ key, signal, origin, idleMs }: KeptKey, untilLock: AbortSignal): Promise<boolean> {
    const { store, records, cache, unlocker, follower } = this.parts;
    let isTaken = false;
    try {
      const { account } = store.signedIn();
      const mayOpen = () =>
        !untilLock.aborted &&
        store.accountId === account.id &&
        signal >= follower.followed(account.id) &&
        !mustSignInAgain(store.facts?.dropped);
      const isVoid = async () => signal < ((await records.marks.lockSignal(account.id)) ?? 0);
      const file = await cache.file(account.id);
      const unlock = file?.header.unlock;
      if (file === undefined || unlock === undefined || !originOf(unlock).equals(origin)) return false;
      if ((await isVoid()) || !mayOpen()) return false;
      isTaken = true;
      const opened = await unlocker.openVault(unlocker.withUserKey(account, file, takeSymmetricKey(key)), untilLock);
      const isTooLate = await isVoid().catch(() => true);
      if (isTooLate || !mayOpen()) {
        opened.keyring.wipe();
        return false;
      }
      store.unlock(opened, idleMs);
      return true;
    } finally {
      if (!isTaken) wipe(key);
    }
  }

  /**
   * Locks where this window is not connected: a keeper may be there of windows that are gone. To be called before the
   * secret is removed. Never throws.
   *
   * @param signal see KeeperLink.lock; `any`: whatever was put until now.
   */
  async lockKept(accountId: string, signal: number | 'any'): Promise<void> {
    const { records, secret, keeper, follower, log } = this.parts;
    try {
      const mark = await records.marks.kept(accountId);
      if (mark === undefined) return;
      const known = await secret.read();
      if (known === undefined) return;
      const { base } = mark;
      const answer = await keeper.connect(known, { start: false, base }).finally(() => wipe(known));
      if (answer.kind !== 'linked') return;
      const until = signal === 'any' ? Math.max(mark.signal, follower.followed(accountId)) : signal;
      answer.link.lock(accountId, Math.max(until, 0));
      answer.link.dispose();
    } catch (error) {
      log.warn(`The keeper was not told of a lock (${classNameOf(error)}).`);
    }
  }

  /**
   * The secret, made where there is none yet. Not in a page of a browser that was loaded before others have stored what it
   * does not see: there each page reads the secrets once, and writes back all that it has read.
   *
   * @returns the caller's to wipe.
   */
  async #secretFor(accountId: string): Promise<SecretBytes | undefined> {
    const { records, secret } = this.parts;
    const known = await secret.read();
    if (known !== undefined) return known;
    if (await records.isOutdated(await records.requireAccount(accountId))) return undefined;
    return secret.make();
  }

  /** Runs one task after the other. A failure is logged, and nothing else: each window can go on alone. */
  #inTurn<T>(task: () => Promise<T>, otherwise: T): Promise<T> {
    const running = this.#turn.then(task).catch((error: unknown) => {
      this.parts.log.warn(`No unlocking along with other windows (${classNameOf(error)}).`);
      return otherwise;
    });
    this.#turn = running;
    return running;
  }

  /** This window ends, or goes on alone. Others are not affected. */
  leave(): void {
    const { link } = this.#linked ?? {};
    this.#linked = undefined;
    this.#teller.stop();
    link?.dispose();
    this.#again?.dispose();
    this.#again = undefined;
  }

  /** Until then this window goes on alone. */
  #tryLater(): void {
    const rest = Math.min(FIRST_REST_MS * 2 ** this.#failures++, LONGEST_REST_MS);
    this.#again?.dispose();
    this.#again = this.parts.clock.setTimeout(
      () => {
        this.#again = undefined;
        // Another window may have brought this one back meanwhile.
        if (this.#linked === undefined) this.parts.tryAgain();
      },
      // Other windows have lost the same keeper at the same moment.
      rest * (0.5 + Math.random() / 2),
    );
  }

  async #connect(
    accountId: string,
    secret: SecretBytes,
    untilLock: AbortSignal,
    options: { readonly start: boolean; readonly base: string | undefined },
  ): Promise<KeeperLink | undefined> {
    const { store, keeper, log } = this.parts;
    const answer = await keeper.connect(secret, options);
    if (answer.kind !== 'linked') {
      const why = answer.kind === 'refused' ? answer.why : undefined;
      if (why !== undefined && this.#failures === 0) log.warn(`No keeper for all windows: ${why}.`);
      // One that was not asked to begin need not be there.
      if (options.start) this.#alone(accountId, why ?? 'notStarted');
      const mayPass = options.start ? PASSING.has(why ?? 'notStarted') : why === 'noAnswer';
      if (mayPass && this.#enabled && !untilLock.aborted) this.#tryLater();
      return undefined;
    }
    const { link } = answer;
    if (untilLock.aborted || !this.#enabled || this.#linked !== undefined) {
      link.dispose();
      return undefined;
    }
    const linked = { accountId, link };
    this.#linked = linked;
    link.onDidLock((locked) => {
      if (locked !== accountId || this.#linked !== linked) return;
      this.leave();
      store.lock(accountId);
    });
    link.onDidUse((used) => {
      if (used === accountId && this.#linked === linked) store.touchedElsewhere();
    });
    link.onDidClose(() => {
      if (this.#linked !== linked) return;
      this.leave();
      this.#alone(accountId, 'ended');
      this.#tryLater();
    });
    link.setLimits(accountId, store.limits);
    this.#alone(accountId, undefined);
    return link;
  }

  #alone(accountId: string, why: KeeperTrouble | undefined): void {
    this.parts.store.update(accountId, { alone: why });
  }

  #locked(): void {
    const { accountId, link } = this.#linked ?? {};
    if (accountId !== undefined) link?.lock(accountId, this.parts.follower.followed(accountId));
    this.leave();
    this.#failures = 0;
  }
}
