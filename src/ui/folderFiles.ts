import type { Stats } from 'node:fs';
import {
  chmod,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileStore } from '../vault/ports';

/**
 * A lock is refreshed while it is held; one that stays as it is for so many looks belongs to a window that is gone. Looks
 * are counted and not time: people set clocks, file servers have one of their own, and computers sleep.
 */
const LOCK_TIMING = { refreshMs: 3_000, lookMs: 50, staleAfterLooks: 300 };

/** Files of one folder, which is made at the first write and is closed to other users of the machine. */
export class FolderFiles implements FileStore {
  constructor(
    private readonly folder: string,
    private readonly timing = LOCK_TIMING,
  ) {}

  async read(name: string): Promise<Uint8Array | undefined> {
    return orUndefined(patiently(() => readFile(join(this.folder, name))));
  }

  /** The new content is on the disk before it takes the name, so that a crash leaves the old file or the new one. */
  async write(name: string, content: Uint8Array): Promise<void> {
    await this.#makeFolder();
    const temporary = join(this.folder, `${name}.${globalThis.crypto.randomUUID()}.tmp`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await patiently(() => rename(temporary, join(this.folder, name)));
    } catch (error) {
      await remove(temporary);
      throw error;
    }
  }

  async delete(name: string): Promise<void> {
    await remove(join(this.folder, name));
    // A crash in the middle of a write leaves its temporary file.
    const left = (await orUndefined(readdir(this.folder))) ?? [];
    for (const file of left.filter((each) => each.startsWith(`${name}.`) && each.endsWith('.tmp'))) {
      await remove(join(this.folder, file));
    }
  }

  async names(): Promise<readonly string[]> {
    return (await orUndefined(readdir(this.folder))) ?? [];
  }

  async rename(from: string, to: string): Promise<void> {
    await orUndefined(patiently(() => rename(join(this.folder, from), join(this.folder, to))));
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
    const path = join(this.folder, `${name}.lock`);
    const lock = await this.#takeLock(path);
    const refresh = setInterval(() => {
      const now = new Date();
      lock.utimes(now, now).catch(() => undefined);
    }, this.timing.refreshMs);
    try {
      return await task();
    } finally {
      clearInterval(refresh);
      // The task counts; a lock that cannot be taken away goes stale.
      await release(lock, path).catch(() => undefined);
    }
  }

  async #takeLock(path: string): Promise<FileHandle> {
    let seen: Stats | undefined;
    for (let looks = 0; ; looks++) {
      try {
        return await patiently(() => open(path, 'wx', 0o600));
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      const held = await orUndefined(stat(path));
      if (held === undefined || seen === undefined || !isSame(held, seen)) looks = 0;
      seen = held;
      if (held !== undefined && looks >= this.timing.staleAfterLooks) await removeStaleLock(path, held);
      else await delay(this.timing.lookMs);
    }
  }

  async #makeFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await chmod(this.folder, 0o700);
  }
}

/** The same lock, not refreshed since. */
function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs;
}

/** A window that stood still for long may have lost its lock to another one, whose file this now is. */
async function release(lock: FileHandle, path: string): Promise<void> {
  try {
    const [ours, there] = [await lock.stat(), await orUndefined(stat(path))];
    if (there?.ino === ours.ino) await remove(path);
  } finally {
    await lock.close();
  }
}

/** Two windows may find the same dead lock; the second must not remove the one that the first has taken since. */
async function removeStaleLock(path: string, stale: Stats): Promise<void> {
  const aside = `${path}.${globalThis.crypto.randomUUID()}.tmp`;
  try {
    await patiently(() => rename(path, aside));
    if (!isSame(await stat(aside), stale)) await link(aside, path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  }
  await remove(aside);
}

async function remove(path: string): Promise<void> {
  await patiently(() => rm(path, { force: true }));
}

const BUSY = ['EPERM', 'EACCES', 'EBUSY'];
const ATTEMPTS = 10;

/** Windows refuses for a moment what it will do to a file that another program, be it a virus scanner, has open. */
export async function patiently<T>(work: () => Promise<T>, platform = process.platform): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isBusy = platform === 'win32' && BUSY.some((code) => hasCode(error, code));
      if (!isBusy || attempt === ATTEMPTS) throw error;
      await delay(attempt * 20);
    }
  }
}

async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
