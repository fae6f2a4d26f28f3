import { Emitter } from '../base/event';
import type { IdleLimits } from '../base/keyKeeper';
import type { Disposable, NewFile, SourceFile } from '../base/ports';
import type { SecretBytes } from '../base/secretBytes';
import type { TransferOptions } from '../bitwarden/api/attachments';
import type { ApiKey } from '../bitwarden/api/identity';
import type { ServerUrls } from '../bitwarden/http/servers';
import type { ItemChange } from '../vault/edit/itemChange';
import type { ItemEdit, NewItem } from '../vault/edit/itemEdit';
import type { DropReason } from '../vault/errors';
import type { MasterPasswordProof } from '../vault/masterPasswordProof';
import type { RotationOutcome } from './apiKeyRotation';
import type { SettledRotation } from './apiKeys';
import type { LockSettings } from './idleTimer';
import type { Drafts } from './drafts';
import type { GeneratorHistory } from './generatorHistory';
import type { ItemUse } from './itemUse';
import type { Session } from './session';
import { isSignedIn, type SessionState } from './state';
import type { Verification } from './userVerification';
import type { VaultTimeout } from './vaultTimeout';
import type { Attempts } from './writing/contentWrites';
import type { Watcher } from './writing/itemWrites';

/** What is done with all accounts at once: see Sessions. */
interface OfAll {
  start(): Promise<void>;
  checkAgain(): Promise<void>;
  signIn(servers: ServerUrls, key: ApiKey, signal?: AbortSignal): Promise<void>;
  setLocking(settings: Partial<LockSettings>): void;
  setSharing(sharing: boolean): void;
  setLive(isLive: boolean): void;
  dispose(): void;
}

/**
 * The session of the account that is active in this window, for what lasts longer than one account is: each call goes to the
 * one that is active at that moment, and the events are those of whichever is active. Where another one becomes active,
 * that shows as a lock and a change.
 */
export class ActiveSession implements Session {
  readonly #changed = new Emitter<SessionState>();
  readonly #locked = new Emitter<undefined>();
  readonly #timeChanged = new Emitter<unknown>();
  readonly #dropped = new Emitter<{ readonly accountId: string; readonly reason: DropReason }>();
  readonly #settled = new Emitter<SettledRotation>();
  readonly onDidChange = this.#changed.event;
  readonly onDidLock = this.#locked.event;
  readonly onDidChangeTime = this.#timeChanged.event;
  readonly onDidDrop = this.#dropped.event;
  readonly onDidSettleRotation = this.#settled.event;
  #subscriptions: readonly Disposable[] = [];
  #untilSwitch = new AbortController();

  constructor(
    private session: Session,
    private readonly ofAll: OfAll,
  ) {
    this.#subscribe();
  }

  /** From now on it stands for this one. */
  follow(session: Session): void {
    const before = this.session;
    if (session === before) return;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.session = session;
    this.#subscribe();
    const switching = this.#untilSwitch;
    this.#untilSwitch = new AbortController();
    switching.abort();
    // Where nobody was signed in, or not any more, nothing is open.
    if (isSignedIn(before.state)) this.#locked.fire(undefined);
    this.#changed.fire(session.state);
    this.#timeChanged.fire(undefined);
  }

  /** The one that it stands for now: what is begun with it stays with its account. */
  get now(): Session {
    return this.session;
  }

  get accountId(): string | undefined {
    return this.session.accountId;
  }

  get state(): SessionState {
    return this.session.state;
  }

  get itemUse(): ItemUse {
    return this.session.itemUse;
  }

  get generatorHistory(): GeneratorHistory {
    return this.session.generatorHistory;
  }

  get drafts(): Drafts {
    return this.session.drafts;
  }

