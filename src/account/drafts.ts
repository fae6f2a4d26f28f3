import type { Clock, FileStore, Logger } from '../base/ports';
import { secretFromText, textOfSecret, wipe } from '../base/secretBytes';
import { classNameOf } from '../base/thrown';
import type { ItemEdit, NewItem } from '../vault/edit/itemEdit';
import { LockedError } from '../vault/errors';
import type { Keyring } from '../vault/keyring';
import type { SessionStore } from './sessionStore';
import { accountFile, draftFile, draftOfFile, REMEMBERED_MS } from './storage/fileNames';
import { locks } from './storage/locks';
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

/** What was changed in an item. */
export type EditDraft = Draft & { readonly content: { readonly kind: 'edit' } };

type Write = () => Promise<void>;

/**
 * Drafts of this account, for all windows, each in a sealed file of its own: two windows never write the same one unless
 * both show it. They are there as long as nobody saves or discards them, until the sign-out. With another user key they do
 * not open any more; those that nobody could open for a long time are removed.
 */
export class Drafts {
  /** Of each draft the write that was begun last. */
  readonly #writes = new Map<string, Promise<void>>();
  /** Of each draft the write that begins when the one before it has ended: of several the latest alone. */
  readonly #waiting = new Map<string, { write: Write; readonly done: Promise<void> }>();
  /** Of each draft that was read the item that it is of, if that exists. It stays the same. */
  readonly #itemIds = new Map<string, string | undefined>();

  constructor(
    private readonly parts: {
      readonly store: Pick<SessionStore, 'accountId' | 'opened'>;
      readonly files: FileStore;
      readonly signOuts: SignOuts;
      readonly clock: Clock;
      readonly log: Logger;
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
    await this.#keep({ ...draft, at: this.parts.clock.now() });
  }

  async #keep(draft: Draft): Promise<void> {
    const { accountId, keyring } = this.#open();
    const content = secretFromText(JSON.stringify({ ...draft, version: VERSION }));
    let write: Write;
    try {
      write = this.#file(draft.id).sealed(accountId, keyring, content);
    } finally {
      wipe(content);
    }
    await this.#next(draft.id, write);
  }

  /**
   * Gives a draft to a form that goes on with it, under another id: what another form of it keeps or discards is then
   * another draft, and of two windows one alone gets it. On a full disk it keeps its id.
   *
   * @returns undefined where it is gone: it was saved, discarded, or another form has got it.
   * @throws LockedError; and as FileStore where it cannot be read.
   */
  async take(id: string): Promise<Draft | undefined> {
    const { accountId, keyring } = this.#open();
    await this.#written();
    return this.parts.files.exclusive(locks.drafts(accountId), async () => {
      const draft = await this.#read(accountId, id, keyring);
      if (draft === undefined) return undefined;
      const taken = { ...draft, id: globalThis.crypto.randomUUID() };
      try {
        await this.#keep(taken);
      } catch (error) {
        if (error instanceof LockedError) throw error;
        this.parts.log.warn(`A draft could not be written anew (${classNameOf(error)}).`);
        return draft;
      }
      await this.discard(id);
      return taken;
    });
  }

  /** Removes a draft, since it was saved, or is not wanted. Does nothing where there is none. @throws as FileStore. */
  async discard(id: string): Promise<void> {
    const { accountId } = this.parts.store;
    if (accountId === undefined) return;
    await this.#next(id, () => this.parts.files.delete(accountFile(accountId, draftFile(id))));
  }

  /** Those that open, the latest first. @throws LockedError; and as FileStore for the list of them. */
  async all(): Promise<readonly Draft[]> {
    return this.#those(() => true);
  }

  /** Those of the changes of an item, the latest first. Those of other items are decrypted once at most. @throws as all. */
  async ofItem(itemId: string): Promise<readonly EditDraft[]> {
    const drafts = await this.#those((id) => !this.#itemIds.has(id) || this.#itemIds.get(id) === itemId);
    return drafts.filter((draft): draft is EditDraft => itemIdOf(draft) === itemId);
  }

  async #those(isWanted: (id: string) => boolean): Promise<readonly Draft[]> {
    const { accountId, keyring } = this.#open();
    const { signOuts, log } = this.parts;
    await this.#written();
    const ids = (await signOuts.accountFiles())
      .filter((file) => file.id === accountId)
      .flatMap(({ kind }) => draftOfFile(kind) ?? [])
      .filter(isWanted);
    const drafts: Draft[] = [];
    for (const id of ids) {
      try {
        const draft = await this.#read(accountId, id, keyring);
        if (draft !== undefined) drafts.push(draft);
        else await this.#removeIfOld(accountId, id);
      } catch (error) {
        if (error instanceof LockedError) throw error;
        // The others are there all the same.
        log.warn(`A draft could not be read (${classNameOf(error)}).`);
      }
    }
    return drafts.sort((one, other) => other.at - one.at);
  }

  /** What was kept by earlier calls is on the disk, if it can be written. */
  async #written(): Promise<void> {
    await Promise.allSettled([...this.#writes.values()]);
  }

  async #read(accountId: string, id: string, keyring: Keyring): Promise<Draft | undefined> {
    const content = await this.#file(id).read(accountId, keyring);
    try {
      const stored = storedJson(content && textOfSecret(content));
      // Nobody without the user key could have written it.
      const draft = stored.version === VERSION && stored.id === id ? (stored as unknown as Draft) : undefined;
      if (draft !== undefined) this.#itemIds.set(id, itemIdOf(draft));
      return draft;
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

  /** Begins a write when the one before it has ended, however it did. What has not begun by then is left out. */
  #next(id: string, write: Write): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) {
      waiting.write = write;
      return waiting.done;
    }
    const before = this.#writes.get(id) ?? Promise.resolve();
    const done = before
      .catch(() => undefined)
      .then(() => {
        const latest = this.#waiting.get(id)?.write ?? write;
        this.#waiting.delete(id);
        return latest();
      });
    this.#waiting.set(id, { write, done });
    this.#writes.set(id, done);
    const forget = () => {
      if (this.#writes.get(id) === done) this.#writes.delete(id);
    };
    done.then(forget, forget);
    return done;
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

function itemIdOf({ content }: Draft): string | undefined {
  return content.kind === 'edit' ? content.itemId : undefined;
}
