import type { SecretBytes } from '../base/secretBytes';
import type { ApiKey, TokenAnswer } from '../bitwarden/api/identity';
import type { ServerUrls } from '../bitwarden/api/servers';
import { ApiKeyRejectedError, CancelledError } from '../bitwarden/errors';
import { AccessTokens, type Connect } from './accessTokens';
import { VaultCache } from './storage/cache';
import { type DropReason, OtherAccountError } from '../vault/errors';
import { errorName } from '../base/thrown';
import { Emitter, type Event } from '../base/event';
import { Accounts } from './accounts';
import type { AccountRecord } from './storage/accountRecord';
import { FormerLayout } from './storage/formerLayout';
import { MasterPassword } from './masterPassword';
import type { MasterPasswordProof } from '../vault/masterPasswordProof';
import type { PasswordHash } from './passwordHash';
import type { Clock, Disposable, FileStore, FileWatch, Logger, SecretStore } from '../base/ports';
import { Records } from './storage/records';
import { Rotation, type RotationOutcome } from './apiKeyRotation';
import { SessionStore } from './sessionStore';
import { type Account, mustSignInAgain, type SessionState } from './state';
import { Synchronizer, type SyncOptions } from './sync/synchronizer';
import { Syncs } from './sync/syncs';
import { UserVerifier, type Verification } from './userVerification';

/**
 * One account in one window: signed out, locked or unlocked, with facts beside it. What other windows must know goes
 * through the records; every window reads them again when they change and when it gets the focus.
 */
export class Session {
  /** The latest signal to lock that this window has followed. */
  #followed: { readonly accountId: string; readonly signal: number } | undefined;
  /** Of this account this window has a rotation under way, and its mark is no sign of an unfinished one. */
  #rotating: string | undefined;
  #reading: Promise<void> = Promise.resolve();

  readonly #store: SessionStore;
  readonly #records: Records;
  readonly #accounts: Accounts;
  readonly #cache: VaultCache;
  readonly #tokens: AccessTokens;
  readonly #synchronizer: Synchronizer;
  readonly #syncs: Syncs;
  readonly #masterPassword: MasterPassword;
  readonly #verifier: UserVerifier;
  readonly #rotation: Rotation;
  readonly #subscriptions: readonly Disposable[];
  readonly #log: Logger;

  readonly #dropped = new Emitter<{ readonly accountId: string; readonly reason: DropReason }>();
  readonly #settled = new Emitter<{ readonly accountId: string; readonly outcome: 'recovered' | 'notRotated' }>();
  /** Every change of the state or of a fact. */
  readonly onDidChange: Event<SessionState>;
  /** There are no keys: whatever shows a secret has to close, such as an API key that was seen while locked. */
  readonly onDidLock: Event<undefined>;
  /** Fires in the window that found out, once; the others see the fact. */
  readonly onDidDrop = this.#dropped.event;
  /** A rotation that had been left unfinished was settled on its own. */
  readonly onDidSettleRotation = this.#settled.event;

