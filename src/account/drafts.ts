import type { Clock, FileStore } from '../base/ports';
import { secretFromText, textOfSecret, wipe } from '../base/secretBytes';
import type { ItemEdit, NewItem } from '../vault/edit/itemEdit';
import { LockedError } from '../vault/errors';
import type { Keyring } from '../vault/keyring';
import type { SessionStore } from './sessionStore';
import { accountFile, draftFile, draftOfFile, REMEMBERED_MS } from './storage/fileNames';
import { SealedFile } from './storage/sealedFile';
import type { SignOuts } from './storage/signOuts';
import { storedJson } from './storage/storedJson';

/** In bytes: more than the largest item that we edit, and what was typed into it. */
const LARGEST_FILE = 16 * 1024 * 1024;
/** Of the layout. What another version has kept counts as absent. */
const VERSION = 1;

/** What is to become of a draft. */
export type DraftContent =
  | { readonly kind: 'new'; readonly item: NewItem }
  | {
      readonly kind: 'edit';
      readonly itemId: string;
      readonly edit: ItemEdit;
      /** The item as it was when the edit began, JSON: see OpenVault.element. */
      readonly base: string;
    };

/** What a person has typed into the form of an item and not saved yet. */
export interface Draft {
  /** A random UUID. */
  readonly id: string;
  /** When it was kept, in milliseconds since the epoch. */
  readonly at: number;
  readonly content: DraftContent;
  /** The encrypted names of attempts to create the item: see Attempts. */
  readonly attempts: readonly string[];
}

/**
 * Drafts of this account, for all windows, each in a sealed file of its own: two windows never write the same one unless
 * both show it. They are there as long as nobody saves or discards them, until the sign-out. With another user key they do
 * not open any more; those that nobody could open for a long time are removed.
 */
export class Drafts {
  /** The writes of each draft, one after the other, in the order of the calls. */
  readonly #writes = new Map<string, Promise<void>>();

  constructor(
    private readonly parts: {
      readonly store: Pick<SessionStore, 'accountId' | 'opened'>;
      readonly files: FileStore;
      readonly signOuts: SignOuts;
      readonly clock: Clock;
    },
  ) {}

  /**
   * Keeps a draft, in the place of what was kept of it before. It is encrypted before this returns, so that a lock right
   * after the call does not lose it.
   *
   * @returns resolves when it is on the disk.
   * @throws LockedError; RangeError for one that is too large; SignedOutError; and as FileStore, when the draft of before is
   * still there.
   */
  async keep(draft: Omit<Draft, 'at'>): Promise<void> {
    const { accountId, keyring } = this.#open();
    const json = JSON.stringify({ ...draft, at: this.parts.clock.now(), version: VERSION });
    const content = secretFromText(json);
    let write: () => Promise<void>;
    try {
      write = this.#file(draft.id).sealed(accountId, keyring, content);
    } finally {
      wipe(content);
    }
    await this.#next(draft.id, write);
  }

  /** Removes a draft, since it was saved, or is not wanted. Does nothing where there is none. @throws as FileStore. */
  async discard(id: string): Promise<void> {
    const { accountId } = this.parts.store;
    if (accountId === undefined) return;
    await this.#next(id, () => this.parts.files.delete(accountFile(accountId, draftFile(id))));
  }

  /** Those that open, the latest first. @throws LockedError; and as FileStore. */
  async all(): Promise<readonly Draft[]> {
    const { accountId, keyring } = this.#open();
    const { signOuts } = this.parts;
    const ids = (await signOuts.accountFiles())
      .filter((file) => file.id === accountId)
      .flatMap(({ kind }) => draftOfFile(kind) ?? []);
    const drafts: Draft[] = [];
    for (const id of ids) {
      const draft = await this.#read(accountId, id, keyring);
      if (draft !== undefined) drafts.push(draft);
      else await this.#removeIfOld(accountId, id);
    }
    return drafts.sort((one, other) => other.at - one.at);
  }

  async #read(accountId: string, id: string, keyring: Keyring): Promise<Draft | undefined> {
    const content = await this.#file(id).read(accountId, keyring);
    try {
      const stored = storedJson(content && textOfSecret(content));
      // Nobody without the user key could have written it.
      return stored.version === VERSION && stored.id === id ? (stored as unknown as Draft) : undefined;
    } finally {
      wipe(content);
    }
  }

  /** One that does not open may be of a window that holds another user key by now. */
  async #removeIfOld(accountId: string, id: string): Promise<void> {
    const { files, clock } = this.parts;
    const name = accountFile(accountId, draftFile(id));
    const at = await files.modifiedAt(name);
    if (at !== undefined && clock.now() - at > REMEMBERED_MS) await files.delete(name);
  }

  /** Begins a write when those before it have ended, however they did. */
  #next(id: string, write: () => Promise<void>): Promise<void> {
    const before = this.#writes.get(id) ?? Promise.resolve();
    const writing = before.catch(() => undefined).then(write);
    this.#writes.set(id, writing);
    const forget = () => {
      if (this.#writes.get(id) === writing) this.#writes.delete(id);
    };
    writing.then(forget, forget);
    return writing;
  }

  #file(id: string): SealedFile {
    const { files, signOuts } = this.parts;
    return new SealedFile(files, signOuts, { kind: draftFile(id), purpose: 'draft', largest: LARGEST_FILE });
  }

  #open() {
    const { accountId, opened } = this.parts.store;
    if (accountId === undefined || opened === undefined) throw new LockedError('locked');
    return { accountId, keyring: opened.keyring };
  }
}
