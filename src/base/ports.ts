/** What the vault needs from outside; `ui/` supplies it in the editor, `test/support` in tests. */

export interface Disposable {
  dispose(): void;
}

/**
 * Encrypted storage shared by all windows. What a window writes it reads back at once; the others read it some time
 * later, and in a browser only after they were loaded again.
 */
export interface SecretStore {
  /** False: what other windows write gets here only when this one is loaded again. */
  readonly tellsWindows: boolean;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
  /** Fires with the key of an entry that was set or deleted here, or when that came here from another window. */
  onDidChange(listener: (key: string) => void): Disposable;
}

/**
 * Files in a private folder of ours, the same for all windows at any time; names are plain file names. Writes are atomic,
 * on the disk when they resolve, and readable by this user alone.
 */
export interface FileStore {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, content: Uint8Array): Promise<void>;
  delete(name: string): Promise<void>;
  /** Of all files, those too that the locks of `exclusive` are made of. */
  names(): Promise<readonly string[]>;
  /** The file takes the other name, on the disk when this resolves; nothing happens when there is no such file. */
  rename(from: string, to: string): Promise<void>;
  /** Milliseconds since the epoch; undefined when there is no such file. */
  modifiedAt(name: string): Promise<number | undefined>;
  /** Sets that time to now; nothing happens when there is no such file. */
  touch(name: string): Promise<void>;
  /** Runs the task while no other window runs one under the same name; waits for its turn. */
  exclusive<T>(name: string, task: () => Promise<T>): Promise<T>;
}

/** Tells a window of changes in that folder, those that it makes itself too. */
export interface FileWatch {
  /**
   * Fires with the name of a file that was written, renamed or deleted, or undefined where something has changed and
   * nobody knows what. A moment later in every window, or some seconds where the system tells nothing of it.
   */
  onDidChange(listener: (name: string | undefined) => void): Disposable;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): Disposable;
}

/** Messages are for support; no secret, no item name and no response body may be in one. */
export interface Logger {
  debug(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
