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
import type { LogOutputChannel, SecretStorage } from 'vscode';
import type { Clock, FileStore, Logger, SecretStore } from '../vault/ports';
import { redact } from './redact';

export function secretStore(secrets: SecretStorage): SecretStore {
  return {
    get: async (key) => secrets.get(key),
    set: async (key, value) => secrets.store(key, value),
    delete: async (key) => secrets.delete(key),
    keys: async () => secrets.keys(),
    onDidChange: (listener) => secrets.onDidChange(({ key }) => listener(key)),
  };
}

export function logger(channel: LogOutputChannel): Logger {
  return {
    debug: (message) => channel.debug(redact(message)),
    warn: (message) => channel.warn(redact(message)),
    error: (message) => channel.error(redact(message)),
  };
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, milliseconds) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};

/** A lock is refreshed while it is held, so one of this age belongs to a window that is gone. */
const STALE_LOCK_MS = 60_000;
const LOCK_REFRESH_MS = 15_000;
const LOCK_POLL_MS = 50;

/** Files of one folder, which is made at the first write and is closed to other users of the machine. */
export class FolderFiles implements FileStore {
  constructor(private readonly folder: string) {}

  async read(name: string): Promise<Uint8Array | undefined> {
    return orUndefined(readFile(join(this.folder, name)));
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
      await rename(temporary, join(this.folder, name));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async delete(name: string): Promise<void> {
    await rm(join(this.folder, name), { force: true });
    // A crash in the middle of a write leaves its temporary file.
    const left = (await orUndefined(readdir(this.folder))) ?? [];
    for (const file of left.filter((each) => each.startsWith(`${name}.`) && each.endsWith('.tmp'))) {
      await rm(join(this.folder, file), { force: true });
    }
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
    const lock = await takeLock(path);
    const refresh = setInterval(() => {
      const now = new Date();
      lock.utimes(now, now).catch(() => undefined);
    }, LOCK_REFRESH_MS);
    try {
      return await task();
    } finally {
      clearInterval(refresh);
      const { ino } = await lock.stat();
      await lock.close();
      // A computer that slept may have lost its lock to another window, whose file this now is.
      if ((await orUndefined(stat(path)))?.ino === ino) await rm(path, { force: true });
    }
  }

  async #makeFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await chmod(this.folder, 0o700);
  }
}

async function takeLock(path: string): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(path, 'wx', 0o600);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const held = await orUndefined(stat(path));
    if (held !== undefined && isStale(held)) await removeStaleLock(path);
    else await delay(LOCK_POLL_MS);
  }
}

/** A clock that was put back makes a dead lock look like one from the future. */
function isStale({ mtimeMs }: Stats): boolean {
  return Math.abs(Date.now() - mtimeMs) > STALE_LOCK_MS;
}

/** Two windows may find the same dead lock; the second must not remove the one that the first has taken since. */
async function removeStaleLock(path: string): Promise<void> {
  const aside = `${path}.${globalThis.crypto.randomUUID()}.tmp`;
  try {
    await rename(path, aside);
    if (!isStale(await stat(aside))) await link(aside, path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  }
  await rm(aside, { force: true });
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
