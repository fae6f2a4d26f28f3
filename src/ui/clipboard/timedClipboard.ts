import type { Clock, Disposable } from '../../base/ports';
import { canBe, CopiedText, type CopyRecord, parseRecord, type Recogniser, recogniserOf } from './copiedText';

export interface ClipboardPort {
  /**
   * False: the window is not in front. A browser lets nobody read the clipboard then, and VS Code would show an error.
   */
  isReadable(): boolean;
  /** True: the browser may ask the user for permission, each time that we read. */
  readonly asksToRead: boolean;
  readText(): PromiseLike<string>;
  writeText(text: string): PromiseLike<void>;
}

/** What the notice in the status bar has to say. */
export interface CopyNotice {
  /** What was copied, in the user's words; never the value. */
  readonly what: string;
  /** Seconds until the clipboard is cleared. Undefined: it will not be. */
  readonly clearsIn: number | undefined;
  /** Seconds for which a one-time code is still good. */
  readonly validFor: number | undefined;
}

export interface CopyOptions {
  /** Seconds. 0: not before the vault locks. Undefined: the value is no secret, and is not cleared. */
  readonly clearAfter: number | undefined;
  /** Milliseconds since the epoch. */
  readonly validUntil?: number | undefined;
}

/** Keeps one text for all windows that share this clipboard: those that are open, and those that will be. */
export interface CopyMemory {
  /**
   * Key of the digests: random, and the same in all these windows. Undefined: the windows share none, and nothing is
   * kept.
   */
  key(): Promise<string | undefined>;
  load(): Promise<string | undefined>;
  save(text: string | undefined): Promise<void>;
}

/**
 * The longest time that a record is waited for; no setting allows more. The clock may have been put back since it was
 * written.
 */
const LONGEST_MS = 3_600_000;

/**
 * The window that has copied a secret compares the whole digest, others a few bits of it. So the others wait this long
 * after the time to clear, for the first one to do it.
 */
const OTHERS_WAIT_MS = 2_000;

/** Texts like these come back from every clipboard as they were written, as far as we know. */
const PLAIN = /^[!-~]{1,1000}$/;

/** How long a notice is shown that has no time to count down. */
const NOTICE_SECONDS = 4;

/**
 * Copies values, and clears the clipboard of secrets: after a while, and on lock. It is cleared only if it still holds
 * the value, or what the clipboard has made of it. To recognise that, a keyed digest of the value is kept in this
 * process.
 *
 * VS Code lets a window that ends clear nothing any more. So a few bits of a digest go into the memory that all windows
 * share; by them another window, or the next one, can clear the clipboard instead.
 */
export class TimedClipboard implements Disposable {
  #pending: Recogniser | undefined;
  /** What the shared memory holds for the value in `#pending`. */
  #record: string | undefined;
  /** `#pending` is a value that another window has copied. */
  #resumed = false;
  /**
   * The record of another window's secret at the time of the last lock: it is to be cleared without waiting for its
   * time.
   */
  #condemned: string | undefined;
  /** It was time to clear, but the clipboard could not be read. */
  #overdue = false;
  #tick: Disposable | undefined;
  /** Counts copies and clearings. Whoever finds another number after an `await` has been overtaken, and stops. */
  #number = 0;
  /** Number of copies that are under way. */
  #copying = 0;

  constructor(
    private readonly clipboard: ClipboardPort,
    private readonly clock: Clock,
    private readonly memory: CopyMemory,
    private readonly show: (notice: CopyNotice | undefined) => void,
    /** The clipboard held a secret of ours, and is empty now. */
    private readonly cleared: () => void = () => undefined,
  ) {}

  /** Whether there may be a secret of ours on the clipboard. */
  get holdsSecret(): boolean {
    return this.#pending !== undefined;
  }

  async copy(value: string, what: string, options: CopyOptions): Promise<void> {
    this.#copying += 1;
    try {
      await this.#copy(value, what, options);
    } finally {
      this.#copying -= 1;
    }
  }

