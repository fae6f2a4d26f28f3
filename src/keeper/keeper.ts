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

/** The time of one account. */
interface AccountTime {
  readonly idle: IdleTime;
  /** Each window with what it has said of its limits. */
  readonly windows: Map<Peer, IdleLimits>;
  /** Of the windows that were there last. */
  limits: IdleLimits;
}

/** What all windows agree to: the strictest of each. */
function agree(time: AccountTime): void {
  const all = [...time.windows.values()];
  time.limits = {
    idleMs: Math.min(...all.map(({ idleMs }) => idleMs)),
    lockOnSleep: all.some(({ lockOnSleep }) => lockOnSleep),
    endsWithWindow: all.some(({ endsWithWindow }) => endsWithWindow),
  };
}

/**
 * Holds user keys for the windows, and wipes them: at a lock, after its account's time without use, after a sleep of the machine,
 * and when no window has been there for a while. Each of these is the end of it, once it holds no key.
 */
export class Keeper {
  readonly #keys = new Map<string, KeptKey>();
  /** By account: a key that was put under an earlier signal to lock is void. */
  readonly #signals = new Map<string, number>();
  readonly #windows = new Set<Peer>();
  readonly #times = new Map<string, AccountTime>();
  /** Since when no window is there. */
  readonly #alone: IdleTime;
  /** Since when it is there. */
  readonly #begun: IdleTime;
  #timer: Disposable | undefined;
  #ended = false;

  /**
   * @param parts.lingerMs how long it outlives the last window.
   * @param parts.onEnd called once, when all keys are wiped and the process is to end.
   */
  constructor(
    private readonly parts: { readonly clock: Clock; readonly lingerMs: number; readonly onEnd: () => void },
  ) {
    this.#begun = new IdleTime(parts.clock);
    this.#alone = new IdleTime(parts.clock);
    this.#lookLater();
  }

  join(window: Peer): void {
    this.#windows.add(window);
  }

  leave(window: Peer): void {
    if (!this.#windows.delete(window)) return;
    this.#alone.restart();
    for (const [account, time] of [...this.#times]) {
      if (!time.windows.delete(window)) continue;
      if (time.windows.size > 0) agree(time);
      else if (time.limits.endsWithWindow) this.#forget(account);
    }
    this.#look();
  }

  /** @param message its key is taken over. @throws WireError for a message that no window sends. */
  receive(window: Peer, message: Message): void {
    switch (message.kind) {
      case 'limits':
        this.#limit(window, message.account, message);
        return;
      case 'used':
        this.#use(window, message.account);
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
          kept === undefined
            ? { kind: 'none', account }
            : { kind: 'key', account, idleMs: this.#timeOf(account).idle.idleMs, ...kept },
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
    this.#use(window, account);
  }

  #use(window: Peer, account: string): void {
    // A use that comes when the time is over comes too late.
    this.#look();
    if (this.#ended) return;
    const { idle, windows } = this.#timeOf(account);
    idle.restart();
    for (const other of windows.keys()) if (other !== window) other.send({ kind: 'used', account });
  }

  #lock(account: string): void {
    for (const window of this.#windows) window.send({ kind: 'locked', account });
    this.#forget(account);
  }

  /** Wipes the key without a word to the windows. */
  #forget(account: string): void {
    wipe(this.#keys.get(account)?.key);
    this.#keys.delete(account);
    if (this.#keys.size === 0) this.end();
  }

  #limit(window: Peer, account: string, limits: IdleLimits): void {
    const time = this.#timeOf(account);
    time.windows.set(window, limits);
    agree(time);
    this.#look();
  }

  /** @throws WireError for one account too many. */
  #timeOf(account: string): AccountTime {
    const known = this.#times.get(account);
    if (known !== undefined) return known;
    if (this.#times.size >= MOST_ACCOUNTS) throw new WireError('too many accounts');
    const time = { idle: new IdleTime(this.parts.clock), limits: STRICTEST, windows: new Map<Peer, IdleLimits>() };
    this.#times.set(account, time);
    return time;
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
    const aloneMs = this.#alone.idleMs;
    const over: string[] = [];
    for (const [account, { idle, limits }] of this.#times) {
      // Also where no key is kept: the next look is to tell a sleep by the time since this one.
      const { idleMs, slept } = idle.look();
      if (this.#keys.has(account) && (idleMs >= limits.idleMs || (slept && limits.lockOnSleep))) over.push(account);
    }
    for (const account of over) this.#lock(account);
    if (this.#keys.size === 0 ? this.#begun.idleMs >= UNUSED_MS : this.#isAlone(aloneMs)) this.end();
  }

  #isAlone(aloneMs: number): boolean {
    return this.#windows.size === 0 && aloneMs >= this.parts.lingerMs;
  }
}
