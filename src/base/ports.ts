/** What the vault needs from outside; `ui/` supplies it in the editor, `test/support` in tests. */

export interface Disposable {
  dispose(): void;
}

/**
 * Encrypted storage that all windows share. A window reads back at once what it has written. Other windows read it some
 * 200 ms later and, in a browser, only after they were loaded again; there, each write also stores all other entries as
 * that window has read them.
 */
export interface SecretStore {
  /** False: a window learns of what others write only when it is loaded again, as in a browser. */
  readonly tellsWindows: boolean;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
  /**
   * Fires with the key of an entry that was set or deleted, here or in another window, once the change can be read
   * here.
   */
  onDidChange(listener: (key: string) => void): Disposable;
}

/**
 * Files in a private folder of ours, the same for all windows at any time; names are plain file names. Writes are atomic,
 * on the disk when they resolve, and readable by this user alone.
 */
export interface FileStore {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, content: Uint8Array): Promise<void>;
  /** Begins a new file, which has no name yet. */
  create(name: string): Promise<NewFile>;
  /** The last bytes of a file, as many of these as there are, and how many it has in all. */
  readEnd(name: string, length: number): Promise<{ readonly bytes: Uint8Array; readonly size: number } | undefined>;
  /**
   * Adds to the end of a file, on the disk when this resolves. Not atomic: a crash can leave the first part of what was
   * added. Fails where there is no such file.
   */
  append(name: string, content: Uint8Array): Promise<void>;
  delete(name: string): Promise<void>;
  /** The names of all files, also of those that the locks of `exclusive` consist of. */
  names(): Promise<readonly string[]>;
  /** Gives the file another name, on the disk when this resolves. Nothing happens when there is no such file. */
  rename(from: string, to: string): Promise<void>;
  /** Milliseconds since the epoch; undefined when there is no such file. */
  modifiedAt(name: string): Promise<number | undefined>;
  /** Sets that time to now; nothing happens when there is no such file. */
  touch(name: string): Promise<void>;
  /** Runs the task while no other window runs one under the same name; waits for its turn. */
  exclusive<T>(name: string, task: () => Promise<T>): Promise<T>;
  /**
   * As exclusive, for a task that goes on for hours: who waits for a turn looks every two seconds, until the signal fires.
   *
   * @param task ends when the signal fires; not run at all where that comes first.
   */
  lead(name: string, signal: AbortSignal, task: () => Promise<void>): Promise<void>;
}

/** A file that is written piece by piece. Either `commit` or `abandon` ends it. */
export interface NewFile {
  write(content: Uint8Array): Promise<void>;
  /** The file takes its name, in the place of the one before, and is on the disk when this resolves. */
  commit(): Promise<void>;
  /** Deletes what was written. */
  abandon(): Promise<void>;
}

/** Makes files for what is encrypted and too large for memory. They end with the process at the latest. */
export interface ScratchFiles {
  scratch(): Promise<ScratchFile>;
}

/** A file without a name that anybody knows, readable by this user alone. */
export interface ScratchFile {
  /** Up to the last byte that was written. */
  readonly size: number;
  /** @param at the offset of the first byte. */
  write(content: Uint8Array, at: number): Promise<void>;
  /** Fills the bytes. Fails where the file ends before. @param at the offset of the first one. */
  read(bytes: Uint8Array, at: number): Promise<void>;
  /** Does nothing the second time. */
  delete(): Promise<void>;
}

/** A file of the user, or what stands for one, that is read piece by piece. */
export interface SourceFile {
  /** Without its folder. */
  readonly name: string;
  /** In bytes, when it was opened. */
  readonly size: number;
  /** Each piece is overwritten once the next one is asked for. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Files outside of the private folder: those of the user, and those that are shown to them for a while. */
export interface LocalFiles extends ScratchFiles {
  /** Fails for what is no file. @param path absolute. */
  source(path: string): Promise<SourceFile>;
  /** Whether there is anything under that path, be it a link that leads nowhere. */
  exists(path: string): Promise<boolean>;
  /**
   * Begins a file beside the one that it will be. Where that is a link, the link is replaced, and what it leads to stays.
   *
   * @param path absolute.
   * @param replaces whether it may take the place of another one; otherwise `commit` fails where there is one by then.
   */
  saved(path: string, replaces: boolean): Promise<NewFile>;
  /** Begins a file to be read here, in a folder of its own. @param name a plain file name. */
  shown(name: string): Promise<NewFile & { readonly path: string }>;
  /** Deletes one that was shown, with its folder. */
  deleteShown(path: string): Promise<void>;
  /** Deletes all scratch files, and all that were shown in this window. */
  deleteAll(): Promise<void>;
  /** Deletes what windows have left that ended without doing so. */
  deleteLeft(): Promise<void>;
}

/** Tells of changes in that folder, also of those that the window itself makes. */
export interface FileWatch {
  /**
   * Fires with the name of a file that was written, renamed or deleted; undefined when something has changed and the
   * system does not say what. It fires a moment after the change, or some seconds after it where the system does not
   * tell.
   */
  onDidChange(listener: (name: string | undefined) => void): Disposable;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some moment. Nobody can set this clock; on some systems it stands still while the machine sleeps. */
  uptime(): number;
  setTimeout(callback: () => void, milliseconds: number): Disposable;
}

/** Messages are for support; no secret, no item name and no response body may be in one. */
export interface Logger {
  debug(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
