import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodeFetch from 'node-fetch';
import { clientIdentity } from '../../src/bitwarden/http/clientIdentity';
import type { Fetch } from '../../src/bitwarden/http/fetch';
import { HttpClient } from '../../src/bitwarden/http/client';
import type { ServerUrls } from '../../src/bitwarden/http/servers';
import type { KeyKeeper } from '../../src/base/keyKeeper';
import { OwnFiles } from '../../src/platform/ownFiles';
import type { OpenVault } from '../../src/vault/openVault';
import type { Logger } from '../../src/base/ports';
import type { ActiveSession } from '../../src/account/activeSession';
import type { WindowParts } from '../../src/account/session';
import { type AccountChoice, Sessions } from '../../src/account/sessions';
import type { Verification } from '../../src/account/userVerification';
import type { DropReason } from '../../src/vault/errors';
import type { Facts } from '../../src/account/state';
import { createAccount, type AccountOptions } from '../server/accounts';
import type { Account } from '../server/model';
import { startServer, type ServerOptions, type TestServer } from '../server/server';
import { fieldRef } from './fieldRef';
import { ManualClock } from './manualClock';
import { MemoryFileStore } from './memoryFileStore';
import { MemorySecretStore } from './memorySecretStore';
import { Steps } from './steps';
import { until } from './until';
import { type SecretBytes, secretFromText } from '../../src/base/secretBytes';

export const dialects = ['official', 'vaultwarden'] as const;

/** A machine with an editor, and a server. What is stored on the machine outlives its windows. */
export class Scene {
  readonly clock = new ManualClock();
  readonly secrets = new MemorySecretStore();
  readonly files = new MemoryFileStore(this.clock);
  readonly windows: EditorWindow[] = [];
  /** For files that lie outside of the private folder. */
  readonly folder = join(tmpdir(), `vaultside-scene-${randomUUID()}`);
  readonly local = new OwnFiles(join(this.folder, 'own'));
  timeoutMs = 30_000;
  /** Undefined: each window is unlocked on its own. */
  keeper: KeyKeeper | undefined;
  /** Whether windows listen to the hub. */
  isLive = false;

  constructor(readonly server: TestServer) {}

  get account(): Account {
    return this.server.account;
  }

  get urls(): ServerUrls {
    const { base, api, identity } = this.server.urls;
    return { webVault: base, api, identity };
  }

  get key(): { clientId: string; clientSecret: string } {
    const { clientId, clientSecret } = this.account;
    return { clientId, clientSecret };
  }

  /** Number of sign-ins at the server. */
  get signIns(): number {
    return this.server.requests.count('/identity/connect/token');
  }

  async open(): Promise<EditorWindow> {
    const window = this.prepare();
    await window.session.start();
    return window;
  }

  /** A window that has not read anything yet. */
  prepare(): EditorWindow {
    const window = new EditorWindow(this);
    this.windows.push(window);
    return window;
  }

  async signedIn(): Promise<EditorWindow> {
    const window = await this.open();
    await window.session.signIn(this.urls, this.key);
    await window.caughtUp();
    return window;
  }

  async unlocked(): Promise<EditorWindow> {
    const window = await this.signedIn();
    await window.unlock();
    return window;
  }

  password(text = this.account.password): SecretBytes {
    return secretFromText(text);
  }

  verification(text?: string): Verification {
    return { kind: 'masterPassword', password: this.password(text) };
  }

  /**
   * Waits until all windows have seen all that was stored. In the editor that takes far less time than a person needs
   * for the next step.
   */
  async quiet(): Promise<void> {
    const living = this.windows.filter(({ steps }) => !steps.crashed);
    await until('all windows agree', async () => {
      for (const { session } of living) await session.checkAgain();
      return this.secrets.isQuiet;
    });
  }

  /** Time passes for the editor and for the server. */
  pass(minutes: number): void {
    this.server.clock.advance(minutes * 60);
    this.clock.advance(minutes * 60_000);
  }

  /** All windows are gone, and the server. */
  async close(): Promise<void> {
    for (const { session, steps } of this.windows) {
      session.dispose();
      steps.crash();
    }
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The random id of the one account that is signed in. */
  get accountId(): string {
    const id = this.secrets.accountId;
    if (id === undefined) throw new Error('nobody is signed in');
    return id;
  }

  /** The cached vault of the account. */
  get vaultFile(): { content: Uint8Array } {
    const file = this.files.files.get(`${this.accountId}.vault`);
    if (file === undefined) throw new Error('no vault is cached');
    return file;
  }

  /** Nothing is stored of any account, except the marks of those that were signed out and the device identifier. */
  get isEmpty(): boolean {
    return this.isEmptyBut([]);
  }

  /** As isEmpty, of all accounts but these. */
  isEmptyBut(ids: readonly string[]): boolean {
    const secrets = [...this.secrets.entries.keys()].filter((key) => key !== 'device');
    const files = [...this.files.files.keys()].filter((name) => !name.endsWith('.signedOut'));
    return [...secrets, ...files].every((name) => ids.some((id) => name.includes(id)));
  }

  /** The ids of the accounts whose files name a record that is not stored. */
  get announcedInVain(): string[] {
    const ids = [...this.files.files.keys()]
      .filter((name) => name.endsWith('.account'))
      .map((name) => name.split('.')[0]!);
    return ids.filter((id) => !this.secrets.entries.has(`apiKey.${id}`));
  }

  /** What is in the private folder, as text. */
  get fileTexts(): string[] {
    return [...this.files.files.values()].map(({ content }) => Buffer.from(content).toString());
  }

  /** The id of the key that was stored when a rotation was sent, if its outcome is not stored yet. */
  get rotationMark(): string | undefined {
    const file = this.files.files.get(`${this.secrets.accountId}.rotation`);
    const mark = file && (JSON.parse(Buffer.from(file.content).toString()) as { keyId: string }).keyId;
    return mark === this.secrets.record('apiKey')?.keyId ? mark : undefined;
  }

  /** Whether the stored client_secret is the one that the server has. */
  get holdsCurrentKey(): boolean {
    return this.secrets.record('apiKey')?.clientSecret === this.account.clientSecret;
  }
}

/** One window of the editor: real sessions over real HTTP. */
export class EditorWindow {
  readonly steps = new Steps();
  readonly sessions: Sessions;
  /** Of the account that is active. */
  readonly session: ActiveSession;
  /** The account that the workspace of this window remembers. */
  readonly choice: AccountChoice & { id: string | undefined } = {
    id: undefined,
    remember(id) {
      this.id = id;
      return Promise.resolve();
    },
  };
  readonly drops: DropReason[] = [];
  readonly settled: ('recovered' | 'notRotated')[] = [];
  readonly logged: string[] = [];
  locks = 0;

