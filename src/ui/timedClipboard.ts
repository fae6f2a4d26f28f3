import type { Clock, Disposable } from '../vault/ports';

export interface ClipboardPort {
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
  /** 0: the clipboard is left alone. */
  readonly clearAfterSeconds: number;
  /** Milliseconds since the epoch. */
  readonly validUntil?: number | undefined;
}

/** Tells whether a text is the value that was copied. */
type Recogniser = (text: string) => boolean;

const PLAIN_NOTICE_SECONDS = 4;

/**
 * Copies values and clears the clipboard after a while, if it still holds the value. Only a keyed digest of the value
 * is kept meanwhile.
 */
export class TimedClipboard implements Disposable {
  #pending: Recogniser | undefined;
  #tick: Disposable | undefined;
  /** Counts copies and clearings, so that a copy under way notices a later one. */
  #copies = 0;

  constructor(
    private readonly clipboard: ClipboardPort,
    private readonly clock: Clock,
    private readonly show: (notice: CopyNotice | undefined) => void,
  ) {}

  async copy(value: string, what: string, { clearAfterSeconds, validUntil }: CopyOptions): Promise<void> {
    const number = ++this.#copies;
    const before = this.#pending;
    const pending = clearAfterSeconds > 0 ? await recogniserOf(value) : undefined;
    if (number !== this.#copies) return;
    // Known before it is there, so that a lock meanwhile clears it; the value before stays known until it is gone.
    this.#pending = (text) => pending?.(text) === true || before?.(text) === true;
    await this.clipboard.writeText(value);
    if (number !== this.#copies) return;
    this.#stop();
    this.#pending = pending;
    const end = this.clock.now() + 1000 * (clearAfterSeconds > 0 ? clearAfterSeconds : PLAIN_NOTICE_SECONDS);
    this.#count(end, what, clearAfterSeconds > 0, validUntil);
  }

  /** Clears the clipboard now if it still holds what was copied. */
  async clear(): Promise<void> {
    const recognises = this.#pending;
    this.#copies++;
    this.#stop();
    if (recognises?.(await this.clipboard.readText())) await this.clipboard.writeText('');
  }

  dispose(): void {
    this.#stop();
  }

  #count(end: number, what: string, clears: boolean, validUntil: number | undefined): void {
    const now = this.clock.now();
    const left = Math.ceil((end - now) / 1000);
    if (left <= 0) {
      // Nobody waits for this; a clipboard that cannot be read is left alone.
      this.clear().catch(() => undefined);
      return;
    }
    const validFor = validUntil === undefined ? undefined : Math.max(0, Math.ceil((validUntil - now) / 1000));
    this.show({ what, clearsIn: clears ? left : undefined, validFor });
    this.#tick = this.clock.setTimeout(() => this.#count(end, what, clears, validUntil), 1000);
  }

  #stop(): void {
    this.#tick?.dispose();
    this.#tick = undefined;
    this.#pending = undefined;
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
