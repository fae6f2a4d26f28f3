import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodeFetch from 'node-fetch';
import { clientIdentity } from '../../src/bitwarden/http/clientIdentity';
import type { Fetch } from '../../src/bitwarden/http/fetch';
import { HttpClient } from '../../src/bitwarden/http/client';
import { resolveServer } from '../../src/bitwarden/http/servers';
import type { Item } from '../../src/vault/items';
import type { OpenVault } from '../../src/vault/openVault';
import type { MasterPasswordProof } from '../../src/vault/masterPasswordProof';
import type { ActiveSession } from '../../src/account/activeSession';
import { Sessions } from '../../src/account/sessions';
import type { TestServer } from '../server/server';
import { fieldRef } from '../support/fieldRef';
import { ManualClock } from '../support/manualClock';
import { MemoryFileStore } from '../support/memoryFileStore';
import { MemorySecretStore } from '../support/memorySecretStore';
import { OwnFiles } from '../../src/platform/ownFiles';
import { Steps } from '../support/steps';
import { trustEverywhere } from '../support/tls';
import { until } from '../support/until';
import { type SecretBytes, secretFromText } from '../../src/base/secretBytes';

/** A vault, and what opens its items that ask for the master password again. */
interface Synced {
  readonly vault: OpenVault;
  readonly proof: MasterPasswordProof;
}

/** The session of an editor, as another client of the account that the official CLI uses. */
export class OurClient {
  readonly #secrets = new MemorySecretStore();
  readonly #agent: Agent;
  readonly #folder = join(tmpdir(), `vaultside-own-${randomUUID()}`);
  readonly #session: ActiveSession;

  private constructor(
    private readonly server: TestServer,
    ca: string,
  ) {
    this.#agent = new Agent({ ca });
    trustEverywhere(ca);
    const fetch: Fetch = (url, init) => nodeFetch(url, { ...init, agent: this.#agent });
    const [clock, steps, silent] = [new ManualClock(), new Steps(), () => undefined];
    const scratch = new OwnFiles(this.#folder);
    const files = new MemoryFileStore(clock).view(steps);
    this.#session = new Sessions({
      ...{ clock, secrets: this.#secrets.view(steps), files, changes: files, scratch },
      log: { debug: silent, warn: silent, error: console.error },
      connect: (device) => Promise.resolve(new HttpClient(fetch, clientIdentity(process.platform, device))),
    }).active;
  }

  /**
   * Signs in with the API key that the server knows, and unlocks with the master password.
   *
   * @param ca PEM of the authority to trust.
   */
  static async unlocked(server: TestServer, ca: string): Promise<OurClient> {
    const client = new OurClient(server, ca);
    const { clientId, clientSecret } = server.account;
    await client.#session.start();
    await client.#session.signIn(resolveServer({ region: 'selfHosted', base: server.url }), { clientId, clientSecret });
    await client.#session.fetchMissing(new AbortController().signal);
    await client.#session.unlock(client.#password());
    await client.#caughtUp();
    return client;
  }

  /** The vault as the server has it now. */
  async synced(): Promise<Synced> {
    await this.#session.sync();
    const proof = await this.#session.proveMasterPassword(this.#password());
    return { vault: this.shown, proof };
  }

  /** Changes the vault as the editor does. @returns what it shows then. */
  async changed(change: (session: ActiveSession) => Promise<unknown>): Promise<OpenVault> {
    await change(this.#session);
    return this.shown;
  }

  /** Begins to listen to the hub, or ends that. */
  async listen(isLive: boolean): Promise<void> {
    this.#session.setLive(isLive);
    if (!isLive) return;
    await until('it listens', () => this.server.hub.listeners === 1);
    // What it may have missed is asked for.
    await until('it has asked', () => this.server.requests.count('GET /api/accounts/revision-date') > 0);
    await this.#caughtUp();
  }

  /** What is on the screen. */
  get shown(): OpenVault {
    const { state } = this.#session;
    if (state.kind !== 'unlocked') throw new Error(`no vault while ${state.kind}`);
    return state.vault;
  }

  /** The id of a folder of this name, which is made. */
  async folder(name: string): Promise<string> {
    const { folders } = await this.changed((session) => session.createFolder(name));
    return folders.find((folder) => folder.name === name)!.id;
  }

  /** A file of an item, as the server has it now. */
  async fileOf(itemId: string, name: string): Promise<Buffer> {
    const { vault, proof } = await this.synced();
    const file = vault.details(itemId)?.attachments.find((each) => each.name === name);
    if (file === undefined) throw new Error(`no file ${name}`);
    const pieces: Buffer[] = [];
    const begin = () =>
      Promise.resolve({
        write: (piece: Uint8Array) => Promise.resolve(void pieces.push(Buffer.from(piece))),
        commit: () => Promise.resolve(),
        abandon: () => Promise.resolve(),
      });
    await this.#session.downloadAttachment({ itemId, attachmentId: file.id }, begin, { proof });
    return Buffer.concat(pieces);
  }

  async attach(itemId: string, name: string, content: Buffer): Promise<void> {
    // eslint-disable-next-line @typescript-eslint/require-await -- as files are read
    const pieces = async function* () {
      for (let at = 0; at < content.length; at += 10_000) yield content.subarray(at, at + 10_000);
    };
    await this.#session.addAttachment(itemId, { name, size: content.length, pieces });
  }

  async rotateApiKey(): Promise<void> {
    await this.#session.rotateApiKey({ kind: 'masterPassword', password: this.#password() });
    await this.#caughtUp();
  }

  /** What the editor would sign in with next time. */
  get clientSecret(): string {
    return String(this.#secrets.record('apiKey')?.clientSecret);
  }

  async dispose(): Promise<void> {
    await this.#caughtUp();
    this.#session.dispose();
    this.#agent.destroy();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #password(): SecretBytes {
    return secretFromText(this.server.account.password);
  }

  async #caughtUp(): Promise<void> {
    await until('the sync ends', () => {
      const { state } = this.#session;
      return state.kind !== 'unlocked' || !state.facts.syncing;
    });
  }
}

export function itemNamed(
  { vault, proof }: Synced,
  name: string,
): { item: Item; element: Uint8Array; read: (field: string) => string } {
  const item = vault.items.find((candidate) => candidate.name === name);
  if (item === undefined) throw new Error(`no item ${name}`);
  return { item, element: vault.element(item.id)!, read: (field) => vault.read(item.id, fieldRef(field), proof) };
}
