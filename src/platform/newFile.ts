import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { NewFile } from '../base/ports';
import { hasCode, patiently } from './fileErrors';

/**
 * A file that is written under one name and then takes another one, readable by this user alone.
 *
 * @param mayTake called before it takes its name; what it throws is thrown by `commit`.
 */
export async function newFile(
  temporary: string,
  path: string,
  mayTake: () => Promise<void> = () => Promise.resolve(),
): Promise<NewFile> {
  const file = await open(temporary, 'wx', 0o600);
  return {
    write: (content) => file.writeFile(content),
    // The content is on the disk before it takes the name, so that a crash leaves the old file or the new one.
    commit: async () => {
      await file.sync();
      await file.close();
      await mayTake();
      await patiently(() => rename(temporary, path));
      await syncFolder(dirname(path));
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
