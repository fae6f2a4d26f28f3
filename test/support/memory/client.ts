/**
 * A process with a window that holds no other secret of its accounts. It carries out orders, and searches its own
 * memory.
 */
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import nodeFetch from 'node-fetch';
import { copySecret, type SecretBytes, secretFromText, textOfSecret, wipe } from '../../../src/base/secretBytes';
import { SALT_LENGTH } from '../../../src/bitwarden/crypto/localKey';
import { clientIdentity } from '../../../src/bitwarden/http/clientIdentity';
import { HttpClient } from '../../../src/bitwarden/http/client';
import type { ServerUrls } from '../../../src/bitwarden/http/servers';
import type { OpenVault } from '../../../src/vault/openVault';
import type { ActiveSession } from '../../../src/account/activeSession';
import { Sessions } from '../../../src/account/sessions';
import type { Session } from '../../../src/account/session';
import { isSignedIn } from '../../../src/account/state';
import { type AccountFile, accountFile } from '../../../src/account/storage/fileNames';
import { lockAll } from '../../../src/ui/commands/lockAll';
import { KeeperClient } from '../../../src/keeper/keeperClient';
import { keeperProgram, keepersIn } from '../keepers';
import { fieldRef } from '../fieldRef';
import { ManualClock } from '../manualClock';
import { MemoryFileStore } from '../memoryFileStore';
import { noScratchFiles } from '../noScratchFiles';
import { MemorySecretStore } from '../memorySecretStore';
import { Steps } from '../steps';
import { until } from '../until';
import { mask } from './masked';
import { type Needle, searchMemory, searchOwnMemory } from './ownMemory';

export interface MaskedNeedle {
  readonly name: string;
  readonly masked: string;
}

interface AccountOfOrder {
  readonly urls: ServerUrls;
  readonly key: { readonly clientId: string; readonly clientSecret: string };
  /** Under the mask, as base64, like the needles. */
  readonly password: string;
}

export interface Order {
  /** Signed in to one after the other. Each is of a server of its own. */
  readonly accounts: readonly AccountOfOrder[];
  readonly needles: readonly MaskedNeedle[];
  readonly steps: readonly Step[];
  /** The runtime folder of a machine on which windows are unlocked together. */
  readonly keepers?: { readonly runtime: string; readonly storage: string } | undefined;
}

export type Step = keyof Client['steps'];

/** Asks whoever gave the order for the needle of the key of the sealed list, which depends on this. */
export interface SaltOfList {
  /** base64 */
  readonly salt: string;
  /** Which of the accounts. */
  readonly account: number;
}

/** The number of pieces found of each secret, by the number of the step that searched. */
export type Report = Readonly<Record<number, Readonly<Record<string, number>>>>;

class Client {
  readonly #clock = new ManualClock();
  readonly #secrets = new MemorySecretStore();
  #sessions: Sessions;
  /** By account: the last mark that the keeper has its key. */
  readonly #marks = new Map<string, string | undefined>();
  readonly #planted: SecretBytes[] = [];
  readonly #files: MemoryFileStore;
  readonly #needles: MaskedNeedle[];

  constructor(private readonly order: Order) {
    this.#needles = [...order.needles];
    this.#files = new MemoryFileStore(this.#clock);
    this.#sessions = this.#open();
  }

