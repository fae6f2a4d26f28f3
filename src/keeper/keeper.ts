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
/** It takes so long at the most to unlock and have the key kept. */
const JUST_USED_MS = 15_000;
/** After this time without a key, as when it was started for a window that has ended, there is nothing to keep. */
const UNUSED_MS = 10_000;
const MOST_ACCOUNTS = 64;
/** Until a window of the account says otherwise. */
const STRICTEST: IdleLimits = { idleMs: 60_000, lockOnSleep: true, endsWithWindow: true };

/** What is known of one account. */
interface AccountState {
  kept: Omit<KeptKey, 'idleMs'> | undefined;
  /** The latest signal to lock: a key that was put under an earlier one is void. */
  signal: number;
  /** The windows that have it open, each with what it has said of its limits. */
  readonly windows: Map<Peer, IdleLimits>;
  /** Of the windows that were there last. */
  limits: IdleLimits;
  readonly idle: IdleTime;
  /** Since when no window of it is there. */
  readonly alone: IdleTime;
}

/**
 * Holds user keys for the windows, and wipes each: at a lock, after the time without use of its account, after a sleep of
 * the machine, and when no window has been there for a while. It ends once it holds no key.
 */
export class Keeper {
  readonly #accounts = new Map<string, AccountState>();
  readonly #windows = new Set<Peer>();
  readonly #age: IdleTime;
  #timer: Disposable | undefined;
  #ended = false;

  /**
   * @param parts.lingerMs how long a key outlives the last window of its account.
   * @param parts.onEnd called once, when all keys are wiped and the process is to end.
   */
  constructor(
    private readonly parts: { readonly clock: Clock; readonly lingerMs: number; readonly onEnd: () => void },
  ) {
    this.#age = new IdleTime(parts.clock);
    this.#lookLater();
  }

  join(window: Peer): void {
    this.#windows.add(window);
  }

  leave(window: Peer): void {
    if (!this.#windows.delete(window)) return;
    for (const [account, state] of this.#accounts) {
      if (!state.windows.delete(window)) continue;
      state.alone.restart();
      if (state.windows.size > 0) agree(state);
      else if (state.limits.endsWithWindow) this.#wipe(account);
    }
    this.#look();
    // One that was locked while it had this keeper started has put nothing.
    if (this.#windows.size === 0 && !this.#holdsKey) this.end();
  }

  /** @param message its key is taken over. @throws WireError for a message that no window sends. */
  receive(window: Peer, message: Message): void {
    switch (message.kind) {
      case 'limits': {
        const state = this.#of(message.account);
        state.windows.set(window, message);
        agree(state);
        this.#look();
        return;
      }
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
        const state = this.#accounts.get(account);
        window.send(
          state?.kept === undefined
            ? { kind: 'none', account }
            : { kind: 'key', account, ...state.kept, idleMs: state.idle.idleMs },
        );
        return;
      }
      case 'lock': {
        const state = this.#of(message.account);
        state.signal = Math.max(message.signal, state.signal);
        if ((state.kept?.signal ?? 0) <= message.signal) this.#lock(message.account);
        return;
      }
      case 'stored':
      case 'void':
      case 'key':
      case 'none':
      case 'locked':
        if ('key' in message) wipe(message.key);
        throw new WireError('no message of a window');
    }
  }

  /** Wipes all keys without a word to the windows, which go on with theirs. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.dispose();
    for (const { kept } of this.#accounts.values()) wipe(kept?.key);
    this.#accounts.clear();
    this.parts.onEnd();
  }

  get #holdsKey(): boolean {
    return [...this.#accounts.values()].some(({ kept }) => kept !== undefined);
  }

  /** @throws WireError where there is no room for it. */
  #of(account: string): AccountState {
    const state = this.#roomFor(account);
    if (state === undefined) throw new WireError('too many accounts');
    return state;
  }

  /** Undefined when there are more accounts than anybody has. */
  #roomFor(account: string): AccountState | undefined {
    const known = this.#accounts.get(account);
    if (known !== undefined || this.#accounts.size >= MOST_ACCOUNTS) return known;
    const state: AccountState = {
      kept: undefined,
      signal: 0,
      windows: new Map(),
      limits: STRICTEST,
      idle: new IdleTime(this.parts.clock),
      alone: new IdleTime(this.parts.clock),
    };
    this.#accounts.set(account, state);
    return state;
  }

  #put(window: Peer, account: string, { key, origin, signal, idleMs }: KeptKey): void {
    const state = this.#ended ? undefined : this.#roomFor(account);
    if (state === undefined || signal < state.signal) {
      wipe(key);
      window.send({ kind: 'void', account });
      return;
    }
    const isFirst = state.kept === undefined;
    wipe(state.kept?.key);
    state.kept = { key, origin, signal };
    if (!state.windows.has(window)) {
      state.windows.set(window, STRICTEST);
      agree(state);
    }
    window.send({ kind: 'stored', account });
    // Whoever unlocks uses the vault. Where a keeper has ended, its windows put the key again though nobody uses anything.
    if (idleMs <= JUST_USED_MS) this.#use(window, account);
    else if (isFirst) state.idle.restart(idleMs);
    this.#look();
  }

  #use(window: Peer, account: string): void {
    // A use that comes when the time is over comes too late.
    this.#look();
    if (this.#ended) return;
    const { idle, windows } = this.#of(account);
    idle.restart();
    for (const other of windows.keys()) if (other !== window) other.send({ kind: 'used', account });
  }

  #lock(account: string): void {
    for (const window of this.#windows) window.send({ kind: 'locked', account });
    this.#wipe(account);
  }

  #wipe(account: string): void {
    const state = this.#accounts.get(account);
    if (state === undefined) return;
    wipe(state.kept?.key);
    state.kept = undefined;
    if (!this.#holdsKey) this.end();
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
    for (const [account, { kept, idle, alone, limits, windows }] of this.#accounts) {
      const { idleMs, slept } = idle.look();
      if (kept === undefined) continue;
      if (idleMs >= limits.idleMs || (slept && limits.lockOnSleep)) this.#lock(account);
      else if (windows.size === 0 && alone.idleMs >= this.parts.lingerMs) this.#wipe(account);
    }
    if (!this.#holdsKey && this.#age.idleMs >= UNUSED_MS) this.end();
  }
}

/** What all windows of an account agree to: the strictest of each. */
function agree(state: AccountState): void {
  const all = [...state.windows.values()];
  state.limits = {
    idleMs: Math.min(...all.map(({ idleMs }) => idleMs)),
    lockOnSleep: all.some(({ lockOnSleep }) => lockOnSleep),
    endsWithWindow: all.some(({ endsWithWindow }) => endsWithWindow),
  };
}
