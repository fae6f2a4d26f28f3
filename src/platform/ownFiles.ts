import { chmod, lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LocalFiles, NewFile, ScratchFile, SourceFile } from '../base/ports';
import { allocateSecret, wipe } from '../base/secretBytes';
import { orUndefined, patiently } from './fileErrors';
import { newFile, writeAt } from './newFile';
import { fateOf, isPid, type ProcessId, thisProcess } from './processFate';

/** A multiple of what ciphers take at once, and little enough that nobody notices the time one piece takes. */
const PIECE = 64 * 1024;

/**
 * Scratch files and files that are shown lie in a folder of this process, in one that other users of the machine cannot
 * open. The name of the folder tells later windows whether that process still runs.
 */
export class OwnFiles implements LocalFiles {
  #own: Promise<string> | undefined;

  /** @param folder private; made when it is needed. */
  constructor(private readonly folder: string) {}

  async scratch(): Promise<ScratchFile> {
    const path = join(await this.#ownFolder(), globalThis.crypto.randomUUID());
    const file = await open(path, 'wx+', 0o600);
    let isDeleted = false;
    const scratch = {
      size: 0,
      write: async (content: Uint8Array, at: number) => {
        await writeAt(file, content, at);
        scratch.size = Math.max(scratch.size, at + content.length);
      },
      read: async (bytes: Uint8Array, at: number) => {
        for (let read = 0; read < bytes.length;) {
          const { bytesRead } = await file.read(bytes, read, bytes.length - read, at + read);
          if (bytesRead === 0) throw new Error('the file is too short');
          read += bytesRead;
        }
      },
      delete: async () => {
        if (isDeleted) return;
        isDeleted = true;
        try {
          await file.close();
        } finally {
          await patiently(() => rm(path, { force: true }));
        }
      },
    };
    return scratch;
  }

  async source(path: string): Promise<SourceFile> {
    const file = await open(path, 'r');
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw Object.assign(new Error('no file'), { code: 'EISDIR' });
      return { name: basename(path), size: stat.size, pieces: () => piecesOf(path) };
    } finally {
      await file.close();
    }
  }

  async exists(path: string): Promise<boolean> {
    return (await orUndefined(lstat(path))) !== undefined;
  }

  saved(path: string, replaces: boolean): Promise<NewFile> {
    return newFile(join(dirname(path), `.${globalThis.crypto.randomUUID()}.tmp`), path, async () => {
      if (!replaces && (await this.exists(path))) throw Object.assign(new Error('it exists'), { code: 'EEXIST' });
    });
  }

  async shown(name: string): Promise<NewFile & { readonly path: string }> {
    const folder = join(await this.#ownFolder(), globalThis.crypto.randomUUID());
    await mkdir(folder, { mode: 0o700 });
    const path = join(folder, name);
    const file = await newFile(join(folder, `${globalThis.crypto.randomUUID()}.tmp`), path);
    const abandon = () => file.abandon().finally(() => remove(folder));
    return { ...file, abandon, path };
  }

  async deleteShown(path: string): Promise<void> {
    await remove(dirname(path));
  }

  async deleteAll(): Promise<void> {
    if (this.#own === undefined) return;
    const own = this.#own;
    this.#own = undefined;
    await remove(await own);
  }

  async deleteLeft(): Promise<void> {
    for (const name of (await orUndefined(readdir(this.folder))) ?? []) {
      if (name === nameOf(await thisProcess())) continue;
      const fate = await fateOf(processNamed(name));
      // What ran before the machine was started counts as unknown.
      if (fate === 'gone' || fate === 'unknown') await remove(join(this.folder, name));
    }
  }

  #ownFolder(): Promise<string> {
    this.#own ??= this.#makeFolder().catch((error: unknown) => {
      this.#own = undefined;
      throw error;
    });
    return this.#own;
  }

  async #makeFolder(): Promise<string> {
    const own = join(this.folder, nameOf(await thisProcess()));
    await mkdir(own, { recursive: true });
    for (const each of [this.folder, own]) await chmod(each, 0o700);
    return own;
  }
}

/** Each piece lies in the same memory, which is wiped after the last one. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array, void> {
  const file = await open(path, 'r');
  const bytes = allocateSecret(PIECE);
  try {
    for (;;) {
      const { bytesRead } = await file.read(bytes, 0, bytes.length);
      if (bytesRead === 0) return;
      yield bytes.subarray(0, bytesRead);
    }
  } finally {
    wipe(bytes);
    await file.close();
  }
}

function nameOf({ pid, started, machine }: ProcessId): string {
  return [pid, started ?? '', machine ?? ''].join('-');
}

/** The reverse of nameOf. What is no such name stands for a process that nobody can see. */
function processNamed(name: string): ProcessId {
  const [pid, started, machine] = name.split('-');
  if (!isPid(Number(pid))) return { pid: 1, started: undefined, machine: undefined };
  const given = (part: string | undefined) => (part === '' ? undefined : part);
  return { pid: Number(pid), started: given(started), machine: given(machine) };
}

async function remove(folder: string): Promise<void> {
  await patiently(() => rm(folder, { recursive: true, force: true }));
}
