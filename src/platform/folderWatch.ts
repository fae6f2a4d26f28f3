import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Disposable, FileWatch } from '../base/ports';

/** How long a change goes unnoticed where the system tells nothing of it. */
const LOOK_MS = 3_000;

/** Of locks and of files that are being written, which say nothing to anybody. */
const PASSING = /\.(lock|tmp)(\.|$)/;

/**
 * Tells of changes in a folder, whichever window makes them. The system tells them at once, but not everywhere: there are
 * file systems that it cannot watch, and it watches only so many folders. So the folder is looked at, too.
 */
export class FolderWatch implements FileWatch, Disposable {
  readonly #listeners = new Set<(name: string | undefined) => void>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The folder as it was at the last look; undefined: it was not there. */
  #seen: string | undefined;
  #disposed = false;

  constructor(
    private readonly folder: string,
    private readonly lookMs = LOOK_MS,
    private readonly watchFolder: typeof watch = watch,
  ) {}

  /** The folder is watched from the first listener on. */
  onDidChange(listener: (name: string | undefined) => void): Disposable {
    this.#listeners.add(listener);
    if (this.#timer === undefined) void this.#begin();
    return { dispose: () => this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
    this.#listeners.clear();
  }

  async #begin(): Promise<void> {
    this.#lookLater();
    this.#seen = await this.#state();
    if (this.#seen !== undefined) this.#watch();
  }

  async #look(): Promise<void> {
    const state = await this.#state();
    const before = this.#seen;
    this.#seen = state;
    if (state === before) {
      if (state !== undefined && this.#watcher === undefined) this.#watch();
      return;
    }
    // Another folder in the place of the first is not the one that is watched.
    if (folderOf(state) !== folderOf(before)) this.#watch();
    this.#tell(undefined);
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => {
      this.#look().catch(() => undefined);
      this.#lookLater();
    }, this.lookMs);
    this.#timer.unref();
  }

  #watch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    if (this.#disposed) return;
    try {
      const watcher = this.watchFolder(this.folder, { persistent: false }, (_, name) => this.#tell(name ?? undefined));
      watcher.on('error', () => {
        watcher.close();
        if (this.#watcher === watcher) this.#watcher = undefined;
      });
      this.#watcher = watcher;
    } catch {
      // The looks tell, and try again.
    }
  }

  #tell(name: string | undefined): void {
    if (this.#disposed || (name !== undefined && PASSING.test(name))) return;
    for (const listener of [...this.#listeners]) listener(name);
  }

  /** Changes with every file that comes, goes or is replaced. */
  async #state(): Promise<string | undefined> {
    try {
      const { ino, mtimeMs } = await stat(this.folder);
      return `${ino} ${mtimeMs}`;
    } catch {
      return undefined;
    }
  }
}

function folderOf(state: string | undefined): string | undefined {
  return state?.split(' ')[0];
}
