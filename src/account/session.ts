import type {
  Clock,
  FileStore,
  FileWatch,
  Logger,
  NewFile,
  ScratchFiles,
  SecretStore,
  SourceFile,
} from '../base/ports';
import type { IdleLimits, KeyKeeper } from '../base/keyKeeper';
import type { SecretBytes } from '../base/secretBytes';
import { Emitter, type Event } from '../base/event';
import { classNameOf } from '../base/thrown';
import { unlessAborted } from '../base/unlessAborted';
import { CancelledError } from '../bitwarden/errors';
import type { TransferOptions } from '../bitwarden/api/attachments';
import type { ApiKey } from '../bitwarden/api/identity';
import type { ServerUrls } from '../bitwarden/http/servers';
import type { ItemChange } from '../vault/edit/itemChange';
import type { ItemEdit, NewItem } from '../vault/edit/itemEdit';
import { type DropReason, LockedError } from '../vault/errors';
import type { MasterPasswordProof } from '../vault/masterPasswordProof';
import type { Connect } from './accessTokens';
import type { Accounts } from './accounts';
import type { RotationOutcome } from './apiKeyRotation';
import type { SettledRotation } from './apiKeys';
import { Drafts } from './drafts';
import { GeneratorHistory } from './generatorHistory';
import { ItemUse } from './itemUse';
import type * as operations from './operations';
import type { LockSettings } from './idleTimer';
import type { PasswordHash } from './passwordHash';
import { RecordsFollower } from './recordsFollower';
import { SessionStore } from './sessionStore';
import { type Account, mustSignInAgain, type SessionState } from './state';
import type { VaultCache } from './storage/cache';
import type { KeeperSecret } from './storage/keeperSecret';
import type { Admitted } from './signingIn';
import type { Records } from './storage/records';
import type { Verification } from './userVerification';
import type { VaultTimeout } from './vaultTimeout';
import type { Attempts } from './writing/contentWrites';
import type { Watcher } from './writing/itemWrites';

/** What a window gives its sessions. */
export interface WindowParts {
  readonly secrets: SecretStore;
  readonly files: FileStore;
  readonly scratch: ScratchFiles;
  readonly changes: FileWatch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly connect: Connect;
  /** Undefined: each window is unlocked on its own. */
  readonly keeper?: KeyKeeper | undefined;
}

interface SessionParts extends WindowParts {
  /** Undefined: nobody is signed in. */
  readonly accountId: string | undefined;
  readonly records: Records;
  readonly accounts: Accounts;
  readonly cache: VaultCache;
  readonly keeperSecret: KeeperSecret;
}

/** What can be known of an account and done with it. */
export type Session = Omit<AccountSession, 'admit' | 'begin' | 'leave' | 'fail'>;

/**
 * One account in one window: signed out, locked or unlocked, with facts beside it. What other windows must know goes
 * through the records; every window reads them again when they change and when it gets the focus.
 *
 * It stays with its account: once that is signed out, nobody is signed in here ever again. One without an account stands
 * for that nobody is signed in.
 */
export class AccountSession {
  readonly #store: SessionStore;
  readonly #follower: RecordsFollower;
  #loaded: operations.Operations | undefined;
  /** Which items were used, by which a search puts them in order. */
  readonly itemUse: ItemUse;
  /** The passwords and usernames that were generated and used. */
  readonly generatorHistory: GeneratorHistory;
  /** What was typed into the form of an item and not saved yet. */
  readonly drafts: Drafts;
  #sharing = false;
  #isLive = false;

  readonly #settled = new Emitter<SettledRotation>();
  /** Every change of the state or of a fact. */
  readonly onDidChange: Event<SessionState>;
  /**
   * Whatever shows a secret has to close. Fires at every lock and sign-out, also where the vault was locked before: an API
   * key can be seen while it is.
   */
  readonly onDidLock: Event<undefined>;
  /** Another time until the vault locks may hold: see limits and leftMs. */
  readonly onDidChangeTime: Event<unknown>;
  /** Fires once, in the window that found out; the others read it as a fact of the account. */
  readonly onDidDrop: Event<{ readonly accountId: string; readonly reason: DropReason }>;
  /** A rotation that had been left unfinished was settled on its own. */
  readonly onDidSettleRotation = this.#settled.event;

