import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Disposable, FileWatch } from '../base/ports';

/** The longest time after which a change is noticed where the system does not tell. */
const LOOK_MS = 3_000;

/** Names of locks and of temporary files, whose changes concern nobody. */
const PASSING = /\.(lock|tmp)(\.|$)/;

/**
 * Tells of changes in a folder, whichever window makes them. The system tells at once, but it cannot watch some file
 * systems, and only a limited number of folders. So the folder is also looked at every few seconds.
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
    // Another folder of the same name has taken the place of the one that is watched.
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
      // Without the system, the looks notice changes; each of them also tries to watch again.
    }
  }

  #tell(name: string | undefined): void {
    if (this.#disposed || (name !== undefined && PASSING.test(name))) return;
    for (const listener of [...this.#listeners]) listener(name);
  }

  /** A text that changes whenever a file of the folder is made, deleted or replaced. Undefined: there is no folder. */
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
