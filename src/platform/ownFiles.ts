import { chmod, mkdir, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalFiles, NewFile, ScratchFile, SourceFile } from '../base/ports';
import { allocateSecret, wipe } from '../base/secretBytes';
import { hasCode, orUndefined, patiently } from './fileErrors';
import { isThere, newFile, remove, takeNameOfUser, writeAt } from './newFile';
import { fateOf, isPid, type ProcessId, thisProcess } from './processFate';

/** A multiple of what ciphers take at once, and little enough that nobody notices the time one piece takes. */
const PIECE = 64 * 1024;

/** How many times in a row a folder must show no sign of life before it counts as left by its process. */
const LOOKS = 3;

/** Of files in the folder of a process that name, each, a file that lies elsewhere until it is whole. */
const NOTE = '.note';

/** The names of such files. */
const TEMPORARY = /^\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/**
 * Scratch files and files that are shown lie in a folder of this process, in one that other users of the machine cannot
 * open. The name of the folder tells later windows whether that process still runs; where they cannot see that, its time
 * does, which a process that runs sets again and again.
 */
export class OwnFiles implements LocalFiles {
  #own: Promise<string> | undefined;
  #signsOfLife: NodeJS.Timeout | undefined;
  readonly #beginning = new Set<Promise<unknown>>();
  readonly #over = new AbortController();

  /**
   * @param folder private; made when it is needed.
   * @param signOfLifeMs between two signs of life.
   */
  constructor(
    private readonly folder: string,
    private readonly signOfLifeMs = 60_000,
  ) {}

  async scratch(): Promise<ScratchFile> {
    const { path, file } = await this.#begin(async (own) => {
      const path = join(own, globalThis.crypto.randomUUID());
      return { path, file: await open(path, 'wx+', 0o600) };
    });
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
          await remove(path);
        }
      },
    };
    return scratch;
  }

  async source(path: string): Promise<SourceFile> {
    // Before it is opened, since to open a pipe waits for its other end.
    const found = await stat(path);
    if (!found.isFile()) throw Object.assign(new Error('no file'), { code: 'EISDIR' });
    await (await open(path, 'r')).close();
    return { name: basename(path), size: found.size, pieces: () => piecesOf(path) };
  }

  exists(path: string): Promise<boolean> {
    return isThere(path);
  }

  saved(path: string, replaces: boolean): Promise<NewFile> {
    const id = globalThis.crypto.randomUUID();
    const temporary = join(dirname(path), `.${id}.tmp`);
    return this.#begin(async (own) => {
      const note = join(own, id + NOTE);
      await writeFile(note, temporary, { mode: 0o600, flush: true });
      const forget = () => remove(note).catch(() => undefined);
      try {
        const file = await newFile(temporary, path, (from, to) => takeNameOfUser(from, to, replaces));
        const commit = () => file.commit().then(forget);
        const abandon = () => file.abandon().then(forget);
        return { ...file, commit, abandon };
      } catch (error) {
        await forget();
        throw error;
      }
    });
  }

  shown(name: string): Promise<NewFile & { readonly path: string }> {
    return this.#begin(async (own) => {
      const folder = join(own, globalThis.crypto.randomUUID());
      await mkdir(folder, { mode: 0o700 });
      const path = join(folder, name);
      const file = await newFile(join(folder, `${globalThis.crypto.randomUUID()}.tmp`), path);
      const abandon = () => file.abandon().finally(() => removeFolder(folder));
      return { ...file, abandon, path };
    });
  }

  async deleteShown(path: string): Promise<void> {
    await removeFolder(dirname(path));
  }

  async deleteAll(): Promise<void> {
    this.#over.abort();
    clearInterval(this.#signsOfLife);
    await Promise.allSettled(this.#beginning);
    if (this.#own !== undefined) await removeFolderOfProcess(await this.#own);
  }

  async deleteLeft(): Promise<void> {
    const doubtful: string[] = [];
    for (const name of (await orUndefined(readdir(this.folder))) ?? []) {
      if (name === nameOf(await thisProcess())) continue;
      const fate = await fateOf(processNamed(name));
      if (fate === 'gone') await removeFolderOfProcess(join(this.folder, name));
      else if (fate !== 'alive') doubtful.push(join(this.folder, name));
    }
    await Promise.all(
      doubtful.map(async (folder) => {
        if (await this.#showsNoSignOfLife(folder)) await removeFolderOfProcess(folder);
      }),
    );
  }

  /**
   * For a process that cannot be seen from here, or whose pid another one may have by now. Looks are counted and not time,
   * since computers sleep and clocks differ.
   */
  async #showsNoSignOfLife(folder: string): Promise<boolean> {
    const { signal } = this.#over;
    const first = await modifiedAt(folder);
    for (let look = 0; look < LOOKS; look++) {
      await delay(this.signOfLifeMs, undefined, { ref: false, signal }).catch(() => undefined);
      if (signal.aborted || (await modifiedAt(folder)) !== first) return false;
    }
    return true;
  }

  /** Makes a file with the folder of this process. None can be made after deleteAll, which waits for those under way. */
  async #begin<T>(make: (own: string) => Promise<T>): Promise<T> {
    if (this.#over.signal.aborted) throw new Error('the window is closing');
    const beginning = this.#inOwnFolder(make);
    this.#beginning.add(beginning);
    try {
      return await beginning;
    } finally {
      this.#beginning.delete(beginning);
    }
  }

  async #inOwnFolder<T>(make: (own: string) => Promise<T>): Promise<T> {
    const own = this.#ownFolder();
    try {
      return await make(await own);
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || (await isThere(await own))) throw error;
      // Another window has deleted the folder, as one does where this process has stood still for minutes.
      if (this.#own === own) this.#own = undefined;
      return make(await this.#ownFolder());
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
    clearInterval(this.#signsOfLife);
    const showSignOfLife = () => utimes(own, new Date(), new Date()).catch(() => undefined);
    this.#signsOfLife = setInterval(() => void showSignOfLife(), this.signOfLifeMs).unref();
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

async function modifiedAt(path: string): Promise<number | undefined> {
  return (await orUndefined(stat(path)))?.mtimeMs;
}

/** With the files elsewhere that were not whole yet. */
async function removeFolderOfProcess(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(NOTE)) continue;
    const path = await readFile(join(folder, name), 'utf8');
    // A folder that cannot be written any more must not keep the rest.
    if (isAbsolute(path) && TEMPORARY.test(basename(path))) await remove(path).catch(() => undefined);
  }
  await removeFolder(folder);
}

async function removeFolder(folder: string): Promise<void> {
  await patiently(() => rm(folder, { recursive: true, force: true }));
}
