import type { Clock, Disposable, FileStore, FileWatch, Logger } from '../base/ports';
import { secretFromText, type SecretBytes, textOfSecret, wipe } from '../base/secretBytes';
import { attempt, classNameOf } from '../base/thrown';
import { LockedError, SignedOutError } from '../vault/errors';
import type { Keyring } from '../vault/keyring';
import type { SessionStore } from './sessionStore';
import { accountFile } from './storage/fileNames';
import { locks } from './storage/locks';
import { SealedFile } from './storage/sealedFile';
import type { SignOuts } from './storage/signOuts';

/** The use of one item. */
interface Use {
  readonly id: string;
  /** Milliseconds since the epoch: of the last time. */
  readonly last: number;
  /** How often it was used by then: each time counts one, and half as much after HALF_LIFE_MS. */
  readonly weight: number;
}

type Uses = ReadonlyMap<string, Use>;

/** One time that an item was used. */
type OneUse = Pick<Use, 'id' | 'last'>;

const HALF_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** Of so many items the use is remembered: those that were used last. */
const MOST_ITEMS = 200;

/** Uses of a second or two are written together. */
const WRITTEN_AFTER_MS = 1_000;

/** In bytes; ten times what is ever written. */
const LARGEST_FILE = 256 * 1024;

/**
 * Which items of the account were used, how often and when, for all windows. It is in memory while the vault is unlocked
 * alone, and as JSON in a sealed file of the account.
 */
export class ItemUse implements Disposable {
  /** Undefined: the vault is locked. */
  #keyring: Keyring | undefined;
  #uses: Uses = new Map();
  /** What is not in the file yet. */
  #unsaved: readonly OneUse[] = [];
  #timer: Disposable | undefined;
  readonly #file: SealedFile;
  readonly #subscriptions: readonly Disposable[];

  constructor(
    private readonly parts: {
      readonly store: SessionStore;
      readonly files: FileStore;
      readonly changes: FileWatch;
      readonly signOuts: SignOuts;
      readonly isCurrent: (accountId: string) => Promise<boolean>;
      readonly clock: Clock;
      readonly log: Logger;
    },
  ) {
    const { store, files, changes, signOuts } = parts;
    this.#file = new SealedFile(files, signOuts, {
      kind: 'used',
      purpose: 'items used',
      largest: LARGEST_FILE,
    });
    this.#subscriptions = [
      store.onDidChange(() => this.#follow()),
      changes.onDidChange((name) => {
        const { accountId } = store;
        if (accountId !== undefined && (name ?? accountFile(accountId, 'used')) === accountFile(accountId, 'used')) {
          void this.#load();
        }
      }),
    ];
  }

  /** A value of the item was copied, shown, opened or inserted, or the item is shown whole. Does nothing while locked. */
  record(itemId: string): void {
    if (this.#keyring === undefined) return;
    const use = { id: itemId, last: this.parts.clock.now() };
    this.#unsaved = [...this.#unsaved, use].slice(-MOST_ITEMS);
    this.#uses = withUses(this.#uses, [use]);
    this.#timer ??= this.parts.clock.setTimeout(() => void this.#save(), WRITTEN_AFTER_MS);
  }

  /** Ids of items, those that were used last first. */
  recent(): readonly string[] {
    return idsOf(this.#uses, ({ last }) => last);
  }

  /** When an item was used last, in milliseconds since the epoch. */
  lastUse(itemId: string): number | undefined {
    return this.#uses.get(itemId)?.last;
  }

  /** Ids of items, those first that are likeliest to be used again: by how often and how lately they were used. */
  likeliest(): readonly string[] {
    const now = this.parts.clock.now();
    return idsOf(this.#uses, (use) => weightAt(use, now));
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#forget();
  }

  #follow(): void {
    const keyring = this.parts.store.opened?.keyring;
    if (keyring === this.#keyring) return;
    this.#forget();
    this.#keyring = keyring;
    void this.#load();
  }

  #forget(): void {
    this.#keyring = undefined;
    this.#uses = new Map();
    this.#unsaved = [];
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  /** Never rejects. */
  async #load(): Promise<void> {
    await this.#attempt(async (accountId, keyring) => {
      const content = await this.#file.read(accountId, keyring);
      if (this.#keyring === keyring) this.#uses = withUses(this.#usesIn(content), this.#unsaved);
      wipe(content);
    });
  }

  /** Never rejects. What could not be written is written with the next use. */
  async #save(): Promise<void> {
    this.#timer = undefined;
    await this.#attempt(async (accountId, keyring) => {
      let saving: readonly OneUse[] = [];
      let uses: Uses = new Map();
      const guard = { lock: locks.used(accountId), isCurrent: () => this.parts.isCurrent(accountId) };
      const isWritten = await this.#file.update(accountId, keyring, guard, (before) => {
        saving = this.#unsaved;
        uses = withUses(this.#usesIn(before), saving);
        return secretFromText(JSON.stringify([...uses.values()]));
      });
      if (!isWritten || this.#keyring !== keyring) return;
      this.#unsaved = this.#unsaved.filter((use) => !saving.includes(use));
      this.#uses = withUses(uses, this.#unsaved);
    });
  }

  async #attempt(work: (accountId: string, keyring: Keyring) => Promise<void>): Promise<void> {
    const keyring = this.#keyring;
    const { store, log } = this.parts;
    if (keyring === undefined || store.accountId === undefined) return;
    try {
      await work(store.accountId, keyring);
    } catch (error) {
      if (error instanceof LockedError || error instanceof SignedOutError) return;
      log.warn(`The use of items could not be kept (${classNameOf(error)}).`);
    }
  }

  #usesIn(content: SecretBytes | undefined): Uses {
    const uses = (content && attempt(() => parseUses(content))) ?? [];
    // Where the clock was put back since, what was used in the future would stay the latest for long.
    const now = this.parts.clock.now();
    const before = (this.#unsaved[0]?.last ?? now) - 1;
    return new Map(uses.map((use) => [use.id, use.last > now ? { ...use, last: before } : use]));
  }
}

function withUses(uses: Uses, more: readonly OneUse[]): Uses {
  const all = new Map(uses);
  for (const { id, last } of more) {
    const before = all.get(id);
    const weight = 1 + (before === undefined ? 0 : weightAt(before, last));
    all.set(id, { id, last: Math.max(last, before?.last ?? 0), weight });
  }
  return new Map([...all].sort(([, a], [, b]) => b.last - a.last).slice(0, MOST_ITEMS));
}

function weightAt({ last, weight }: Use, time: number): number {
  return weight * 2 ** (-Math.max(0, time - last) / HALF_LIFE_MS);
}

function idsOf(uses: Uses, worth: (use: Use) => number): readonly string[] {
  return [...uses.values()].sort((a, b) => worth(b) - worth(a)).map(({ id }) => id);
}

/** @throws SyntaxError; TypeError for what is no list of uses. */
function parseUses(content: SecretBytes): readonly Use[] {
  const uses = JSON.parse(textOfSecret(content) ?? '') as unknown;
  if (!Array.isArray(uses) || !uses.every(isUse)) throw new TypeError('no uses');
  return uses;
}

/** Checks no more than the shape: what opens was sealed with the user key, so it was written by Vaultside. */
function isUse(value: unknown): value is Use {
  const { id, last, weight } = (value ?? {}) as Partial<Use>;
  return typeof id === 'string' && Number.isFinite(last) && Number.isFinite(weight);
}