  /** Of the account that is active. */
  get #session(): ActiveSession {
    return this.#sessions.active;
  }

  #open(): Sessions {
    const steps = new Steps();
    const silent = () => undefined;
    const files = this.#files.view(steps);
    const { keepers } = this.order;
    const sessions = new Sessions({
      ...{ secrets: this.#secrets.view(steps), files, changes: files, clock: this.#clock },
      scratch: noScratchFiles,
      log: { debug: silent, warn: console.error, error: console.error },
      connect: (device) => Promise.resolve(new HttpClient(nodeFetch, clientIdentity('linux', device))),
      keeper:
        keepers &&
        new KeeperClient({
          ...{ program: keeperProgram, storage: keepers.storage },
          from: [keepers.runtime],
        }),
    });
    sessions.setSharing(keepers !== undefined);
    return sessions;
  }

  readonly steps = {
    unlock: async () => {
      await this.#session.unlock(this.#password());
      await this.#caughtUp();
    },
    /** Unlocks with a master password that comes as text, as from the editor. */
    unlockByText: async () => {
      const bytes = this.#password();
      const text = textOfSecret(bytes) ?? '';
      wipe(bytes);
      await this.#session.unlock(secretFromText(text));
      await this.#caughtUp();
    },
    useFirst: () => this.#use(0),
    useSecond: () => this.#use(1),
    /** Waits until the keeper has the user key that was unlocked last. */
    kept: async () => {
      const { accountId = '' } = this.#session;
      const mark = () => this.#file('kept')?.toString();
      await until('the key is kept', () => mark() !== this.#marks.get(accountId));
      this.#marks.set(accountId, mark());
    },
    /** Another window takes the place of this one, in the same process, and gets the keys from the keeper. */
    reload: async () => {
      this.#sessions.dispose();
      this.#sessions = this.#open();
      await this.#sessions.start();
      const { all } = this.#sessions;
      await until('the window is unlocked', () => all.every(({ state }) => state.kind === 'unlocked'));
      await this.#caughtUp();
    },
    searchKeeper: () => {
      const [pid, ...more] = keepersIn(this.order.keepers?.runtime ?? '');
      if (pid === undefined || more.length > 0) throw new Error('one keeper');
      return this.#count(searchMemory(pid, this.#maskedNeedles()));
    },
    /** Waits for the list that is sealed after the first unlock. */
    listKey: async () => {
      await until('the list is sealed', () => this.#file('list') !== undefined);
      const salt = (this.#file('list') ?? Buffer.of()).subarray(0, SALT_LENGTH).toString('base64');
      const answer = once(process, 'message') as Promise<[MaskedNeedle]>;
      process.send?.({ salt, account: this.order.accounts.indexOf(this.#account()) } satisfies SaltOfList);
      const [needle] = await answer;
      this.#needles.push(needle);
    },
    giveUpUnlocking: async () => {
      for (let milliseconds = 20; milliseconds <= 200; milliseconds += 60) {
        const giveUp = new AbortController();
        const unlocking = this.#session.unlock(this.#password(), giveUp.signal);
        const ended = unlocking.catch(() => undefined);
        await setTimeout(milliseconds);
        giveUp.abort();
        await ended;
      }
    },
    readAll: async () => {
      const vault = this.#vault();
      for (const { id } of vault.items) vault.read(id, fieldRef('password'));
      await vault.search('item');
    },
    reprompt: () => this.#session.proveMasterPassword(this.#password()),
    verify: () => this.#session.viewApiKey({ kind: 'masterPassword', password: this.#password() }),
    /** The master password is the PIN as well, so that the search for it finds what is left of either. */
    setPin: async () => {
      const proof = await this.#session.proveMasterPassword(this.#password());
      await this.#session.setPin(this.#password(), proof);
    },
    unlockWithPin: async () => {
      await this.#session.unlockWithPin(this.#password());
      await this.#caughtUp();
    },
    mistypePin: async () => {
      await this.#session.unlockWithPin(this.#mistyped()).catch(() => undefined);
    },
    mistype: async () => {
      await this.#session.proveMasterPassword(this.#mistyped()).catch(() => undefined);
    },
    lock: async () => {
      await this.#session.lock();
      await this.#heardOfLock();
    },
    lockAll: async () => {
      await lockAll(this.#sessions);
      await this.#heardOfLock();
    },
    /** Passes through all of the memory for young objects, as an editor in use does: what is garbage is written over. */
    useMemory: () => {
      let latest: readonly number[] = [];
      for (let objects = 0; objects < 400_000; objects++) latest = new Array<number>(60).fill(objects);
      return latest;
    },
    /** Makes copies that nobody wipes, one for each needle: the search has to find these. */
    plant: () => {
      this.#planted.push(...this.#needles.map((needle) => unmasked(needle.masked)));
    },
    search: async () => {
      // An object with a finalizer is freed only by the collection after the one that finds it.
      for (let time = 0; time < 5; time++) {
        globalThis.gc?.();
        await setTimeout(20);
      }
      return this.#count(searchOwnMemory(this.#maskedNeedles()));
    },
  } satisfies Record<string, () => unknown>;

  async run(): Promise<Report> {
    const { accounts, steps } = this.order;
    await this.#sessions.start();
    for (const { urls, key } of accounts) await this.#sessions.signIn(urls, key);
    await this.#caughtUp();
    const report: Record<number, Record<string, number>> = {};
    for (const [at, step] of steps.entries()) {
      if (step === 'search') report[at] = await this.steps.search();
      else if (step === 'searchKeeper') report[at] = this.steps.searchKeeper();
      else await this.steps[step]();
    }
    this.#sessions.dispose();
    return report;
  }

  #use(account: number): void {
    const api = this.order.accounts[account]?.urls.api;
    const found = this.#sessions.all.find(({ state }) => isSignedIn(state) && state.account.servers.api === api);
    if (found?.accountId === undefined) throw new Error(`no account ${account}`);
    this.#sessions.activate(found.accountId);
  }

  /** The one that is active. */
  #account(): AccountOfOrder {
    const { state } = this.#session;
    const api = isSignedIn(state) ? state.account.servers.api : undefined;
    const found = this.order.accounts.find(({ urls }) => urls.api === api);
    if (found === undefined) throw new Error('no account is active');
    return found;
  }

  /** Of the account that is active. */
  #file(kind: AccountFile): Buffer | undefined {
    const file = this.#files.files.get(accountFile(this.#session.accountId ?? '', kind));
    return file && Buffer.from(file.content);
  }

  /** The signal to lock comes back to this window, too. */
  async #heardOfLock(): Promise<void> {
    await until('the lock is heard of', async () => {
      await this.#sessions.checkAgain();
      return this.#secrets.isQuiet;
    });
  }

  #maskedNeedles(): Needle[] {
    return this.#needles.map(({ name, masked }) => ({ name, masked: Buffer.from(masked, 'base64') }));
  }

  #count(names: readonly string[]): Record<string, number> {
    const found: Record<string, number> = {};
    for (const name of names) found[name] = (found[name] ?? 0) + 1;
    return found;
  }

  #password(): SecretBytes {
    return unmasked(this.#account().password);
  }

  #mistyped(): SecretBytes {
    const wrong = this.#password();
    wrong[0] = (wrong[0] ?? 0) ^ 1;
    return wrong;
  }

  #vault(): OpenVault {
    const { state } = this.#session;
    if (state.kind !== 'unlocked') throw new Error(`no vault while ${state.kind}`);
    return state.vault;
  }

  async #caughtUp(): Promise<void> {
    const isSyncing = ({ state }: Session) => isSignedIn(state) && state.facts.syncing;
    await until('the sync ends', () => !this.#sessions.all.some(isSyncing));
  }
}

function unmasked(base64: string): SecretBytes {
  const bytes = copySecret(Buffer.from(base64, 'base64'));
  mask(bytes);
  return bytes;
}

process.once('message', (order: Order) => {
  void new Client(order)
    .run()
    .then((report) => process.send?.(report))
    .finally(() => process.disconnect());
});
