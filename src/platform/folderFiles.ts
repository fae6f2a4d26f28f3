import { chmod, mkdir, open, readdir, readFile, rename, stat, utimes } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileStore, NewFile } from '../base/ports';
import { orUndefined, patiently } from './fileErrors';
import { nodeLockDisk } from './lockDisk';
import { LockFile, type LockParts } from './lockFile';
import { newFile, remove, syncFolder, writeAt } from './newFile';
import { fateOf, thisProcess } from './processFate';

/** A temporary file that was not written to for so long is left over from a window that has ended. */
const ABANDONED_MS = 60 * 60 * 1000;

const LOOK_MS = 50;
const looksIn = (seconds: number) => (seconds * 1000) / LOOK_MS;

export const LOCKS: LockParts = {
  disk: nodeLockDisk,
  self: thisProcess,
  fateOf,
  pause: (signal) => delay(LOOK_MS, undefined, { ...(signal && { signal }) }),
  refreshMs: 3_000,
  // A process that lives is never taken for gone: in a debugger, or for want of memory, it can stand still for minutes
  // and then go on.
  staleAfterLooks: { gone: 0, alive: Infinity, likely: looksIn(300), unknown: looksIn(15) },
};

const SELDOM_MS = 2_000;
const seldomIn = (seconds: number) => (seconds * 1000) / SELDOM_MS;

/** For what is held for hours: neither the holder nor those who wait keep a disk or a processor awake. */
const LASTING_LOCKS: LockParts = {
  ...LOCKS,
  pause: (signal) => delay(SELDOM_MS, undefined, { ...(signal && { signal }) }),
  refreshMs: 30_000,
  staleAfterLooks: { gone: 0, alive: Infinity, likely: seldomIn(300), unknown: seldomIn(150) },
};

/** Files of one folder. The folder is made with the first write, and other users of the machine cannot open it. */
export class FolderFiles implements FileStore {
  constructor(
    private readonly folder: string,
    private readonly locks = LOCKS,
    private readonly lastingLocks = LASTING_LOCKS,
  ) {}

  async read(name: string): Promise<Uint8Array | undefined> {
    return orUndefined(patiently(() => readFile(join(this.folder, name))));
  }

  async write(name: string, content: Uint8Array): Promise<void> {
    const file = await this.create(name);
    try {
      await file.write(content);
      await file.commit();
    } catch (error) {
      await file.abandon();
      throw error;
    }
  }

  async create(name: string): Promise<NewFile> {
    await this.#makeFolder();
    await this.#removeTemporary(name, ABANDONED_MS);
    const temporary = join(this.folder, `${name}.${globalThis.crypto.randomUUID()}.tmp`);
    return newFile(temporary, join(this.folder, name));
  }

  async readEnd(name: string, length: number): Promise<{ bytes: Uint8Array; size: number } | undefined> {
    return orUndefined(
      patiently(async () => {
        const file = await open(join(this.folder, name), 'r');
        try {
          const { size } = await file.stat();
          const bytes = new Uint8Array(Math.min(length, size));
          const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
          return { bytes: bytes.subarray(0, bytesRead), size };
        } finally {
          await file.close();
        }
      }),
    );
  }

  async append(name: string, content: Uint8Array): Promise<void> {
    const file = await patiently(() => open(join(this.folder, name), 'r+'));
    try {
      const { size } = await file.stat();
      try {
        await writeAt(file, content, size);
        await file.sync();
      } catch (error) {
        await file.truncate(size).catch(() => undefined);
        throw error;
      }
    } finally {
      await file.close();
    }
  }

  async delete(name: string): Promise<void> {
    await remove(join(this.folder, name));
    await this.#removeTemporary(name, 0);
    await orUndefined(syncFolder(this.folder));
  }

  async names(): Promise<readonly string[]> {
    return (await orUndefined(readdir(this.folder))) ?? [];
  }

  async rename(from: string, to: string): Promise<void> {
    await orUndefined(patiently(() => rename(join(this.folder, from), join(this.folder, to))));
    await orUndefined(syncFolder(this.folder));
  }

  async modifiedAt(name: string): Promise<number | undefined> {
    return (await orUndefined(stat(join(this.folder, name))))?.mtimeMs;
  }

  async touch(name: string): Promise<void> {
    const now = new Date();
    await orUndefined(utimes(join(this.folder, name), now, now));
  }

  async exclusive<T>(name: string, task: () => Promise<T>): Promise<T> {
    await this.#makeFolder();
    const release = await new LockFile(join(this.folder, `${name}.lock`), this.locks).take();
    try {
      return await task();
    } finally {
      await release();
    }
  }

  async lead(name: string, signal: AbortSignal, task: () => Promise<void>): Promise<void> {
    await this.#makeFolder();
    const lock = new LockFile(join(this.folder, `${name}.lock`), this.lastingLocks);
    let release: () => Promise<void>;
    try {
      signal.throwIfAborted();
      release = await lock.take(signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    try {
      if (!signal.aborted) await task();
    } finally {
      await release();
    }
  }

  /** A crash in the middle of a write leaves its temporary file. */
  async #removeTemporary(name: string, olderThanMs: number): Promise<void> {
    const left = (await orUndefined(readdir(this.folder))) ?? [];
    for (const file of left.filter((each) => each.startsWith(`${name}.`) && each.endsWith('.tmp'))) {
      const path = join(this.folder, file);
      const { mtimeMs } = (await orUndefined(stat(path))) ?? { mtimeMs: 0 };
      if (olderThanMs === 0 || Date.now() - mtimeMs > olderThanMs) await remove(path);
    }
  }

  async #makeFolder(): Promise<void> {
    const first = await mkdir(this.folder, { recursive: true });
    await chmod(this.folder, 0o700);
    // A new folder is on the disk only when the folder that it is in is, too.
    for (let made = this.folder; first !== undefined; made = dirname(made)) {
      await syncFolder(dirname(made));
      if (relative(made, first) === '') return;
    }
  }
}
