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

/** Tells whether a text is the value that was copied. */
type Recogniser = (text: string) => boolean;

/** For a notice that counts nothing down. */
const NOTICE_SECONDS = 4;

/**
 * Copies values and clears the clipboard of secrets after a while, and on lock, if it still holds the value. Only a keyed
 * digest of the value is kept meanwhile.
 */
export class TimedClipboard implements Disposable {
  #pending: Recogniser | undefined;
  /** It was time to clear, and the clipboard could not be read. */
  #overdue = false;
  #tick: Disposable | undefined;
  /** Counts copies and clearings, so that a copy under way notices a later one. */
  #copies = 0;

  constructor(
    private readonly clipboard: ClipboardPort,
    private readonly clock: Clock,
    private readonly show: (notice: CopyNotice | undefined) => void,
  ) {}

  async copy(value: string, what: string, { clearAfter, validUntil }: CopyOptions): Promise<void> {
    const number = ++this.#copies;
    const before = this.#pending;
    const pending = clearAfter === undefined ? undefined : await recogniserOf(value);
    if (number !== this.#copies) return;
    // Known before it is there, so that a lock meanwhile clears it; the value before stays known until it is gone.
    this.#pending = (text) => pending?.(text) === true || before?.(text) === true;
    await this.clipboard.writeText(value);
    if (number !== this.#copies) return;
    this.#stop();
    this.#overdue = false;
    this.#pending = pending;
    const clears = clearAfter !== undefined && clearAfter > 0;
    const seconds = clears ? clearAfter : NOTICE_SECONDS;
    this.#count({ what, seconds, clears, validUntil }, this.clock.now() + 1000 * seconds);
  }

  /** Clears the clipboard now if it still holds what was copied; or later, when it can be read. */
  async clear(): Promise<void> {
    const recognises = this.#pending;
    const number = ++this.#copies;
    this.#stop();
    if (recognises === undefined) return;
    this.#overdue = !this.clipboard.isReadable();
    if (this.#overdue) return;
    if (recognises(await this.clipboard.readText())) await this.clipboard.writeText('');
    if (number === this.#copies) this.#pending = undefined;
  }

  /** The clipboard may be readable again. */
  async clearOverdue(): Promise<void> {
    if (this.#overdue) await this.clear();
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
      // Nobody waits for this; what cannot be cleared now is cleared on lock.
      else this.clear().catch(() => undefined);
      return;
    }
    const validFor = validUntil === undefined ? undefined : Math.max(0, Math.ceil((validUntil - now) / 1000));
    this.show({ what, clearsIn: clears ? left : undefined, validFor });
    this.#tick = this.clock.setTimeout(() => this.#count(copy, Math.min(end, now + 1000 * left)), 1000);
  }

  #stop(): void {
    this.#tick?.dispose();
    this.#tick = undefined;
    this.show(undefined);
  }
}

async function recogniserOf(value: string): Promise<Recogniser> {
  // Loaded at the first copy, so that starting up costs nothing of it.
  const { createHmac, randomBytes, timingSafeEqual } = await import('node:crypto');
  const key = randomBytes(32);
  const digest = (text: string) => createHmac('sha256', key).update(text, 'utf8').digest();
  const wanted = digest(value);
  return (text) => timingSafeEqual(digest(text), wanted);
}