  /**
   * Clears the clipboard if it still holds what was copied. That happens later if the clipboard cannot be read now, or
   * if another window has copied the value and is to clear it first.
   */
  async clear(): Promise<void> {
    // A copy that was asked for and has not arrived yet must not arrive after a lock.
    if (this.#resumed) this.#number += 1;
    else await this.#clearPending();
    if (!this.#resumed || this.#overdue) return;
    this.#condemned = this.#record;
    this.#clearAsOther(0);
  }

  async #copy(value: string, what: string, { clearAfter, validUntil }: CopyOptions): Promise<void> {
    const number = ++this.#number;
    const isOutdated = () => number !== this.#number;
    const clears = clearAfter !== undefined && clearAfter > 0;
    const key = (await this.#key()) ?? globalThis.crypto.randomUUID();
    const copied = clearAfter === undefined ? undefined : await CopiedText.of(value, key);
    if (isOutdated()) return;
    const before = this.#pending;
    // Set before the value is on the clipboard, so that a lock meanwhile clears it. The value of before may be there
    // until then, so it is recognised, too.
    this.#pending = either(copied && ((text) => Promise.resolve(canBe(text, value))), before);
    this.#resumed = false;
    const clearAt = this.clock.now() + 1000 * (clearAfter ?? 0);
    await this.#remember(clears ? copied?.record(clearAt) : undefined);
    if (isOutdated()) return;
    let arrived = copied;
    try {
      await this.clipboard.writeText(value);
      if (copied !== undefined && !isOutdated()) arrived = await this.#arrived(value, copied, key);
    } catch (error) {
      // The value may not be on the clipboard at all; from now on its digest is enough to recognise it.
      if (!isOutdated()) this.#pending = either(copied?.recognises, before);
      throw error;
    }
    if (isOutdated()) return;
    if (arrived !== copied && clears) await this.#remember(arrived?.record(clearAt));
    if (isOutdated()) return;
    this.#stop();
    this.#overdue = false;
    this.#pending = either(arrived?.recognises, copied?.recognises);
    const seconds = clears ? clearAfter : NOTICE_SECONDS;
    this.#count({ what, seconds, clears, validUntil }, this.clock.now() + 1000 * seconds);
  }

  /** The digest of what the clipboard has made of the value, if that is not the whole of it; else `copied`. */
  async #arrived(value: string, copied: CopiedText, key: string): Promise<CopiedText> {
    if (!this.clipboard.isReadable() || (this.clipboard.asksToRead && PLAIN.test(value))) return copied;
    try {
      const text = await this.clipboard.readText();
      return (await copied.recognises(text)) || !canBe(text, value) ? copied : await CopiedText.of(text, key);
    } catch {
      return copied;
    }
  }

  async #clearPending(): Promise<void> {
    const recognises = this.#pending;
    const number = ++this.#number;
    this.#stop();
    if (recognises === undefined) return;
    this.#overdue = !this.clipboard.isReadable();
    if (this.#overdue) return;
    if (this.#resumed && !(await this.#isRemembered())) {
      if (number === this.#number) await this.resume();
      return;
    }
    const holds = await recognises(await this.clipboard.readText());
    if (number !== this.#number) return;
    if (holds) {
      await this.clipboard.writeText('');
      this.cleared();
    }
    if (number !== this.#number) return;
    this.#pending = undefined;
    // Another window may have copied since.
    if (await this.#isRemembered()) await this.#remember(undefined);
    else await this.resume();
  }

  /** To be called when the clipboard may be readable again. */
  async clearOverdue(): Promise<void> {
    if (this.#overdue) await this.#clearPending();
  }

  /**
   * Takes over the clearing of what another window has copied, in case that window is gone when it is time. To be
   * called at the start and whenever the shared memory has changed.
   */
  async resume(): Promise<void> {
    const key = await this.#key();
    const record = key === undefined ? undefined : await this.memory.load().catch(() => undefined);
    const copied = parseRecord(record);
    // Only our windows write there. A record that cannot be read is of no use to any of them.
    if (record !== undefined && copied === undefined) await this.memory.save(undefined).catch(() => undefined);
    if (!this.#resumed && (this.#pending !== undefined || copied === undefined)) return;
    // The clearing of this record is planned already. Planning it anew at every call would put it off again and again.
    if (this.#resumed && record === this.#record && this.#tick !== undefined) return;
    this.#stop();
    this.#resumed = copied !== undefined;
    this.#record = record;
    this.#pending = copied && key !== undefined ? recogniserOf(copied, key) : undefined;
    if (copied !== undefined) this.#clearAsOther(record === this.#condemned ? 0 : copied.clearAt - this.clock.now());
  }

  /** @param left milliseconds until it is time for the window that has copied. */
  #clearAsOther(left: number): void {
    this.#stop();
    this.#tick = this.clock.setTimeout(
      () => {
        // The wait begins when the time is up and not before: after a sleep of the computer all windows wake up at
        // once.
        this.#tick = this.clock.setTimeout(() => this.#timeIsUp(), OTHERS_WAIT_MS);
      },
      Math.min(Math.max(left, 0), LONGEST_MS),
    );
  }

  dispose(): void {
    this.#stop();
  }

  #count(copy: { what: string; seconds: number; clears: boolean; validUntil: number | undefined }, end: number): void {
    const { what, seconds, clears, validUntil } = copy;
    const now = this.clock.now();
    // If the clock was put back, the value must not stay for longer.
    const left = Math.min(Math.ceil((end - now) / 1000), seconds);
    if (left <= 0) {
      if (!clears) this.#stop();
      else this.#timeIsUp();
      return;
    }
    const validFor = validUntil === undefined ? undefined : Math.max(0, Math.ceil((validUntil - now) / 1000));
    this.show({ what, clearsIn: clears ? left : undefined, validFor });
    this.#tick = this.clock.setTimeout(() => this.#count(copy, Math.min(end, now + 1000 * left)), 1000);
  }

  /** Clears in the background. What cannot be cleared now is cleared on lock. */
  #timeIsUp(): void {
    // A copy under way replaces the value that this would clear; clearing now would stop that copy. If it fails, the
    // value is cleared a second later.
    if (this.#copying > 0) this.#tick = this.clock.setTimeout(() => this.#timeIsUp(), 1000);
    else this.#clearPending().catch(() => undefined);
  }

  /** Writes the record for other windows. A copy does not fail because that fails. */
  async #remember(record: CopyRecord | undefined): Promise<void> {
    this.#record = record && JSON.stringify(record);
    await this.memory.save(this.#record).catch(() => undefined);
  }

  /** False: another window has copied since, or has cleared what this one had copied. */
  async #isRemembered(): Promise<boolean> {
    try {
      return (await this.memory.load()) === this.#record;
    } catch {
      return true;
    }
  }

  async #key(): Promise<string | undefined> {
    return this.memory.key().catch(() => undefined);
  }

  #stop(): void {
    this.#tick?.dispose();
    this.#tick = undefined;
    this.show(undefined);
  }
}

function either(one: Recogniser | undefined, other: Recogniser | undefined): Recogniser | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  return async (text) => (await one(text)) || (await other(text));
}
