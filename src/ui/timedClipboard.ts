import type { Clock, Disposable } from '../vault/ports';

export interface ClipboardPort {
  /** False: a browser lets nobody read it who is not in front, and VS Code would complain to the user. */
  isReadable(): boolean;
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

/** Keeps one text, encrypted, for the windows to come and those beside this one. */
export interface CopyMemory {
  load(): Promise<string | undefined>;
  save(text: string | undefined): Promise<void>;
}

/** Tells whether a text is the value that was copied. */
type Recogniser = (text: string) => Promise<boolean>;

/** A keyed digest of what was copied, both base64, and when it is time to clear it, in milliseconds since the epoch. */
interface Copied {
  readonly key: string;
  readonly digest: string;
  readonly clearAt: number;
}

/** More than any setting: the record may be of a clock that was put back. */
const LONGEST_MS = 3_600_000;

/** For a notice that counts nothing down. */
const NOTICE_SECONDS = 4;

/**
 * Copies values and clears the clipboard of secrets after a while, and on lock, if it still holds the value. Only a keyed
 * digest of the value is kept meanwhile. As it ends, VS Code lets no window clear anything; so that the next one, or
 * another, can do it, the digest is kept in the memory, too.
 */
export class TimedClipboard implements Disposable {
  #pending: Recogniser | undefined;
  /** What the memory holds of the value that is pending. */
  #record: string | undefined;
  /** What is pending is of another window. */
  #resumed = false;
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

  /** Clears the clipboard now if it still holds what was copied; or later, when it can be read. */
  async clear(): Promise<void> {
    await this.#clearPending();
    // Of another window that has copied since, and may be gone.
    if (this.#resumed && this.#pending !== undefined && !this.#overdue) await this.#clearPending();
  }

  async #copy(value: string, what: string, { clearAfter, validUntil }: CopyOptions): Promise<void> {
    const number = ++this.#number;
    const isOutdated = () => number !== this.#number;
    const clears = clearAfter !== undefined && clearAfter > 0;
    const copied = clearAfter === undefined ? undefined : await digestOf(value);
    if (isOutdated()) return;
    const before = this.#pending;
    const pending = copied && recogniser(copied);
    // Known before it is there, so that a lock meanwhile clears it; the value before stays known until it is gone.
    this.#pending = async (text) => (await pending?.(text)) === true || (await before?.(text)) === true;
    this.#resumed = false;
    const clearAt = this.clock.now() + 1000 * (clearAfter ?? 0);
    await this.#remember(copied && clears ? JSON.stringify({ ...copied, clearAt } satisfies Copied) : undefined);
    if (isOutdated()) return;
    await this.clipboard.writeText(value);
    if (isOutdated()) return;
    this.#stop();
    this.#overdue = false;
    this.#pending = pending;
    const seconds = clears ? clearAfter : NOTICE_SECONDS;
    this.#count({ what, seconds, clears, validUntil }, this.clock.now() + 1000 * seconds);
  }

  async #clearPending(): Promise<void> {
    const recognises = this.#pending;
    const number = ++this.#number;
    this.#stop();
    if (recognises === undefined) return;
    this.#overdue = !this.clipboard.isReadable();
    if (this.#overdue) return;
    const holds = await recognises(await this.clipboard.readText());
    if (number !== this.#number) return;
    if (holds) await this.clipboard.writeText('');
    if (number !== this.#number) return;
    this.#pending = undefined;
    // Another window may have copied since.
    if ((await this.#recall()) === this.#record) await this.#remember(undefined);
    else await this.resume();
  }

  /** The clipboard may be readable again. */
  async clearOverdue(): Promise<void> {
    if (this.#overdue) await this.clear();
  }

  /** Takes over what another window has copied, which may be gone when it is time; for when the memory has changed. */
  async resume(): Promise<void> {
    const record = await this.#recall();
    const copied = parse(record);
    if (!this.#resumed && (this.#pending !== undefined || copied === undefined)) return;
    this.#stop();
    this.#resumed = copied !== undefined;
    this.#record = record;
    this.#pending = copied && recogniser(copied);
    if (copied === undefined) return;
    const left = Math.min(Math.max(copied.clearAt - this.clock.now(), 0), LONGEST_MS);
    this.#tick = this.clock.setTimeout(() => this.#timeIsUp(), left);
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
  async #remember(record: string | undefined): Promise<void> {
    this.#record = record;
    await this.memory.save(record).catch(() => undefined);
  }

  async #recall(): Promise<string | undefined> {
    return this.memory.load().catch(() => undefined);
  }

  #stop(): void {
    this.#tick?.dispose();
    this.#tick = undefined;
    this.show(undefined);
  }
}

async function digestOf(value: string): Promise<Pick<Copied, 'key' | 'digest'>> {
  // Loaded at the first copy, so that starting up costs nothing of it.
  const { randomBytes } = await import('node:crypto');
  const key = randomBytes(32).toString('base64');
  return { key, digest: (await keyedDigest(key, value)).toString('base64') };
}

function recogniser({ key, digest }: Pick<Copied, 'key' | 'digest'>): Recogniser {
  const wanted = Buffer.from(digest, 'base64');
  return async (text) => {
    const { timingSafeEqual } = await import('node:crypto');
    return timingSafeEqual(await keyedDigest(key, text), wanted);
  };
}

async function keyedDigest(key: string, text: string): Promise<Buffer> {
  const { createHmac } = await import('node:crypto');
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest();
}

const BASE64_OF_32_BYTES = /^[\w+/]{43}=$/;

function parse(text: string | undefined): Copied | undefined {
  if (text === undefined) return undefined;
  try {
    const { key, digest, clearAt } = (JSON.parse(text) ?? {}) as Partial<Record<keyof Copied, unknown>>;
    if (typeof key !== 'string' || typeof digest !== 'string' || typeof clearAt !== 'number') return undefined;
    return [key, digest].every((each) => BASE64_OF_32_BYTES.test(each)) ? { key, digest, clearAt } : undefined;
  } catch {
    return undefined;
  }
}