  constructor(private readonly scene: Scene) {
    const log = (message: string) => void this.logged.push(message);
    const logger: Logger = { debug: log, warn: log, error: log };
    const files = scene.files.view(this.steps);
    const parts: WindowParts = {
      secrets: scene.secrets.view(this.steps),
      files,
      scratch: scene.local,
      changes: files,
      clock: scene.clock,
      keeper: scene.keeper,
      log: logger,
      connect: (deviceIdentifier) =>
        Promise.resolve(
          new HttpClient(this.#fetch(), clientIdentity('linux', deviceIdentifier), {
            now: () => scene.clock.now(),
            sleep: () => Promise.resolve(),
            timeoutMs: scene.timeoutMs,
          }),
        ),
    };
    this.sessions = new Sessions(parts, this.choice);
    this.session = this.sessions.active;
    this.session.setSharing(scene.keeper !== undefined);
    this.session.setLive(scene.isLive);
    this.session.onDidDrop(({ reason }) => this.drops.push(reason));
    this.session.onDidSettleRotation(({ outcome }) => this.settled.push(outcome));
    this.session.onDidLock(() => this.locks++);
  }

  get facts(): Facts {
    const { state } = this.session;
    if (state.kind !== 'locked' && state.kind !== 'unlocked') throw new Error(`no facts while ${state.kind}`);
    return state.facts;
  }

  get vault(): OpenVault {
    const { state } = this.session;
    if (state.kind !== 'unlocked') throw new Error(`no vault while ${state.kind}`);
    return state.vault;
  }

  /** Asserts the state of the session. */
  is(kind: ActiveSession['state']['kind']): void {
    assert.equal(this.session.state.kind, kind);
  }

  itemId(name: string): string {
    const item = this.vault.items.find((candidate) => candidate.name === name);
    if (item === undefined) throw new Error(`no item ${name}`);
    return item.id;
  }

  /** @param field as fieldRef takes it. */
  read(name: string, field: string): string {
    return this.vault.read(this.itemId(name), fieldRef(field));
  }

  /** Unlocks as the prompt does, and waits until what follows in the background is done. */
  async unlock(password?: string): Promise<void> {
    const { rotationUnfinished } = this.facts;
    if (!(await this.session.hasVault())) await this.session.fetchMissing(new AbortController().signal);
    await this.session.unlock(this.scene.password(password));
    const gaveUp = () => this.logged.some((line) => line.includes('could not be settled'));
    if (rotationUnfinished) await until('the rotation is settled', () => this.settled.length > 0 || gaveUp());
    await this.caughtUp();
  }

  async caughtUp(): Promise<void> {
    await until('the sync ends', () => this.session.state.kind === 'signedOut' || !this.facts.syncing);
  }

  async reaches(kind: 'signedOut' | 'locked' | 'unlocked'): Promise<void> {
    await until(`the window is ${kind}`, () => this.session.state.kind === kind);
  }

  /** The process is killed: it tidies up nothing, and nothing that is under way comes to an end. */
  crash(): void {
    this.steps.crash();
  }

  #fetch(): Fetch {
    const fetch: Fetch = nodeFetch;
    return async (url, init) => {
      const line = `${init.method} ${new URL(url).pathname.replace(/^.*\/accounts\//, '').replace(/^.*\//, '')}`;
      await this.steps.reach(`send ${line}`);
      const answer = await fetch(url, init);
      await this.steps.reach(`answer ${line}`);
      return answer;
    };
  }
}

type SceneOptions = AccountOptions & { readonly server?: Partial<ServerOptions> };

/** Returns a function that makes scenes, which are removed after each test. */
export function scenes(): (dialect: ServerOptions['dialect'], options?: SceneOptions) => Promise<Scene> {
  const open: Scene[] = [];
  afterEach(async () => {
    for (const scene of open.splice(0)) await scene.close();
  });
  return async (dialect, { server, ...account } = {}) => {
    const accounts = [await createAccount(account)];
    const scene = new Scene(await startServer({ dialect, accounts, ...server }));
    open.push(scene);
    return scene;
  };
}
