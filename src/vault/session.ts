import type { UserVerification } from '../bitwarden/api/accounts';
import type { ApiKey } from '../bitwarden/api/identity';
import type { EncryptedVault, MasterPasswordUnlock } from '../bitwarden/api/model';
import type { ServerUrls } from '../bitwarden/api/servers';
import { ApiKeyRejectedError } from '../bitwarden/errors';
import { AccessTokens, type Connect } from './accessTokens';
import { asError } from './asError';
import { VaultCache } from './cache';
import { LockedError, NothingCachedError, OtherAccountError, SessionDroppedError } from './errors';
import { errorName } from './errorName';
import { Emitter, type Event } from './event';
import type { Clock, Disposable, FileStore, Logger, SecretStore } from './ports';
import { type AccountRecord, Records } from './records';
import { RepromptProof } from './repromptProof';
import { Rotation } from './rotation';
import { SessionStore } from './sessionStore';
import { type DropReason, mustSignInAgain, type SessionState } from './state';
import { Synchronizer } from './synchronizer';
import type { Unlocker } from './unlocker';
import type { Verification } from './verification';

/**
 * One account in one window: signed out, locked or unlocked, with facts beside it. What other windows must know goes
 * through the records; every window reads them again when they change and when it gets the focus.
 */
export class Session {
  #lockSignal: string | undefined;
  /** The mark of a rotation is no sign of an unfinished one while this window is at it. */
  #rotating = false;
  #syncFlight: Promise<void> | undefined;
  /** Syncs under way: one behind an unlock may run beside one that was asked for. */
  #syncs = 0;
  #reading: Promise<void> = Promise.resolve();

  readonly #store: SessionStore;
  readonly #records: Records;
  readonly #cache: VaultCache;
  readonly #tokens: AccessTokens;
  readonly #synchronizer: Synchronizer;
  readonly #rotation: Rotation;
  readonly #subscription: Disposable;
  readonly #clock: Clock;
  readonly #log: Logger;

  readonly #dropped = new Emitter<DropReason>();
  readonly #settled = new Emitter<'recovered' | 'notRotated'>();
  /** Every change of the state or of a fact. */
  readonly onDidChange: Event<SessionState>;
  /** The keys are gone: whatever shows a secret has to close. */
  readonly onDidLock: Event<undefined>;
  /** Fires in the window that found out, once; the others see the fact. */
  readonly onDidDrop = this.#dropped.event;
  /** A rotation that had been left unfinished was settled on its own. */
  readonly onDidSettleRotation = this.#settled.event;

