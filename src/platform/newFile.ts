import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { NewFile } from '../base/ports';
import { hasCode, orUndefined, patiently } from './fileErrors';

/**
 * A file that is written under one name and then takes another one, readable by this user alone.
 *
 * @param takeName gives it its name, once its content is on the disk.
 */
export async function newFile(
  temporary: string,
  path: string,
  takeName: (temporary: string, path: string) => Promise<void> = takePlace,
): Promise<NewFile> {
  const file = await open(temporary, 'wx', 0o600);
  return {
    write: (content) => file.writeFile(content),
    // The content is on the disk before it takes the name, so that a crash leaves the old file or the new one.
    commit: async () => {
      await file.sync();
      await file.close();
      await takeName(temporary, path);
    },
    abandon: async () => {
      try {
        await file.close();
      } finally {
        await remove(temporary);
      }
    },
  };
}

async function takePlace(temporary: string, path: string): Promise<void> {
  await patiently(() => rename(temporary, path));
  await syncFolder(dirname(path));
}

/** A file of the user. It is there once it has its name, whether or not the disk knows the name for good. */
export async function takeNameOfUser(temporary: string, path: string, replaces: boolean): Promise<void> {
  await (replaces ? patiently(() => rename(temporary, path)) : takeFreeName(temporary, path));
  await syncFolder(dirname(path)).catch(() => undefined);
}

/** A new link, unlike a new name, replaces nothing, even if somebody takes the name in this moment. */
async function takeFreeName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error;
    // Some file systems have no links.
    if (await isThere(path)) throw Object.assign(new Error('it exists'), { code: 'EEXIST' });
    await patiently(() => rename(temporary, path));
    return;
  }
  await remove(temporary);
}

/** Whether there is anything under that path, be it a link that leads nowhere. */
export async function isThere(path: string): Promise<boolean> {
  return (await orUndefined(lstat(path))) !== undefined;
}

/**
 * Writes the list of names of a folder to the disk. Until that is done, a power cut can take back a new name of a file.
 * Windows cannot open folders and some file systems cannot sync them; nothing more can be done there.
 */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!hasCode(error, 'EISDIR', 'EPERM', 'EACCES', 'EBADF', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
  }
}

export async function writeAt(file: FileHandle, content: Uint8Array, start: number): Promise<void> {
  for (let at = 0; at < content.length;) {
    const { bytesWritten } = await file.write(content, at, content.length - at, start + at);
    at += bytesWritten;
  }
}

export async function remove(path: string): Promise<void> {
  await patiently(() => rm(path, { force: true }));
}
