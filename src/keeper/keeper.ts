import { IdleTime } from '../base/idleTime';
import type { IdleLimits, KeptKey } from '../base/keyKeeper';
import type { Clock, Disposable } from '../base/ports';
import { wipe } from '../base/secretBytes';
import { WireError } from './frames';
import type { Message } from './messages';

/** A window that has proved itself. */
export interface Peer {
  send(message: Message): void;
}

const LOOK_MS = 1_000;
/** After this time without a key, as when it was started for a window that has ended, there is nothing to keep. */
const UNUSED_MS = 10_000;
const MOST_ACCOUNTS = 64;
/** Until a window says otherwise. */
const STRICTEST: IdleLimits = { idleMs: 60_000, lockOnSleep: true, endsWithWindow: true };

/**
 * Holds user keys for the windows, and wipes them: at a lock, after the time without use, after a sleep of the machine, and
 * when no window has been there for a while. Each of these is the end of it, once it holds no key.
 */
export class Keeper {
  readonly #keys = new Map<string, KeptKey>();
  /** By account: a key that was put under an earlier signal to lock is void. */
  readonly #signals = new Map<string, number>();
  /** Each with what it has said of its limits. */
  readonly #windows = new Map<Peer, IdleLimits | undefined>();
  /** Of the windows that were there last. */
  #limits: IdleLimits = STRICTEST;
  readonly #idle: IdleTime;
  /** Since when no window is there. */
  readonly #alone: IdleTime;
  #timer: Disposable | undefined;
  #ended = false;

  /**
   * @param parts.lingerMs how long it outlives the last window.
   * @param parts.onEnd called once, when all keys are wiped and the process is to end.
   */
  constructor(
    private readonly parts: { readonly clock: Clock; readonly lingerMs: number; readonly onEnd: () => void },
  ) {
    this.#idle = new IdleTime(parts.clock);
    this.#alone = new IdleTime(parts.clock);
    this.#lookLater();
  }

  join(window: Peer): void {
    this.#windows.set(window, undefined);
  }

  leave(window: Peer): void {
    if (!this.#windows.delete(window)) return;
    this.#alone.restart();
    if (this.#windows.size > 0) this.#agree();
    else if (this.#limits.endsWithWindow) this.end();
    this.#look();
  }

  /** @param message its key is taken over. @throws WireError for a message that no window sends. */
  receive(window: Peer, message: Message): void {
    switch (message.kind) {
      case 'limits':
        this.#windows.set(window, message);
        this.#agree();
        return;
      case 'used':
        this.#use(window);
        return;
      case 'put':
        this.#put(window, message.account, message);
        return;
      case 'get': {
        // The time may be over, though no timer has said so.
        this.#look();
        const { account } = message;
        const kept = this.#keys.get(account);
        window.send(
          kept === undefined ? { kind: 'none', account } : { kind: 'key', account, idleMs: this.#idle.idleMs, ...kept },
        );
        return;
      }
      case 'lock': {
        const { account, signal } = message;
        this.#signals.set(account, Math.max(signal, this.#signals.get(account) ?? 0));
        if ((this.#keys.get(account)?.signal ?? 0) <= signal) this.#lock(account);
        return;
      }
      case 'stored':
      case 'void':
      case 'key':
      case 'none':
      case 'locked':
        throw new WireError('no message of a window');
    }
  }

  /** Wipes all keys without a word to the windows, which go on with theirs. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.dispose();
    for (const { key } of this.#keys.values()) wipe(key);
    this.#keys.clear();
    this.parts.onEnd();
  }

  #put(window: Peer, account: string, { key, origin, signal }: KeptKey): void {
    const isVoid = this.#ended || signal < (this.#signals.get(account) ?? 0);
    const before = this.#keys.get(account);
    if (isVoid || (before === undefined && this.#keys.size >= MOST_ACCOUNTS)) {
      wipe(key);
      window.send({ kind: 'void', account });
      return;
    }
    wipe(before?.key);
    this.#keys.set(account, { key, origin, signal });
    window.send({ kind: 'stored', account });
    // Whoever unlocks uses the vault.
    this.#use(window);
  }

  #use(window: Peer): void {
    // A use that comes when the time is over comes too late.
    this.#look();
    if (this.#ended) return;
    this.#idle.restart();
    for (const other of this.#windows.keys()) if (other !== window) other.send({ kind: 'used' });
  }

  #lock(account: string): void {
    wipe(this.#keys.get(account)?.key);
    this.#keys.delete(account);
    for (const window of this.#windows.keys()) window.send({ kind: 'locked', account });
    if (this.#keys.size === 0) this.end();
  }

  /** What all windows agree to: the strictest of each. */
  #agree(): void {
    const all = [...this.#windows.values()].filter((limits) => limits !== undefined);
    if (all.length === 0) return;
    this.#limits = {
      idleMs: Math.min(...all.map(({ idleMs }) => idleMs)),
      lockOnSleep: all.some(({ lockOnSleep }) => lockOnSleep),
      endsWithWindow: all.some(({ endsWithWindow }) => endsWithWindow),
    };
    this.#look();
  }

  #lookLater(): void {
    this.#timer?.dispose();
    this.#timer = this.parts.clock.setTimeout(() => {
      this.#look();
      if (!this.#ended) this.#lookLater();
    }, LOOK_MS);
  }

  #look(): void {
    if (this.#ended) return;
    const { idleMs, slept } = this.#idle.look();
    const aloneMs = this.#alone.idleMs;
    const isOver = this.#keys.size > 0 && (idleMs >= this.#limits.idleMs || (slept && this.#limits.lockOnSleep));
    if (isOver) for (const account of [...this.#keys.keys()]) this.#lock(account);
    else if (this.#keys.size === 0 ? idleMs >= UNUSED_MS : this.#isAlone(aloneMs)) this.end();
  }

  #isAlone(aloneMs: number): boolean {
    return this.#windows.size === 0 && aloneMs >= this.parts.lingerMs;
  }
}