  constructor(parts: { secrets: SecretStore; files: FileStore; clock: Clock; log: Logger; connect: Connect }) {
    const { secrets, files, clock, log, connect } = parts;
    this.#clock = clock;
    this.#log = log;
    this.#store = new SessionStore(clock);
    this.onDidChange = this.#store.onDidChange;
    this.onDidLock = this.#store.onDidLock;
    this.#records = new Records(secrets);
    this.#cache = new VaultCache(files);
    this.#tokens = new AccessTokens(this.#records, files, clock, connect, (reason) => this.#onDrop(reason));
    this.#synchronizer = new Synchronizer(this.#tokens, this.#cache, files);
    this.#rotation = new Rotation(this.#records, this.#tokens, files, log);
    this.#subscription = secrets.onDidChange((key) => {
      if (this.#records.kindOf(key, this.#store.userId)) void this.checkAgain();
    });
  }

  get state(): SessionState {
    return this.#store.state;
  }

  /** Reads the stored account. No network. Never throws; the state is `unreadable` as long as nothing can be read. */
  start(): Promise<void> {
    return this.checkAgain();
  }

  /** Takes over what other windows have written. Never throws. */
  checkAgain(): Promise<void> {
    this.#store.checkIdle();
    this.#reading = this.#reading.then(() =>
      this.#readRecords().catch((error: unknown) => {
        this.#log.error(`Records could not be read: ${String(error)}`);
        this.#store.fail();
      }),
    );
    return this.#reading;
  }

  /**
   * Verifies the API key with the server, then stores it and fetches the vault; a vault that cannot be fetched is a
   * fact, not a failure.
   *
   * @throws what the server says of the key; nothing is stored then.
   */
  async signIn(servers: ServerUrls, key: ApiKey, signal?: AbortSignal): Promise<void> {
    const { getProfile } = await import('../bitwarden/api/accounts');
    const answer = await this.#tokens.request(servers, key, undefined, signal);
    const profile = await getProfile(await this.#tokens.connect(), servers, answer.accessToken, signal);
    if (profile.id.toLowerCase() !== answer.userId) throw new OtherAccountError('the server answered for another user');
    const account: AccountRecord = {
      ...{ userId: answer.userId, email: profile.email, servers, ...key },
      ...{ keyId: globalThis.crypto.randomUUID(), hasMasterPassword: answer.hasMasterPassword },
    };
    // What an earlier sign-in has left under this user id may be of another server.
    const before = await this.#records.makeRoom(account.userId);
    for (const userId of [...before, account.userId]) await this.#cache.delete(userId);
    await this.#records.saveAccount(account);
    await this.#tokens.save(account, answer);
    await this.checkAgain();
    await this.#syncQuietly({ acceptStamp: true, unlock: answer.masterPasswordUnlock });
  }

  /**
   * Takes the client_secret that replaces a rejected one.
   *
   * @throws as signIn; OtherAccountError for the key of another account.
   */
  async replaceClientSecret(clientSecret: string, signal?: AbortSignal): Promise<void> {
    const account = await this.#account();
    const answer = await this.#tokens.request(account.servers, { ...account, clientSecret }, account.userId, signal);
    await this.#rotation.replace(account, clientSecret, answer);
    await this.checkAgain();
    await this.#syncQuietly({ unlock: answer.masterPasswordUnlock });
  }

  /**
   * Starts over after the security stamp changed, or after an answer for another user.
   *
   * @throws as signIn; SessionDroppedError when the server does not accept the API key any more.
   */
  async signInAgain(signal?: AbortSignal): Promise<void> {
    const account = await this.#account();
    // Once the session counts as mended, nothing else would keep the former master password from opening this vault.
    if (mustSignInAgain(this.#store.signedIn().facts.dropped)) await this.#cache.delete(account.userId);
    try {
      await this.#synchronizer.changingStamp(account.userId, () => this.#startOver(account, signal));
    } catch (error) {
      if (error instanceof ApiKeyRejectedError) throw await this.#tokens.drop(account, 'keyRejected');
      throw error;
    }
  }

  /**
   * Opens the vault with the master password; works offline from the cached vault.
   *
   * @param password UTF-8, wiped.
   * @throws WrongMasterPasswordError, which leaves everything as it is; SessionDroppedError, NothingCachedError,
   * NoMasterPasswordError, LockedError when it was locked meanwhile, and the errors of the crypto.
   */
  async unlock(password: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { epoch } = this.#store;
    try {
      const { account, facts } = this.#store.signedIn();
      const { dropped } = facts;
      // The master password may have been changed because this one leaked.
      if (mustSignInAgain(dropped)) throw new SessionDroppedError(dropped);
      await this.#fetchIfNothingCached();
      const unlocker = await this.#unlocker();
      const { masterPasswordHash, ...opened } = await unlocker.unlock(account, password, signal);
      if (epoch !== this.#store.epoch) {
        opened.keyring.wipe();
        throw new LockedError('locked meanwhile');
      }
      this.#store.open(opened);
      void this.#catchUp(masterPasswordHash);
    } finally {
      password.fill(0);
    }
  }

  /** Locks the vault here and in all other windows. */
  async lock(): Promise<void> {
    this.#store.lock();
    await this.#records.signalLock();
    this.#lockSignal = await this.#records.lockSignal();
  }

  /** Removes the account from this machine, in all windows. */
  async signOut(): Promise<void> {
    const { userId } = this.#store.signedIn().account;
    // Other windows lock even if the account is back before they have looked.
    await this.lock();
    // A file that cannot be deleted just now holds nothing in the clear, and must not keep the key here.
    await this.#cache.delete(userId).catch((error: unknown) => this.#log.warn(`Cached vault: ${errorName(error)}.`));
    await this.#records.forget(userId);
    await this.checkAgain();
  }

  /**
   * Brings the vault up to date.
   *
   * @throws when that fails; the failure is a fact until the next success, too.
   */
  sync(options: { force?: boolean } = {}): Promise<void> {
    this.#syncFlight ??= this.#sync({ force: options.force ?? false }).finally(() => (this.#syncFlight = undefined));
    return this.#syncFlight;
  }

  /**
   * For items that ask for the master password again.
   *
   * @param password UTF-8, wiped.
   * @throws WrongMasterPasswordError
   */
  async proveMasterPassword(password: Uint8Array): Promise<RepromptProof> {
    await this.#hash(password);
    return new RepromptProof();
  }

  /** False: the server verifies this user by e-mailed codes. */
  async hasMasterPassword(): Promise<boolean> {
    return (await this.#account()).hasMasterPassword;
  }

  /** Has the server mail a one-time code. */
  async requestCode(): Promise<void> {
    const { requestOtp } = await import('../bitwarden/api/accounts');
    await this.#tokens.use(this.#store.signedIn().account.userId, requestOtp);
  }

  /** The current client_secret, from the server. */
  async viewApiKey(verification: Verification): Promise<string> {
    const { viewApiKey } = await import('../bitwarden/api/accounts');
    const verified = await this.#verify(verification);
    return this.#tokens.use(this.#store.signedIn().account.userId, (http, servers, token) =>
      viewApiKey(http, servers, token, verified),
    );
  }

  /** See Rotation. On success the session of the new key is used; that it could not be got yet is a fact. */
  async rotateApiKey(verification: Verification): Promise<void> {
    const verified = await this.#verify(verification);
    this.#rotating = true;
    try {
      await this.#rotation.rotate(this.#store.signedIn().account.userId, verified);
    } finally {
      this.#rotating = false;
      await this.checkAgain();
    }
    await this.#syncQuietly();
  }

  /** Settles a rotation whose answer was lost: see Rotation. */
  async finishRotation(verification: Verification): Promise<'recovered' | 'notRotated'> {
    const verified = await this.#verify(verification);
    try {
      return await this.#rotation.finish(this.#store.signedIn().account.userId, verified);
    } finally {
      await this.checkAgain();
    }
  }

  /** Ends all sessions of the account everywhere, and starts over here, where the vault stays unlocked. */
  async deauthorizeSessions(verification: Verification): Promise<void> {
    const { deauthorizeSessions } = await import('../bitwarden/api/accounts');
    const verified = await this.#verify(verification);
    const account = await this.#account();
    await this.#synchronizer.changingStamp(account.userId, async () => {
      await this.#tokens.use(account.userId, (http, servers, token) =>
        deauthorizeSessions(http, servers, token, verified),
      );
      await this.#startOver(account);
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
    this.#subscription.dispose();
    this.#store.dispose();
  }

  /** Gets a session and takes the security stamp as the server has it now. */
  async #startOver(account: AccountRecord, signal?: AbortSignal): Promise<void> {
    const answer = await this.#tokens.request(account.servers, account, account.userId, signal);
    await this.#tokens.save(account, answer);
    await this.checkAgain();
    await this.#sync({ force: true, acceptStamp: true, unlock: answer.masterPasswordUnlock });
  }

  #account(): Promise<AccountRecord> {
    return this.#records.requireAccount(this.#store.signedIn().account.userId);
  }

  /** Loaded late: it brings the crypto along. */
  async #unlocker(): Promise<Unlocker> {
    const { Unlocker } = await import('./unlocker');
    return new Unlocker(this.#cache);
  }

  async #fetchIfNothingCached(): Promise<void> {
    if (await this.#cache.read(this.#store.signedIn().account.userId)) return;
    try {
      await this.sync({ force: true });
    } catch (error) {
      throw new NothingCachedError('nothing cached', { cause: error });
    }
  }

  async #hash(password: Uint8Array): Promise<string> {
    try {
      return await (await this.#unlocker()).masterPasswordHash(this.#store.signedIn().account, password);
    } finally {
      password.fill(0);
    }
  }

  async #verify(verification: Verification): Promise<UserVerification> {
    if (verification.kind === 'code') return { otp: verification.code };
    return { masterPasswordHash: await this.#hash(verification.password) };
  }

  /** What waits for the master password or for the network is done once the vault is open. */
  async #catchUp(masterPasswordHash: string): Promise<void> {
    const { account, facts } = this.#store.signedIn();
    if (facts.rotationUnfinished) {
      try {
        const outcome = await this.#rotation.finish(account.userId, { masterPasswordHash });
        await this.checkAgain();
        this.#settled.fire(outcome);
      } catch (error) {
        this.#log.warn(`The unfinished rotation could not be settled (${errorName(error)}).`);
      }
    }
    await this.#syncQuietly();
  }

  async #syncQuietly(
    options: { acceptStamp?: boolean; unlock?: MasterPasswordUnlock | undefined } = {},
  ): Promise<void> {
    try {
      await this.#sync({ force: false, ...options });
    } catch (error) {
      this.#log.warn(`Sync failed (${errorName(error)}).`);
    }
  }

  async #sync(options: {
    force: boolean;
    acceptStamp?: boolean;
    unlock?: MasterPasswordUnlock | undefined;
  }): Promise<void> {
    const { account } = this.#store.signedIn();
    this.#syncs++;
    this.#store.update({ syncing: true });
    try {
      const outcome = await this.#synchronizer.run(account, {
        acceptStamp: false,
        shown: this.#store.opened?.revision,
        ...options,
      });
      if (outcome.kind === 'stampChanged' || outcome.kind === 'otherUser') {
        throw await this.#tokens.drop(await this.#account(), outcome.kind);
      }
      if (outcome.kind === 'changed') await this.#reopen(outcome.vault, outcome.revision);
      this.#store.update({ syncing: --this.#syncs > 0, problem: undefined, lastSync: this.#clock.now() });
    } catch (error) {
      const problem = error instanceof SessionDroppedError ? undefined : asError(error);
      this.#store.update({ syncing: --this.#syncs > 0, problem });
      throw error;
    } finally {
      // Somebody signed out while this was under way: what was written must not stay.
      if ((await this.#records.account(account.userId)) === undefined) await this.#cache.delete(account.userId);
    }
  }

  async #reopen(encrypted: EncryptedVault, revision: number): Promise<void> {
    const keyring = this.#store.opened?.keyring;
    if (keyring === undefined) return;
    const { OpenVault } = await import('./openVault');
    try {
      const vault = await OpenVault.open(encrypted, keyring);
      if (keyring === this.#store.opened?.keyring) this.#store.open({ keyring, vault, revision });
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
    }
  }

  async #readRecords(): Promise<void> {
    const { userId } = this.#store;
    const record = await (userId === undefined ? this.#records.findAccount() : this.#records.account(userId));
    if (record === undefined) {
      this.#store.leave();
      if (userId !== undefined) {
        await this.#cache.delete(userId);
        // Another window may have signed in to another account since.
        await this.#readRecords();
      }
      return;
    }
    const [session, rotation, lastSync, lockSignal] = await Promise.all([
      this.#records.session(record.userId),
      this.#records.rotation(record.userId),
      this.#cache.checkedAt(record.userId),
      this.#records.lockSignal(),
    ]);
    const current = session?.keyId === record.keyId ? session : undefined;
    const dropped = current && 'dropped' in current ? current.dropped : undefined;
    if (lockSignal !== this.#lockSignal || mustSignInAgain(dropped)) this.#store.lock();
    this.#lockSignal = lockSignal;
    const { email, clientId, servers } = record;
    const rotationUnfinished = rotation?.keyId === record.keyId && !this.#rotating;
    this.#store.enter({ userId: record.userId, email, clientId, servers }, { dropped, lastSync, rotationUnfinished });
  }

  async #onDrop(reason: DropReason): Promise<void> {
    // Every window locks by what it reads of this; a vault that may be in the wrong hands does not wait for it.
    if (mustSignInAgain(reason)) this.#store.lock();
    await this.checkAgain();
    this.#dropped.fire(reason);
  }
}
