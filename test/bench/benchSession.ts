import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import nodeFetch from 'node-fetch';
import type { ActiveSession } from '../../src/account/activeSession';
import { Sessions } from '../../src/account/sessions';
import { Emitter, type Event } from '../../src/base/event';
import { secretFromText } from '../../src/base/secretBytes';
import { HttpClient } from '../../src/bitwarden/http/client';
import { clientIdentity } from '../../src/bitwarden/http/clientIdentity';
import type { Fetch } from '../../src/bitwarden/http/fetch';
import { resolveServer } from '../../src/bitwarden/http/servers';
import { KeeperClient } from '../../src/keeper/keeperClient';
import { FolderFiles } from '../../src/platform/folderFiles';
import { FolderWatch } from '../../src/platform/folderWatch';
import { OwnFiles } from '../../src/platform/ownFiles';
import { systemClock } from '../../src/ui/adapters';
import type { ItemEdit, NewItem } from '../../src/vault/edit/itemEdit';
import { groupTree } from '../../src/vault/groups';
import type { OpenVault } from '../../src/vault/openVault';
import { keeperProgram } from '../support/keepers';
import { MemorySecretStore } from '../support/memorySecretStore';
import { Steps } from '../support/steps';
import { trustEverywhere } from '../support/tls';
import { password, type Served } from './serve';

/** A signed-in session over real HTTP, with its files on the disk. */
export class BenchSession {
  private constructor(
    private readonly session: ActiveSession,
    private readonly folder: string,
    private readonly own: OwnFiles,
    /** Another window of the same machine. */
    private readonly openWindow: () => ActiveSession,
    private readonly onDidSay: Event<string>,
  ) {}

  /** @param account index of the account among those of the server. */
  static async signIn({ url, ca, keys }: Served, account: number): Promise<BenchSession> {
    const key = keys[account];
    if (key === undefined) throw new Error(`no account ${account}`);
    const folder = await mkdtemp(join(tmpdir(), 'vaultside-bench-'));
    const agent = new Agent({ ca });
    trustEverywhere(ca);
    const silent = () => undefined;
    const own = new OwnFiles(join(folder, 'own'));
    const said = new Emitter<string>();
    const log = { debug: (line: string) => said.fire(line), info: silent, warn: console.warn, error: console.error };
    const secrets = new MemorySecretStore();
    const openWindow = () =>
      new Sessions({
        secrets: secrets.view(new Steps()),
        files: new FolderFiles(folder),
        scratch: own,
        changes: new FolderWatch(folder),
        clock: systemClock,
        log,
        keeper: new KeeperClient({ program: keeperProgram, storage: folder, from: [folder] }),
        connect: (device) => {
          const fetch: Fetch = (address, init) => nodeFetch(address, { ...init, agent });
          return Promise.resolve(new HttpClient(fetch, clientIdentity(process.platform, device)));
        },
      }).active;
    const session = openWindow();
    await session.start();
    await session.signIn(resolveServer({ region: 'selfHosted', base: url }), key);
    await session.sync();
    const bench = new BenchSession(session, folder, own, openWindow, said.event);
    await bench.unlockToList();
    await bench.listSealed();
    await bench.lock();
    return bench;
  }

  get vault(): OpenVault {
    if (this.session.state.kind !== 'unlocked') throw new Error('not unlocked');
    return this.session.state.vault;
  }

  /** From the master password to what the side bar shows. */
  async unlockToList(): Promise<void> {
    await this.session.unlock(secretFromText(password));
    await groupTree(this.vault);
  }

  /** The unlocked vault is shared with other windows from now on, until the next lock. */
  async share(): Promise<void> {
    this.session.setSharing(true);
    while (!(await readdir(this.folder)).some((name) => name.endsWith('.kept'))) await setTimeout(5);
  }

  /** A second window, from its start to what the side bar shows of the vault that is unlocked in the first one. */
  async openSecond(): Promise<ActiveSession> {
    const window = this.openWindow();
    const unlocked = new Promise<OpenVault>((resolve) => {
      window.onDidChange((state) => {
        if (state.kind === 'unlocked') resolve(state.vault);
      });
    });
    window.setSharing(true);
    await window.start();
    await groupTree(await unlocked);
    return window;
  }

  /** Hears of changes from now on, until the next lock. */
  async listen(): Promise<void> {
    const listening = new Promise<void>((resolve) => {
      this.onDidSay((line) => (line === 'Listening to the hub.' ? resolve() : undefined));
    });
    this.session.setLive(true);
    await listening;
    // With the one that it begins itself.
    await this.session.sync();
  }

  /** Resolves once an item has another name than this. */
  async showsOtherName(itemId: string, name: string | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (this.vault.item(itemId)?.name === name) return;
        watch.dispose();
        resolve();
      };
      const watch = this.session.onDidChange(look);
      look();
    });
  }

  createItem(item: NewItem): Promise<string> {
    return this.session.createItem(item);
  }

  /** @param itemId of an item that does not ask for the master password. */
  async saveItem(itemId: string, edit: ItemEdit): Promise<void> {
    const base = this.vault.element(itemId);
    if (base === undefined) throw new Error('no such item');
    await this.session.saveItem(itemId, edit, base);
  }

  /** As on the first unlock on a machine. */
  async forgetList(): Promise<void> {
    for (const name of await this.#lists()) await rm(join(this.folder, name));
  }

  /** A moment after an unlock. */
  async listSealed(): Promise<void> {
    while ((await this.#lists()).length === 0) await setTimeout(5);
  }

  async #lists(): Promise<readonly string[]> {
    return (await readdir(this.folder)).filter((name) => name.endsWith('.list'));
  }

  async lock(): Promise<void> {
    await this.session.lock();
    this.session.setSharing(false);
    this.session.setLive(false);
    for (const name of await readdir(this.folder)) {
      if (name.endsWith('.kept')) await rm(join(this.folder, name));
    }
  }

  sync(options: { force?: boolean } = {}): Promise<void> {
    return this.session.sync(options);
  }

  /** @returns the id of the file. */
  async attach(itemId: string, name: string, content: Buffer): Promise<string> {
    const length = 64 * 1024;
    // eslint-disable-next-line @typescript-eslint/require-await -- as files are read
    const pieces = async function* () {
      for (let at = 0; at < content.length; at += length) yield content.subarray(at, at + length);
    };
    await this.session.addAttachment(itemId, { name, size: content.length, pieces });
    return this.vault.details(itemId)?.attachments.at(-1)?.id ?? '';
  }

  download(itemId: string, attachmentId: string, path: string): Promise<void> {
    return this.session.downloadAttachment({ itemId, attachmentId }, () => this.own.saved(path, true));
  }

  detach(itemId: string, attachmentId: string): Promise<void> {
    return this.session.deleteAttachment(itemId, attachmentId);
  }

  /** A sync may be under way since the last unlock; it has to end before its server does. */
  async close(): Promise<void> {
    await this.session.sync().catch(() => undefined);
    this.session.dispose();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
