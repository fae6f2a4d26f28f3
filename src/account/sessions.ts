import { Emitter } from '../base/event';
import { classNameOf } from '../base/thrown';
import type { Disposable } from '../base/ports';
import type { ApiKey } from '../bitwarden/api/identity';
import type { ServerUrls } from '../bitwarden/http/servers';
import type { HttpClient } from '../bitwarden/http/client';
import type { DropReason } from '../vault/errors';
import { Accounts } from './accounts';
import { ActiveSession } from './activeSession';
import type { SettledRotation } from './apiKeys';
import type { LockSettings } from './idleTimer';
import { AccountSession, type Session, type WindowParts } from './session';
import { VaultCache } from './storage/cache';
import { FormerLayout } from './storage/formerLayout';
import { KeeperSecret } from './storage/keeperSecret';
import { Records } from './storage/records';

/** Which account this workspace uses, between windows: the random id, and nothing else of it. */
export interface AccountChoice {
  readonly id: string | undefined;
  remember(id: string): Promise<void>;
}

/** Remembers nothing: another window begins with the first account. */
export const forgetful: AccountChoice = { id: undefined, remember: () => Promise.resolve() };

/**
 * The accounts on this machine, each with a session in this window that goes on whether it is the active one or not. One of
 * them is active here; other windows may have another one.
 */
export class Sessions implements Disposable {
  /** Stands for the account that is active. */
  readonly active: ActiveSession;
  readonly #records: Records;
  readonly #accounts: Accounts;
  readonly #shared: ConstructorParameters<typeof AccountSession>[0];
  /** Stands for that nobody is signed in. */
  readonly #nobody: AccountSession;
  readonly #byId = new Map<string, AccountSession>();
  #settings: Partial<LockSettings> = {};
  #sharing = false;
  #isLive = false;
  #reading: Promise<void> = Promise.resolve();
  readonly #subscriptions: readonly Disposable[];
  #isDisposed = false;

  readonly #changed = new Emitter<undefined>();
  readonly #locked = new Emitter<Session>();
  readonly #dropped = new Emitter<{ readonly session: Session; readonly reason: DropReason }>();
  readonly #settled = new Emitter<SettledRotation & { readonly session: Session }>();
  /** An account is here or gone, another one is active, or something has changed about one of them. */
  readonly onDidChange = this.#changed.event;
  /** The vault of an account was locked, whether it is the active one or not. See Session.onDidLock. */
  readonly onDidLock = this.#locked.event;
  /** As Session.onDidDrop, of all accounts. */
  readonly onDidDrop = this.#dropped.event;
  /** As Session.onDidSettleRotation, of all accounts. */
  readonly onDidSettleRotation = this.#settled.event;

