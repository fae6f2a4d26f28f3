import type { Clock, Disposable } from '../base/ports';
import { canBe, CopiedText, type CopyRecord, parseRecord, type Recogniser, recogniserOf } from './copiedText';

export interface ClipboardPort {
  /** False: a browser lets nobody read it who is not in front, and VS Code would complain to the user. */
  isReadable(): boolean;
  /** True: reading may have the browser ask the user, each time. */
  readonly asksToRead: boolean;
  readText(): PromiseLike<string>;
  writeText(text: string): PromiseLike<void>;
}

/** What the notice has to tell; undefined: nothing. */
export interface CopyNotice {
  /** What was copied, in the user's words; never the value. */
  readonly what: string;
  /** Until the clipboard is cleared; undefined: it is left alone. */
  readonly clearsIn: number | undefined;
  /** Seconds for which a one-time code is still good. */
  readonly validFor: number | undefined;
}

export interface CopyOptions {
  /** Seconds; 0: not before the vault locks. Undefined: the value is no secret, and left alone. */
  readonly clearAfter: number | undefined;
  /** Milliseconds since the epoch. */
  readonly validUntil?: number | undefined;
}

/** Keeps one text for the windows to come and those beside this one: all that share this clipboard. */
export interface CopyMemory {
  /** Of the digests: random, and the same in all these windows. Undefined: they share none, and nothing is kept. */
  key(): Promise<string | undefined>;
  load(): Promise<string | undefined>;
  save(text: string | undefined): Promise<void>;
}

/** More than any setting: the record may be of a clock that was put back. */
const LONGEST_MS = 3_600_000;

/** The window that has copied a secret has so much time to clear it before others do, who know less of it. */
const OTHERS_WAIT_MS = 2_000;

/** One line of these comes back from any clipboard as it was written, as far as we know. */
const PLAIN = /^[!-~]{1,1000}$/;

/** For a notice that counts nothing down. */
const NOTICE_SECONDS = 4;

/**
 * Copies values and clears the clipboard of secrets after a while, and on lock, if it still holds the value, or what the
 * clipboard has made of it. Only a keyed digest is kept meanwhile. As it ends, VS Code lets no window clear anything; so
 * that the next one, or another, can do it, a few bits of a digest are kept in the memory, too.
 */
export class TimedClipboard implements Disposable {
  #pending: Recogniser | undefined;
  /** What the memory holds of the value that is pending. */
  #record: string | undefined;
  /** What is pending is of another window. */
  #resumed = false;
  /** What the memory held of another window's secret when the vault was locked. */
  #condemned: string | undefined;
  /** It was time to clear, and the clipboard could not be read. */
  #overdue = false;
  #tick: Disposable | undefined;
  /** Counts copies and clearings, so that one under way notices a later one. */
  #number = 0;
  /** Copies under way. */
  #copying = 0;

  constructor(
    private readonly clipboard: ClipboardPort,
    private readonly clock: Clock,
    private readonly memory: CopyMemory,
    private readonly show: (notice: CopyNotice | undefined) => void,
  ) {}

  async copy(value: string, what: string, options: CopyOptions): Promise<void> {
    this.#copying += 1;
    try {
      await this.#copy(value, what, options);
    } finally {
      this.#copying -= 1;
    }
  }

  /** Clears the clipboard now if it still holds what was copied; or later, when it can be read, or others had the time. */
  async clear(): Promise<void> {
    // A copy that has been asked for and waits must not arrive after a lock.
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
    // Known before it is there, so that a lock meanwhile clears it; the value before stays known until it is gone.
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
      // Of what could not be copied no more is kept than of anything else.
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

  /** What the clipboard gives back for the value, where that is not the whole. */
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
    if (holds) await this.clipboard.writeText('');
    if (number !== this.#number) return;
    this.#pending = undefined;
    // Another window may have copied since.
    if (await this.#isRemembered()) await this.#remember(undefined);
    else await this.resume();
  }

  /** The clipboard may be readable again. */
  async clearOverdue(): Promise<void> {
    if (this.#overdue) await this.#clearPending();
  }

  /** Takes over what another window has copied, which may be gone when it is time; for when the memory has changed. */
  async resume(): Promise<void> {
    const key = await this.#key();
    const record = key === undefined ? undefined : await this.memory.load().catch(() => undefined);
    const copied = parseRecord(record);
    // Only windows of ours write there: what cannot be read is of no use to any of them.
    if (record !== undefined && copied === undefined) await this.memory.save(undefined).catch(() => undefined);
    if (!this.#resumed && (this.#pending !== undefined || copied === undefined)) return;
    // Under way already; to begin again with every look at the memory would put the clearing off.
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
        // Also after a sleep of the machine, from which all windows wake up at once.
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
    // A clock that was put back must not give more time.
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

  /** Nobody waits for this; what cannot be cleared now is cleared on lock. */
  #timeIsUp(): void {
    // The copy under way replaces what this would clear, and must not be outdated by it; or it fails.
    if (this.#copying > 0) this.#tick = this.clock.setTimeout(() => this.#timeIsUp(), 1000);
    else this.#clearPending().catch(() => undefined);
  }

  /** A copy is worth more than its clearing by another window. */
  async #remember(record: CopyRecord | undefined): Promise<void> {
    this.#record = record && JSON.stringify(record);
    await this.memory.save(this.#record).catch(() => undefined);
  }

  /** False: another window has copied since, or has cleared what it had copied. */
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
