import { link, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode, orUndefined, patiently } from './fileErrors';

export interface SeenFile {
  readonly content: string;
  /** Differs from the mark seen before if the file was written or touched since. */
  readonly mark: string;
}

/**
 * What locks need of a file system. Each of these operations happens as a whole or not at all, whatever other processes
 * do at the same time.
 */
export interface LockDisk {
  /** Undefined when there is no such file. */
  look(path: string): Promise<SeenFile | undefined>;
  /** Makes the file unless it exists. Which of the two happened is not told: look at the content. */
  create(path: string, content: string): Promise<void>;
  /** Replaces the file, or makes it. */
  replace(path: string, content: string): Promise<void>;
  /** Changes the mark of the file. */
  touch(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** The paths of all files that begin with this text. */
  list(beginning: string): Promise<readonly string[]>;
}

/** Locks hold some hundred bytes; what is longer is none of ours. */
const LONGEST = 4096;

export const nodeLockDisk: LockDisk = {
  async look(path) {
    const file = await orUndefined(patiently(() => open(path, 'r')));
    if (file === undefined) return undefined;
    try {
      const { mtimeNs } = await file.stat({ bigint: true });
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
      return { content: buffer.toString('utf8', 0, bytesRead), mark: String(mtimeNs) };
    } finally {
      await file.close();
    }
  },

  async create(path, content) {
    const draft = await writeDraft(path, content);
    try {
      await link(draft, path);
    } catch (error) {
      // ENOENT: the holder of the lock has removed what others left behind, and our draft with it.
      if (!hasCode(error, 'EEXIST', 'ENOENT')) await createWithoutLinks(path, content);
    } finally {
      await rm(draft, { force: true }).catch(() => undefined);
    }
  },

  async replace(path, content) {
    const draft = await writeDraft(path, content);
    try {
      await patiently(() => rename(draft, path));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
  },

  async touch(path) {
    const now = new Date();
    await utimes(path, now, now);
  },

  async remove(path) {
    await patiently(() => rm(path, { force: true }));
  },

  async list(beginning) {
    const folder = dirname(beginning);
    const names = await readdir(folder);
    return names.filter((name) => name.startsWith(basename(beginning))).map((name) => join(folder, name));
  },
};

async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${globalThis.crypto.randomUUID()}.tmp`;
  await writeNew(draft, content);
  return draft;
}

/**
 * For USB sticks and network drives that have no hard links. There, another process may see the file before its content
 * is in it.
 */
async function createWithoutLinks(path: string, content: string): Promise<void> {
  try {
    await patiently(() => writeNew(path, content));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

async function writeNew(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