  /** Fires at the next lock, sign-out, or when another account becomes active. */
  get untilLock(): AbortSignal {
    return AbortSignal.any([this.session.untilLock, this.#untilSwitch.signal]);
  }

  get limits(): IdleLimits {
    return this.session.limits;
  }

  get leftMs(): number | undefined {
    return this.session.leftMs;
  }

  start(): Promise<void> {
    return this.ofAll.start();
  }

  checkAgain(): Promise<void> {
    return this.ofAll.checkAgain();
  }

  /** See Sessions.signIn. */
  signIn(servers: ServerUrls, key: ApiKey, signal?: AbortSignal): Promise<void> {
    return this.ofAll.signIn(servers, key, signal);
  }

  setLocking(settings: Partial<LockSettings>): void {
    this.ofAll.setLocking(settings);
  }

  setSharing(sharing: boolean): void {
    this.ofAll.setSharing(sharing);
  }

  setLive(isLive: boolean): void {
    this.ofAll.setLive(isLive);
  }

  async signOut(): Promise<void> {
    await this.session.signOut();
    await this.ofAll.checkAgain();
  }

  checkServer(servers: ServerUrls, signal: AbortSignal): Promise<void> {
    return this.session.checkServer(servers, signal);
  }

  replaceClientSecret(clientSecret: string, signal?: AbortSignal): Promise<void> {
    return this.session.replaceClientSecret(clientSecret, signal);
  }

  signInAgain(options: { acceptWeakerKdf?: boolean } = {}, signal?: AbortSignal): Promise<void> {
    return this.session.signInAgain(options, signal);
  }

  expectedSeconds(): Promise<number | undefined> {
    return this.session.expectedSeconds();
  }

  hasVault(): Promise<boolean> {
    return this.session.hasVault();
  }

  fetchMissing(signal: AbortSignal): Promise<void> {
    return this.session.fetchMissing(signal);
  }

  unlock(password: SecretBytes, signal?: AbortSignal): Promise<void> {
    return this.session.unlock(password, signal);
  }

  hasPin(): Promise<boolean> {
    return this.session.hasPin();
  }

  setPin(pin: SecretBytes, proof: MasterPasswordProof): Promise<void> {
    return this.session.setPin(pin, proof);
  }

  removePin(): Promise<void> {
    return this.session.removePin();
  }

  unlockWithPin(pin: SecretBytes, signal?: AbortSignal): Promise<void> {
    return this.session.unlockWithPin(pin, signal);
  }

  lock(): Promise<void> {
    return this.session.lock();
  }

  sync(options: { force?: boolean } = {}): Promise<void> {
    return this.session.sync(options);
  }

  proveMasterPassword(password: SecretBytes): Promise<MasterPasswordProof> {
    return this.session.proveMasterPassword(password);
  }

  hasMasterPassword(): Promise<boolean> {
    return this.session.hasMasterPassword();
  }

  requestCode(): Promise<void> {
    return this.session.requestCode();
  }

  viewApiKey(verification: Verification): Promise<string> {
    return this.session.viewApiKey(verification);
  }

  rotateApiKey(verification: Verification): Promise<void> {
    return this.session.rotateApiKey(verification);
  }

  finishRotation(verification: Verification): Promise<RotationOutcome> {
    return this.session.finishRotation(verification);
  }

  deauthorizeSessions(verification: Verification): Promise<void> {
    return this.session.deauthorizeSessions(verification);
  }

  get vaultTimeout(): VaultTimeout | undefined {
    return this.session.vaultTimeout;
  }

  setVaultTimeout(timeout: VaultTimeout | undefined): Promise<void> {
    return this.session.setVaultTimeout(timeout);
  }

  changeItems(
    change: ItemChange,
    ids: readonly string[],
    proof?: MasterPasswordProof,
    watcher?: Watcher,
  ): Promise<number | undefined> {
    return this.session.changeItems(change, ids, proof, watcher);
  }

  createItem(item: NewItem, attempts?: Attempts): Promise<string> {
    return this.session.createItem(item, attempts);
  }

  saveItem(itemId: string, edit: ItemEdit, base: Uint8Array, proof?: MasterPasswordProof): Promise<void> {
    return this.session.saveItem(itemId, edit, base, proof);
  }

  cloneItem(itemId: string, name: string, proof?: MasterPasswordProof, attempts?: Attempts): Promise<string> {
    return this.session.cloneItem(itemId, name, proof, attempts);
  }

  shareItem(
    itemId: string,
    organizationId: string,
    collectionIds: readonly string[],
    proof?: MasterPasswordProof,
  ): Promise<void> {
    return this.session.shareItem(itemId, organizationId, collectionIds, proof);
  }

  setCollections(itemId: string, collectionIds: readonly string[]): Promise<void> {
    return this.session.setCollections(itemId, collectionIds);
  }

  downloadAttachment(
    which: { readonly itemId: string; readonly attachmentId: string },
    begin: () => Promise<NewFile>,
    options: TransferOptions & { readonly proof?: MasterPasswordProof | undefined } = {},
  ): Promise<void> {
    return this.session.downloadAttachment(which, begin, options);
  }

  addAttachment(itemId: string, source: SourceFile, options: TransferOptions = {}): Promise<void> {
    return this.session.addAttachment(itemId, source, options);
  }

  deleteAttachment(itemId: string, attachmentId: string, proof?: MasterPasswordProof): Promise<void> {
    return this.session.deleteAttachment(itemId, attachmentId, proof);
  }

  createFolder(name: string): Promise<void> {
    return this.session.createFolder(name);
  }

  renameFolders(ids: readonly string[], name: string): Promise<void> {
    return this.session.renameFolders(ids, name);
  }

  deleteFolders(ids: readonly string[]): Promise<void> {
    return this.session.deleteFolders(ids);
  }

  touch(): void {
    this.session.touch();
  }

  /** Ends all of them. */
  dispose(): void {
    this.ofAll.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #subscribe(): void {
    const { session } = this;
    // One that is told of an event may find that another session is followed by then.
    const forward =
      <T>(emitter: Emitter<T>) =>
      (value: T) => {
        if (this.session === session) emitter.fire(value);
      };
    this.#subscriptions = [
      session.onDidChange(forward(this.#changed)),
      session.onDidLock(forward(this.#locked)),
      session.onDidChangeTime(forward(this.#timeChanged)),
      session.onDidDrop(forward(this.#dropped)),
      session.onDidSettleRotation(forward(this.#settled)),
    ];
  }
}