  constructor(private readonly parts: SessionParts) {
    const { accountId, secrets, files, changes, clock, log, records, cache } = parts;
    this.#store = new SessionStore(clock);
    this.onDidChange = this.#store.onDidChange;
    this.onDidLock = this.#store.onDidLock;
    this.onDidChangeTime = (listener) => {
      const [limits, restarts] = [this.#store.onDidLimit(listener), this.#store.onDidRestart(listener)];
      return {
        dispose() {
          limits.dispose();
          restarts.dispose();
        },
      };
    };
    this.#follower = new RecordsFollower({ accountId, store: this.#store, records, cache, secrets, changes, log });
    this.onDidDrop = this.#follower.onDidDrop;
    this.onDidDrop(({ accountId, reason }) => {
      if (mustSignInAgain(reason)) void this.#lockKept(accountId, 'any');
    });
    const { signOuts } = records;
    const isCurrent = async (id: string) => (await cache.header(id))?.id === this.#store.openedOf(id)?.cached.header.id;
    const ofSealedFiles = { store: this.#store, files, signOuts, isCurrent, clock };
    this.itemUse = new ItemUse({ ...ofSealedFiles, changes, log });
    this.generatorHistory = new GeneratorHistory(ofSealedFiles);
    this.drafts = new Drafts({ store: this.#store, files, signOuts, clock, log });
    this.#follower.onDidRead(() => void this.#joinOthers());
    this.#follower.onDidStoreVault(() => {
      const { state } = this.#store;
      if (state.kind === 'unlocked') void this.#operations.syncs.follow(state.account);
    });
  }

  get state(): SessionState {
    return this.#store.state;
  }

  /**
   * Fires at the next lock or sign-out: what was asked for before it must reach neither the clipboard nor the screen.
   */
  get untilLock(): AbortSignal {
    return this.#store.untilLock;
  }

  /** The random id; undefined where nobody is signed in. */
  get accountId(): string | undefined {
    return this.parts.accountId;
  }

  /** Reads the stored account. No network. Never throws; the state is `unreadable` as long as nothing can be read. */
  async start(): Promise<void> {
    await this.#follower.checkAgain();
  }

  /** Takes over what other windows have written. Never throws. */
  checkAgain(): Promise<void> {
    return this.#follower.checkAgain();
  }

  /** Asks whether a Bitwarden server answers at these addresses. @throws as checkServer of bitwarden/api. */
  async checkServer(servers: ServerUrls, signal: AbortSignal): Promise<void> {
    await this.#operations.signingIn.checkServer(servers, signal);
  }

  /**
   * Verifies an API key with the server, then stores it: that of an account of its own, or of one that is here already.
   * For the session without an account.
   *
   * @throws what the server says of the key, CancelledError, OtherAccountError when the server answers for another user
   * than the client_id names; nothing is stored then.
   */
  admit(servers: ServerUrls, key: ApiKey, signal?: AbortSignal): Promise<Admitted> {
    return this.#operations.signingIn.admit(servers, key, signal);
  }

  /**
   * What follows where the key of this account was admitted. The vault is fetched in the background; if that fails, it is a
   * fact of the account, and the sign-in has succeeded all the same.
   */
  async begin(admitted: Admitted): Promise<void> {
    await this.#operations.signingIn.begin(admitted);
  }

  /** Nobody is signed in. */
  leave(): void {
    this.#store.leave();
  }

  /** Nobody knows whether somebody is signed in. */
  fail(): void {
    this.#store.fail();
  }

  /**
   * Takes the client_secret that replaces a rejected one.
   *
   * @throws as signIn; OtherAccountError for the key of another account.
   */
  async replaceClientSecret(clientSecret: string, signal?: AbortSignal): Promise<void> {
    const { id } = this.#store.signedIn().account;
    await this.#operations.signingIn.replaceClientSecret(id, clientSecret, signal);
  }

  /**
   * Starts over after the security stamp changed, after an answer for another user, or with weaker key settings.
   *
   * @param acceptWeakerKdf the user knows that the settings are weaker.
   * @throws as signIn; SessionDroppedError when the server does not accept the API key any more; KdfDowngradeError.
   */
  async signInAgain({ acceptWeakerKdf = false } = {}, signal?: AbortSignal): Promise<void> {
    await this.#operations.signingIn.signInAgain(this.#store.signedIn(), { acceptWeakerKdf, signal });
  }

  /** How long the key settings of the account will take: see MasterPassword. */
  expectedSeconds(): Promise<number | undefined> {
    return this.#operations.masterPassword.expectedSeconds();
  }

  /** Whether a vault is cached on this machine. */
  async hasVault(): Promise<boolean> {
    return (await this.parts.cache.header(this.#store.signedIn().account.id)) !== undefined;
  }

  /**
   * Has a vault fetched where none is cached.
   *
   * @throws NothingCachedError when none can be fetched, CancelledError.
   */
  async fetchMissing(signal: AbortSignal): Promise<void> {
    const fetching = this.#operations.syncs.fetchMissing(this.#store.signedIn().account);
    await unlessAborted(fetching, signal, () => new CancelledError());
  }

  /**
   * Opens the vault with the master password; works offline from the cached vault.
   *
   * @param password UTF-8, wiped.
   * @throws WrongMasterPasswordError, which leaves everything as it is; AskAgainError, SessionDroppedError,
   * NothingCachedError, NoMasterPasswordError, SlowKdfError, LockedError when it was locked meanwhile, and the errors of
   * the crypto.
   */
  async unlock(password: SecretBytes, signal?: AbortSignal): Promise<void> {
    const { account, passwordHash } = await this.#operations.masterPassword.unlock(password, signal);
    if (this.#sharing) void this.#share();
    void this.#catchUp(account, passwordHash);
  }

  /** Whether a PIN can be asked for in the place of the master password. */
  async hasPin(): Promise<boolean> {
    return (await this.parts.records.pins.read(this.#store.signedIn().account.id)) !== undefined;
  }

  /** Sets the PIN of this account on this machine: see PinUnlock.set. @param pin UTF-8, wiped. */
  setPin(pin: SecretBytes, proof: MasterPasswordProof): Promise<void> {
    return this.#operations.pin.set(pin, proof);
  }

  async removePin(): Promise<void> {
    await this.#operations.pin.remove();
  }

  /** Opens the vault with the PIN: see PinUnlock.unlock. @param pin UTF-8, wiped. */
  async unlockWithPin(pin: SecretBytes, signal?: AbortSignal): Promise<void> {
    await this.#operations.pin.unlock(pin, signal);
    if (this.#sharing) void this.#share();
    void this.#catchUp(this.#store.signedIn().account, undefined);
  }

  /** Locks the vault here and in all other windows. */
  async lock(): Promise<void> {
    const { accountId } = this.#store;
    try {
      await this.#follower.lock();
    } finally {
      // Not one that was put since: somebody may have unlocked again.
      if (accountId !== undefined) await this.#lockKept(accountId, this.#follower.followed(accountId) - 1);
    }
  }

  /** Removes the account from this machine, in all windows. */
  async signOut(): Promise<void> {
    const { id } = this.#store.signedIn().account;
    const others = await this.parts.accounts.signedIn().catch(() => undefined);
    const despite = (what: string) => (error: unknown) => this.parts.log.warn(`${what}: ${classNameOf(error)}.`);
    this.#store.lock();
    await this.#lockKept(id, 'any');
    // Before the account: should this be cut off, nothing would remove it. The next unlock makes another one.
    await this.#forgetKeeper((account) => account.id === id).catch(despite('Secret of the keeper'));
    // Where the file cannot be deleted just now, the API key is removed all the same. The file holds nothing in the clear.
    await this.parts.cache.forget(id).catch(despite('Cached vault'));
    try {
      await this.parts.records.signOuts.forget(id);
    } finally {
      // Where it is not known who else is here, nothing else is removed.
      const kept = others?.filter((account) => account.id !== id);
      if (kept !== undefined) {
        await this.parts.accounts.removeLeftBehind(kept).catch(despite('What is left of former accounts'));
      }
      await this.#forgetKeeper(() => false).catch(despite('Secret of the keeper'));
      await this.checkAgain();
    }
  }

  /**
   * Brings the vault up to date.
   *
   * @throws when that fails; the failure is a fact until the next success, too.
   */
  async sync(options: { force?: boolean } = {}): Promise<void> {
    await this.#operations.syncs.shared(this.#store.signedIn().account, options);
    await this.#removeVoidPin();
  }

  /**
   * For items that ask for the master password again.
   *
   * @param password UTF-8, wiped.
   * @throws WrongMasterPasswordError, also for one that opens another key than that of the open vault; LockedError.
   */
  proveMasterPassword(password: SecretBytes): Promise<MasterPasswordProof> {
    return this.#operations.masterPassword.prove(password);
  }

  /** False: the server verifies this user by e-mailed codes. */
  async hasMasterPassword(): Promise<boolean> {
    return (await this.parts.records.requireAccount(this.#store.signedIn().account.id)).hasMasterPassword;
  }

  /** Has the server mail a one-time code. */
  async requestCode(): Promise<void> {
    const { id } = this.#store.signedIn().account;
    await this.#operations.tokens.use(id, (api) => api.accounts.requestOtp());
  }

  /** The current client_secret, from the server. */
  async viewApiKey(verification: Verification): Promise<string> {
    return this.#operations.apiKeys.view(verification);
  }

  /**
   * Has the server make a new client_secret, and stores it: see Rotation.
   *
   * @throws as Rotation.rotate; what UserVerifier.verified throws.
   */
  async rotateApiKey(verification: Verification): Promise<void> {
    await this.#operations.apiKeys.rotate(verification);
  }

  /** Settles a rotation whose answer was lost: see Rotation. */
  finishRotation(verification: Verification): Promise<RotationOutcome> {
    return this.#operations.apiKeys.finishRotation(verification);
  }

  /** Ends all sessions of the account everywhere, and starts over here, where the vault stays unlocked. */
  async deauthorizeSessions(verification: Verification): Promise<void> {
    await this.#operations.signingIn.deauthorizeSessions(verification);
  }

  /**
   * Makes the same change with some items, on the server and then here: see ItemWrites.change. Ends at once at a lock.
   *
   * @returns how many of them were left as they were.
   */
  changeItems(
    change: ItemChange,
    ids: readonly string[],
    proof?: MasterPasswordProof,
    watcher?: Watcher,
  ): Promise<number | undefined> {
    return this.#unlessLocked(this.#operations.items.change(change, ids, proof, watcher));
  }

  /** See ContentWrites.create. */
  createItem(item: NewItem, attempts?: Attempts): Promise<string> {
    return this.#unlessLocked(this.#operations.contents.create(item, attempts));
  }

  /** See ContentWrites.save. */
  saveItem(itemId: string, edit: ItemEdit, base: Uint8Array, proof?: MasterPasswordProof): Promise<void> {
    return this.#unlessLocked(this.#operations.contents.save(itemId, edit, base, proof));
  }

  /** See ContentWrites.clone. */
  cloneItem(itemId: string, name: string, proof?: MasterPasswordProof, attempts?: Attempts): Promise<string> {
    return this.#unlessLocked(this.#operations.contents.clone(itemId, name, proof, attempts));
  }

  /** See ContentWrites.share. */
  shareItem(
    itemId: string,
    organizationId: string,
    collectionIds: readonly string[],
    proof?: MasterPasswordProof,
  ): Promise<void> {
    return this.#unlessLocked(this.#operations.contents.share(itemId, organizationId, collectionIds, proof));
  }

  /** See ContentWrites.setCollections. */
  setCollections(itemId: string, collectionIds: readonly string[]): Promise<void> {
    return this.#unlessLocked(this.#operations.contents.setCollections(itemId, collectionIds));
  }

  /** Decrypts a file of an item: see Attachments.download. Ends at once at a lock. */
  downloadAttachment(
    which: { readonly itemId: string; readonly attachmentId: string },
    begin: () => Promise<NewFile>,
    options: TransferOptions & { readonly proof?: MasterPasswordProof | undefined } = {},
  ): Promise<void> {
    return this.#unlessLocked(this.#operations.attachments.download(which, begin, options));
  }

  /** Adds a file to an item: see Attachments.upload. Ends at once at a lock. */
  addAttachment(itemId: string, source: SourceFile, options: TransferOptions = {}): Promise<void> {
    return this.#unlessLocked(this.#operations.attachments.upload(itemId, source, options));
  }

  /** Deletes a file of an item: see Attachments.delete. */
  deleteAttachment(itemId: string, attachmentId: string, proof?: MasterPasswordProof): Promise<void> {
    return this.#unlessLocked(this.#operations.attachments.delete(itemId, attachmentId, proof));
  }

  /** See FolderWrites. */
  createFolder(name: string): Promise<void> {
    return this.#unlessLocked(this.#operations.folders.create(name));
  }

  renameFolders(ids: readonly string[], name: string): Promise<void> {
    return this.#unlessLocked(this.#operations.folders.rename(ids, name));
  }

  deleteFolders(ids: readonly string[]): Promise<void> {
    return this.#unlessLocked(this.#operations.folders.delete(ids));
  }

  /** The user used the vault. */
  touch(): void {
    this.#store.touch();
  }

  /** @param sharing whether windows are unlocked together, see SharedUnlock. Where there is no keeper, each is on its own. */
  setSharing(sharing: boolean): void {
    if (this.#sharing === sharing || this.parts.keeper === undefined) return;
    this.#sharing = sharing;
    if (sharing) this.#shareOrJoin();
    else if (this.#loaded?.shared !== undefined) this.#loaded.shared.enabled = false;
  }

  /** @param isLive whether changes made elsewhere are shown as they are made, while the vault is unlocked: see Live. */
  setLive(isLive: boolean): void {
    this.#isLive = isLive;
    if (this.#loaded !== undefined) this.#loaded.live.isEnabled = isLive;
  }

  /** When the vault locks by itself, by settings and policies. */
  get limits(): IdleLimits {
    return this.#store.limits;
  }

  /** Milliseconds until the vault locks, if nothing is used; undefined: not by time. */
  get leftMs(): number | undefined {
    return this.#store.leftMs;
  }

  setLocking(settings: Partial<LockSettings>): void {
    this.#store.setLocking(settings);
  }

  /** The timeout of this account alone; undefined: that of the settings. */
  get vaultTimeout(): VaultTimeout | undefined {
    return this.#store.vaultTimeout;
  }

  /**
   * Gives the account a timeout of its own, in all windows; undefined takes it away.
   *
   * @throws SignedOutError
   */
  async setVaultTimeout(timeout: VaultTimeout | undefined): Promise<void> {
    await this.parts.records.marks.saveVaultTimeout(this.#store.signedIn().account.id, timeout);
    await this.checkAgain();
  }

  dispose(): void {
    this.#follower.dispose();
    this.itemUse.dispose();
    this.#loaded?.shared?.leave();
    this.#loaded?.live.dispose();
    this.#store.dispose();
  }

  /**
   * Loads what needs crypto or the network at the first use, so that starting up does not wait for it. Not by `import()`:
   * that would return before it is loaded, and a lock in between would not wipe the master password that was handed over.
   */
  get #operations(): operations.Operations {
    if (this.#loaded === undefined) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
      const { Operations } = require('./operations') as typeof operations;
      const { files, scratch, clock, log, connect, records, accounts, cache, keeper, keeperSecret } = this.parts;
      this.#loaded = new Operations({
        ...{ store: this.#store, records, accounts, cache, keeper, keeperSecret },
        ...{ follower: this.#follower, settled: this.#settled, files, scratch, clock, log, connect },
        onDidSync: () => this.#removeVoidPin(),
        onLostKeeper: () => {
          if (this.#sharing) this.#shareOrJoin();
        },
      });
      this.#loaded.live.isEnabled = this.#isLive;
    }
    return this.#loaded;
  }

  /** Unlocks where another window has, if the keeper has the key. Looks at a small file; the rest is loaded only then. */
  async #joinOthers(): Promise<void> {
    const { accountId } = this.#store;
    if (!this.#sharing || accountId === undefined) return;
    const mark = await this.parts.records.marks.kept(accountId).catch(() => undefined);
    if (mark === undefined || mark.signal < this.#follower.followed(accountId)) return;
    const { shared } = this.#operations;
    if (shared === undefined) return;
    shared.enabled = true;
    if (await shared.join()) await this.#catchUp(this.#store.signedIn().account, undefined);
  }

  /** What has been sent by then goes on unseen. */
  #unlessLocked<T>(writing: Promise<T>): Promise<T> {
    return unlessAborted(writing, this.untilLock, () => new LockedError('locked meanwhile'));
  }

  #shareOrJoin(): void {
    void (this.#store.opened === undefined ? this.#joinOthers() : this.#share());
  }

  async #share(): Promise<void> {
    const { shared } = this.#operations;
    if (shared === undefined) return;
    shared.enabled = true;
    await shared.share();
  }

  /** Removes what windows and the keeper know each other by, where no other account is here. */
  async #forgetKeeper(isLeaving: (account: { readonly id: string }) => boolean): Promise<void> {
    const { records, keeperSecret } = this.parts;
    const isUnneeded = async () => [...(await records.accounts()), ...(await records.awaited())].every(isLeaving);
    if (await isUnneeded()) await keeperSecret.forget(isUnneeded);
  }

  /** For what was kept by windows that are gone. */
  async #lockKept(accountId: string, signal: number | 'any'): Promise<void> {
    if (this.parts.keeper === undefined) return;
    const mark = await this.parts.records.marks.kept(accountId).catch(() => undefined);
    if (mark !== undefined) await this.#operations.shared?.lockKept(accountId, signal);
  }

  /** A policy may have come, or another master password, by which the PIN is worth nothing. */
  async #removeVoidPin(): Promise<void> {
    const failed = (error: unknown) => this.parts.log.warn(`PIN: ${classNameOf(error)}.`);
    await this.#operations.pin.removeIfVoid().catch(failed);
  }

  /** What waits for the master password or for the network is done once the vault is open. */
  async #catchUp(account: Account, passwordHash: PasswordHash | undefined): Promise<void> {
    const { apiKeys, syncs } = this.#operations;
    if (passwordHash !== undefined) await apiKeys.settle(account, passwordHash);
    await Promise.all([syncs.showCached(account), syncs.quietly(account)]);
    await this.#removeVoidPin();
    await syncs.keepList(account);
  }
}