  constructor(
    private readonly parts: WindowParts,
    private readonly choice: AccountChoice = forgetful,
  ) {
    const { secrets, files, changes, clock } = parts;
    this.#records = new Records(secrets, files, clock);
    const cache = new VaultCache(files);
    const former = new FormerLayout(secrets, files, clock, this.#records);
    this.#accounts = new Accounts(this.#records, former, cache, files);
    const keeperSecret = new KeeperSecret(secrets, files, clock);
    this.#shared = {
      ...{ ...parts, accountId: undefined, connect: oneClient(parts.connect) },
      ...{ records: this.#records, accounts: this.#accounts, cache, keeperSecret },
    };
    this.#nobody = new AccountSession(this.#shared);
    this.active = new ActiveSession(this.#nobody, this);
    this.#subscriptions = [
      secrets.onDidChange((key) => {
        const isFormer = this.#byId.size === 0 && former.concerns(key);
        if (isFormer || this.#records.concerns(key, undefined)) void this.#look();
      }),
      changes.onDidChange((name) => {
        if (this.#records.concernsFile(name, undefined)) void this.#look();
      }),
    ];
  }

  /** One for each account that is here, in an order that stays. */
  get all(): readonly Session[] {
    return [...this.#byId.values()];
  }

  /** The session of the account that is active now, whichever will be later. What is begun with it stays with its account. */
  get current(): Session {
    return this.active.now;
  }

  /** Reads the stored accounts. No network. Never throws; see Session.start. */
  async start(): Promise<void> {
    await this.#look();
    const failed = (error: unknown) => this.parts.log.warn(`Former accounts: ${classNameOf(error)}.`);
    // Where nobody is signed in, it is done by now. Old marks have to go where somebody stays signed in, too.
    if (this.#byId.size > 0) void this.#accounts.removeSignedOut().catch(failed);
  }

  /** Takes over what other windows have written, of all accounts. Never throws. */
  async checkAgain(): Promise<void> {
    // At the same time: the records may take seconds to arrive, and a lock must not wait for them.
    const known = [...this.#byId.values()].map((session) => session.checkAgain());
    await Promise.all([...known, this.#look()]);
  }

  /**
   * Signs in to an account, beside all others; to one that is here already with another key. It is the active one then.
   *
   * @throws as AccountSession.admit.
   */
  async signIn(servers: ServerUrls, key: ApiKey, signal?: AbortSignal): Promise<void> {
    const admitted = await this.#nobody.admit(servers, key, signal);
    await this.#look();
    const session = this.#byId.get(admitted.account.id);
    this.activate(admitted.account.id);
    await session?.begin(admitted);
  }

  /** Has this window, and this workspace from now on, use the account. No effect for one that is not here. */
  activate(id: string): void {
    const session = this.#byId.get(id);
    if (session === undefined) return;
    this.#use(session);
    if (id === this.choice.id) return;
    const failed = (error: unknown) => this.parts.log.warn(`The account was not remembered: ${classNameOf(error)}.`);
    void this.choice.remember(id).catch(failed);
  }

  /** Holds for all accounts, and for those to come. */
  setLocking(settings: Partial<LockSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    for (const session of this.#byId.values()) session.setLocking(settings);
  }

  /** As setLocking. See Session.setSharing. */
  setSharing(sharing: boolean): void {
    this.#sharing = sharing;
    for (const session of this.#byId.values()) session.setSharing(sharing);
  }

  /** As setLocking. See Session.setLive. */
  setLive(isLive: boolean): void {
    this.#isLive = isLive;
    for (const session of this.#byId.values()) session.setLive(isLive);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const session of [...this.#byId.values(), this.#nobody]) session.dispose();
  }

  /** Looks which accounts are here. Never throws. */
  #look(): Promise<void> {
    const failed = (error: unknown) => {
      this.parts.log.error(`The accounts could not be read (${classNameOf(error)}).`);
      this.#nobody.fail();
      this.#changed.fire(undefined);
    };
    this.#reading = this.#reading.then(() => this.#read().catch(failed));
    return this.#reading;
  }

  async #read(): Promise<void> {
    const ids = (await this.#accounts.shown()).map(({ id }) => id);
    const gone = [...this.#byId].filter(([id]) => !ids.includes(id)).map(([, session]) => session);
    await Promise.all(gone.map((session) => session.checkAgain()));
    const added = ids.filter((id) => !this.#byId.has(id)).map((id) => this.#open(id));
    await Promise.all(added.map((session) => session.start()));
    for (const session of added) this.#add(session);
    this.#choose();
    if (ids.length === 0 || gone.length > 0) await this.#accounts.removeSignedOut();
  }

  #open(accountId: string): AccountSession {
    const session = new AccountSession({ ...this.#shared, accountId });
    session.setLocking(this.#settings);
    session.setSharing(this.#sharing);
    session.setLive(this.#isLive);
    return session;
  }

  #add(session: AccountSession): void {
    const { accountId } = session;
    // It may have been signed out while it was read, or the window is closed.
    if (accountId === undefined || session.state.kind === 'signedOut' || this.#isDisposed) {
      session.dispose();
      return;
    }
    this.#byId.set(accountId, session);
    // They may have changed while it was read.
    session.setLocking(this.#settings);
    session.setSharing(this.#sharing);
    session.setLive(this.#isLive);
    session.onDidLock(() => this.#locked.fire(session));
    session.onDidDrop(({ reason }) => this.#dropped.fire({ session, reason }));
    session.onDidSettleRotation((settled) => this.#settled.fire({ ...settled, session }));
    session.onDidChange(({ kind }) => {
      if (kind === 'signedOut' && this.#byId.delete(accountId)) {
        this.#choose();
        session.dispose();
        void this.#look();
      } else {
        this.#changed.fire(undefined);
      }
    });
  }

  /** The account of this workspace; where that is not here, the one that is active anyway, or else the first. */
  #choose(): void {
    const { id } = this.choice;
    const { all, current } = this;
    const chosen = id === undefined ? undefined : this.#byId.get(id);
    const next = chosen ?? (all.includes(current) ? current : all[0]);
    if (next === undefined) this.#nobody.leave();
    this.#use(next ?? this.#nobody);
  }

  #use(session: Session): void {
    this.active.follow(session);
    this.#changed.fire(undefined);
  }
}

/** One HTTP client for all accounts, since it remembers rate limits. */
function oneClient(connect: WindowParts['connect']): WindowParts['connect'] {
  let last: { readonly device: string; readonly client: Promise<HttpClient> } | undefined;
  return (device) => {
    if (last?.device !== device) last = { device, client: connect(device) };
    return last.client;
  };
}