  constructor(parts: {
    readonly secrets: SecretStore;
    readonly files: FileStore;
    readonly changes: FileWatch;
    readonly clock: Clock;
    readonly log: Logger;
    readonly connect: Connect;
  }) {
    const { secrets, files, changes, clock, log, connect } = parts;
    this.#log = log;
    this.#store = new SessionStore(clock);
    this.onDidChange = this.#store.onDidChange;
    this.onDidLock = this.#store.onDidLock;
    this.#records = new Records(secrets, files, clock);
    this.#cache = new VaultCache(files);
    this.#tokens = new AccessTokens(this.#records, files, clock, connect, (id, reason) => this.#onDrop(id, reason));
    this.#synchronizer = new Synchronizer(this.#tokens, this.#cache, files);
    this.#syncs = new Syncs({
      ...{ store: this.#store, records: this.#records, tokens: this.#tokens },
      ...{ cache: this.#cache, synchronizer: this.#synchronizer, clock, log },
    });
    this.#masterPassword = new MasterPassword(this.#store, this.#cache, this.#syncs);
    this.#verifier = new UserVerifier(this.#store, this.#cache, this.#syncs, this.#masterPassword);
    this.#rotation = new Rotation(this.#records, this.#tokens, files, log);
    const former = new FormerLayout(secrets, files, clock, this.#records);
    this.#accounts = new Accounts(this.#records, former, this.#cache, this.#tokens, this.#rotation, files);
    this.#subscriptions = [
      secrets.onDidChange((key) => {
        const { accountId } = this.#store;
        const concerns = this.#records.concerns(key, accountId) || (accountId === undefined && former.concerns(key));
        if (concerns) void this.checkAgain();
      }),
      changes.onDidChange((name) => {
        if (this.#records.concernsFile(name, this.#store.accountId)) void this.checkAgain();
      }),
    ];
  }

  get state(): SessionState {
    return this.#store.state;
  }

  /** Fires at the next lock or sign-out: what was asked for before it must reach neither the clipboard nor the screen. */
  get untilLock(): AbortSignal {
    return this.#store.untilLock;
  }

  /** Reads the stored account. No network. Never throws; the state is `unreadable` as long as nothing can be read. */
  async start(): Promise<void> {
    await this.checkAgain();
    // Where somebody stays signed in, nothing else looks for marks that are old enough.
    const failed = (error: unknown) => this.#log.warn(`Former accounts: ${errorName(error)}.`);
    if (this.#store.accountId !== undefined) void this.#accounts.removeSignedOut().catch(failed);
  }

  /** Takes over what other windows have written. Never throws. */
  checkAgain(): Promise<void> {
    this.#store.checkIdle();
    const failed = (error: unknown) => {
      this.#log.error(`The records could not be read (${errorName(error)}).`);
      this.#store.fail();
    };
    // A lock waits for no record that is on its way.
    this.#followLock().catch(failed);
    this.#reading = this.#reading.then(() => this.#readRecords().catch(failed));
    return this.#reading;
  }

  /**
   * Verifies the API key with the server, then stores it. The vault is fetched behind it; that it cannot be is a fact, not
   * a failure.
   *
   * @throws what the server says of the key, CancelledError, OtherAccountError when the server answers for another user
   * than the client_id names, AccountChangedError when another window has signed in meanwhile; nothing is stored then.
   */
  async signIn(servers: ServerUrls, key: ApiKey, signal?: AbortSignal): Promise<void> {
    const { parseClientId } = await import('../bitwarden/api/identity');
    const named = parseClientId(key.clientId);
    for (;;) {
      const known = await this.#records.accounts();
      const expectedUserId = named.kind === 'user' ? named.userId : undefined;
      const { answer, email } = await this.#verifyKey(servers, key, expectedUserId, signal);
      if (signal?.aborted) throw new CancelledError();
      const account = await this.#accounts.admit({ servers, ...key, email }, answer, known);
      // Another window has stored a key of this account meanwhile, which this one may be older than: the server tells.
      if (account === undefined) continue;
      await this.checkAgain();
      void this.#syncs.quietly(account, { acceptStamp: true, unlock: answer.masterPasswordUnlock });
      return;
    }
  }

  /**
   * Takes the client_secret that replaces a rejected one.
   *
   * @throws as signIn; OtherAccountError for the key of another account.
   */
  async replaceClientSecret(clientSecret: string, signal?: AbortSignal): Promise<void> {
    const { id } = this.#store.signedIn().account;
    for (;;) {
      const account = await this.#records.requireAccount(id);
      const key = { clientId: account.clientId, clientSecret };
      const answer = await this.#tokens.request(account.servers, key, account.userId, signal);
      // Another window may have stored a newer key meanwhile, which this one was good before: the server tells.
      if (!(await this.#rotation.replace(account, { clientSecret }, answer))) continue;
      await this.checkAgain();
      await this.#syncs.quietly(account, { unlock: answer.masterPasswordUnlock });
      return;
    }
  }

  /**
   * Starts over after the security stamp changed, after an answer for another user, or with weaker key settings.
   *
   * @param acceptWeakerKdf the user knows that the settings are weaker.
   * @throws as signIn; SessionDroppedError when the server does not accept the API key any more; KdfDowngradeError.
   */
  async signInAgain({ acceptWeakerKdf = false } = {}, signal?: AbortSignal): Promise<void> {
    const { account, facts } = this.#store.signedIn();
    const record = await this.#records.requireAccount(account.id);
    // Once the session counts as mended, nothing else would keep the former master password from opening this vault.
    if (mustSignInAgain(facts.dropped)) await this.#cache.delete(account.id);
    try {
      await this.#synchronizer.changingStamp(account.id, () => this.#startOver(record, { acceptWeakerKdf, signal }));
    } catch (error) {
      if (error instanceof ApiKeyRejectedError) throw await this.#tokens.reject(record, error);
      throw error;
    }
  }

  /** How long the key settings of the account will take: see MasterPassword. */
  expectedSeconds(): Promise<number | undefined> {
    return this.#masterPassword.expectedSeconds();
  }

  /**
   * Opens the vault with the master password; works offline from the cached vault.
   *
   * @param password UTF-8, wiped.
   * @throws WrongMasterPasswordError, which leaves everything as it is; SessionDroppedError, NothingCachedError,
   * NoMasterPasswordError, SlowKdfError, LockedError when it was locked meanwhile, and the errors of the crypto.
   */
  async unlock(password: SecretBytes, signal?: AbortSignal): Promise<void> {
    const { account, passwordHash } = await this.#masterPassword.unlock(password, signal);
    void this.#catchUp(account, passwordHash);
  }

  /** Locks the vault here and in all other windows. */
  async lock(): Promise<void> {
    this.#store.lock();
    const { accountId } = this.#store;
    if (accountId === undefined) return;
    const signal = await this.#records.nextLockSignal(accountId);
    this.#followed = { accountId, signal };
    await this.#records.signalLock(accountId, signal);
  }

  /** Removes the account from this machine, in all windows. */
  async signOut(): Promise<void> {
    const { id } = this.#store.signedIn().account;
    const despite = (what: string) => (error: unknown) => this.#log.warn(`${what}: ${errorName(error)}.`);
    this.#store.lock();
    // A file that cannot be deleted just now holds nothing in the clear, and must not keep the key here.
    await this.#cache.forget(id).catch(despite('Cached vault'));
    try {
      await this.#records.forget(id);
    } finally {
      await this.checkAgain();
      await this.#accounts.removeLeftBehind().catch(despite('What is left of former accounts'));
    }
  }

  /**
   * Brings the vault up to date.
   *
   * @throws when that fails; the failure is a fact until the next success, too.
   */
  async sync(options: { force?: boolean } = {}): Promise<void> {
    await this.#syncs.shared(this.#store.signedIn().account, options);
  }

  /**
   * For items that ask for the master password again.
   *
   * @param password UTF-8, wiped.
   * @throws WrongMasterPasswordError, also for one that opens another key than that of the open vault; LockedError.
   */
  proveMasterPassword(password: SecretBytes): Promise<MasterPasswordProof> {
    return this.#masterPassword.prove(password);
  }

  /** False: the server verifies this user by e-mailed codes. */
  async hasMasterPassword(): Promise<boolean> {
    return (await this.#records.requireAccount(this.#store.signedIn().account.id)).hasMasterPassword;
  }

  /** Has the server mail a one-time code. */
  async requestCode(): Promise<void> {
    const { id } = this.#store.signedIn().account;
    const { requestOtp } = await import('../bitwarden/api/accounts');
    await this.#tokens.use(id, requestOtp);
  }

  /** The current client_secret, from the server. */
  async viewApiKey(verification: Verification): Promise<string> {
    return this.#verifier.verifiedUnlessLocked(verification, async ({ id }, verified) => {
      const { viewApiKey } = await import('../bitwarden/api/accounts');
      return this.#tokens.use(id, (http, servers, token) => viewApiKey(http, servers, token, verified));
    });
  }

  /** See Rotation. On success the session of the new key is used; that it could not be got yet is a fact. */
  async rotateApiKey(verification: Verification): Promise<void> {
    const rotated = await this.#verifier.verified(verification, async (account, verified) => {
      this.#rotating = account.id;
      try {
        await this.#rotation.rotate(account.id, verified);
        return account;
      } finally {
        this.#rotating = undefined;
        await this.checkAgain();
      }
    });
    await this.#syncs.quietly(rotated);
  }

  /** Settles a rotation whose answer was lost: see Rotation. */
  async finishRotation(verification: Verification): Promise<RotationOutcome> {
    return this.#verifier.verified(verification, async ({ id }, verified) => {
      try {
        return await this.#rotation.finish(id, verified);
      } finally {
        await this.checkAgain();
      }
    });
  }

  /** Ends all sessions of the account everywhere, and starts over here, where the vault stays unlocked. */
  async deauthorizeSessions(verification: Verification): Promise<void> {
    await this.#verifier.verified(verification, async ({ id }, verified) => {
      const { deauthorizeSessions } = await import('../bitwarden/api/accounts');
      const account = await this.#records.requireAccount(id);
      await this.#synchronizer.changingStamp(id, async () => {
        await this.#tokens.use(id, (http, servers, token) => deauthorizeSessions(http, servers, token, verified));
        await this.#startOver(account);
      });
    });
  }

  /** The user used the vault. */
  touch(): void {
    this.#store.touch();
  }

  /** @param minutes of idleness after which the vault locks; undefined: never by time. Organisations may shorten it. */
  setTimeoutMinutes(minutes: number | undefined): void {
    this.#store.setTimeoutMinutes(minutes);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#store.dispose();
  }

  /** Gets a session, and takes the account and its security stamp as the server has them now. */
  async #startOver(
    account: AccountRecord,
    { acceptWeakerKdf, signal }: Pick<SyncOptions, 'acceptWeakerKdf' | 'signal'> = {},
  ): Promise<void> {
    const { answer, email } = await this.#verifyKey(account.servers, account, account.userId, signal);
    await this.#rotation.refresh(account, { email, hasMasterPassword: answer.hasMasterPassword });
    await this.#tokens.save(account, answer);
    await this.checkAgain();
    const unlock = answer.masterPasswordUnlock;
    await this.#syncs.run(account, { force: true, acceptStamp: true, acceptWeakerKdf, unlock, signal });
  }

  /** The profile is asked only where the token does not say who it is for: it fails for accounts without a key pair. */
  async #verifyKey(
    servers: ServerUrls,
    key: ApiKey,
    expectedUserId: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: TokenAnswer; email: string }> {
    const answer = await this.#tokens.request(servers, key, expectedUserId, signal);
    if (answer.email !== undefined) return { answer, email: answer.email };
    const { getProfile } = await import('../bitwarden/api/accounts');
    const profile = await getProfile(await this.#tokens.connect(), servers, answer.accessToken, signal);
    if (profile.id.toLowerCase() !== answer.userId) throw new OtherAccountError('the server answered for another user');
    return { answer, email: profile.email };
  }

  /** What waits for the master password or for the network is done once the vault is open. */
  async #catchUp(account: Account, passwordHash: PasswordHash | undefined): Promise<void> {
    if (passwordHash !== undefined) {
      try {
        const verified = () => ({ masterPasswordHash: passwordHash.toText() });
        const outcome = await this.#rotation.finish(account.id, verified);
        await this.checkAgain();
        if (outcome !== 'settled') this.#settled.fire({ accountId: account.id, outcome });
      } catch (error) {
        this.#log.warn(`The unfinished rotation could not be settled (${errorName(error)}).`);
      } finally {
        passwordHash.wipe();
      }
    }
    await Promise.all([this.#syncs.showCached(account), this.#syncs.quietly(account)]);
  }

  async #readRecords(): Promise<void> {
    const { accountId } = this.#store;
    const record = accountId === undefined ? await this.#accounts.shown() : await this.#records.account(accountId);
    if (record === undefined) {
      this.#store.leave();
      await this.#accounts.removeSignedOut();
      // Another window may have signed in to another account since.
      if (accountId !== undefined) await this.#readRecords();
      return;
    }
    const { id, userId, email, clientId, servers } = record;
    const [session, rotation, lastSync, lockSignal, isOutdated] = await Promise.all([
      this.#records.session(id),
      this.#records.rotation(id),
      this.#cache.checkedAt(id),
      this.#records.lockSignal(id),
      this.#records.isOutdated(record),
    ]);
    const current = session?.keyId === record.keyId && 'dropped' in session ? session.dropped : undefined;
    const dropped = isOutdated ? 'storedElsewhere' : current;
    const hasEnded = mustSignInAgain(dropped) && !mustSignInAgain(this.#store.facts?.dropped);
    if (this.#mustLock(id, lockSignal ?? 0) || hasEnded) this.#store.lock();
    const rotationUnfinished = !isOutdated && rotation?.keyId === record.keyId && this.#rotating !== id;
    this.#store.enter({ id, userId, email, clientId, servers }, { dropped, lastSync, rotationUnfinished });
  }

  /** Locks where another window has locked the vault or signed out. */
  async #followLock(): Promise<void> {
    const { accountId } = this.#store;
    if (accountId === undefined) return;
    const signal = await this.#records.lockSignal(accountId);
    const isSignedOut = await this.#records.isSignedOut(accountId);
    if (accountId !== this.#store.accountId) return;
    if (this.#mustLock(accountId, signal ?? 0) || isSignedOut) this.#store.lock();
  }

  /** Whether another window has given a signal to lock since this one has followed the last. */
  #mustLock(accountId: string, signal: number): boolean {
    const followed = this.#followed?.accountId === accountId ? this.#followed.signal : undefined;
    this.#followed = { accountId, signal: Math.max(signal, followed ?? 0) };
    return followed !== undefined && signal > followed;
  }

  async #onDrop(accountId: string, reason: DropReason): Promise<void> {
    if (accountId === this.#store.accountId) {
      // Every window locks by what it reads of this; a vault that may be in the wrong hands does not wait for it.
      if (mustSignInAgain(reason)) this.#store.lock();
      this.#store.update({ dropped: reason });
    }
    await this.checkAgain();
    this.#dropped.fire({ accountId, reason });
  }
}
