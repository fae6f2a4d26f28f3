import type { Disposable } from './ports';
import type { SecretBytes } from './secretBytes';

/** When a vault locks by itself. */
export interface IdleLimits {
  /** Milliseconds without use; Infinity: never by time. */
  readonly idleMs: number;
  readonly lockOnSleep: boolean;
  /** Whether the key goes at once with the last window of the account; else a minute after the last window. */
  readonly endsWithWindow: boolean;
}

/** A user key as the keeper has it. */
export interface KeptKey {
  /** See encodeSymmetricKey. */
  readonly key: SecretBytes;
  /** SHA-256 of the wrapped user key that it came out of: 32 bytes. */
  readonly origin: Uint8Array;
  /** The latest signal to lock that the window had followed which put it: with a later one the key is void. */
  readonly signal: number;
  /** Milliseconds since the vault was used, in any window. */
  readonly idleMs: number;
}

/** The way to the process that holds the user keys of all windows, see keeper/. */
export interface KeyKeeper {
  /**
   * Connects to the keeper, once both sides have proved that they know the secret. Never waits for long, and never throws.
   *
   * @param secret 32 bytes; stays the caller's to wipe.
   * @param options.start whether to start one where none serves, and to replace an older one.
   * @param options.base where another window has found it: see KeeperLink.
   */
  connect(
    secret: SecretBytes,
    options: { readonly start: boolean; readonly base?: string | undefined },
  ): Promise<KeeperAnswer>;
}

export type KeeperAnswer =
  | { readonly kind: 'linked'; readonly link: KeeperLink }
  /** There is none. */
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly why: KeeperTrouble };

/**
 * - `folder`: there is no place for its socket that is this user's alone.
 * - `notStarted`: the process cannot be started, or ends at once.
 * - `noAnswer`: something is there and does not answer in time.
 * - `stranger`: something is there and cannot prove that it is ours.
 * - `otherVersion`: it belongs to another version of the extension.
 * - `ended`: it has ended while this window was connected.
 * - `outdated`: this page of a browser was loaded before the secret was made.
 */
export type KeeperTrouble = 'ended' | 'folder' | 'notStarted' | 'noAnswer' | 'stranger' | 'otherVersion' | 'outdated';

/** A connection to the keeper. The ids of accounts are the random ones. */
export interface KeeperLink extends Disposable {
  /** A folder, by which windows find it whose environment names others; undefined where none is needed. */
  readonly base: string | undefined;
  /**
   * Has it keep a key until the vault locks. Sent before this returns.
   *
   * @param kept its key stays the caller's to wipe.
   * @returns false when the vault was locked since, or the keeper does not answer.
   */
  put(account: string, kept: KeptKey): Promise<boolean>;
  /** @returns the key, the caller's to wipe; undefined when it has none. */
  get(account: string): Promise<KeptKey | undefined>;
  /** This window has the account open, and these limits hold for it. */
  setLimits(account: string, limits: IdleLimits): void;
  /** The account was used: its time starts again in all windows. */
  used(account: string): void;
  /**
   * Has the key wiped, and all windows locked.
   *
   * @param signal see KeptKey: no effect on a key that was put under a later one, and none is taken of an earlier one.
   */
  lock(account: string, signal: number): void;
  /** Fires with the account. */
  onDidLock(listener: (account: string) => void): Disposable;
  /** Fires with the account that was used in another window. */
  onDidUse(listener: (account: string) => void): Disposable;
  /** The connection is gone, whatever the reason. */
  onDidClose(listener: () => void): Disposable;
}
