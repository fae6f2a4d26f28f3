import type { LockDisk, SeenFile } from './lockDisk';
import { type Fate, isPid, type ProcessId } from './processFate';

export interface LockParts {
  readonly disk: LockDisk;
  readonly self: () => Promise<ProcessId>;
  readonly fateOf: (owner: ProcessId) => Promise<Fate>;
  /** Waits between two looks at a lock that another process holds. Rejects when the signal fires. */
  readonly pause: (signal?: AbortSignal) => Promise<unknown>;
  /** Milliseconds after which the holder touches the file again. */
  readonly refreshMs: number;
  /**
   * A file that nobody has touched during so many looks in a row is taken for abandoned, depending on what is known of
   * its owner. Looks are counted and not time: people set clocks, file servers have clocks of their own, and computers
   * sleep.
   */
  readonly staleAfterLooks: Readonly<Record<Fate, number>>;
}

/** One file of a lock: that of the holder, or the claim of a process that wants to follow it. */
interface Entry {
  /** A random name for one attempt to take the lock; it is never used again. */
  readonly token: string;
  /** Undefined: the file does not say. */
  readonly owner: ProcessId | undefined;
  readonly mark: string;
}

/**
 * A lock that is a file, held by one process at a time. A process that ended while it held the lock is followed by
 * exactly one other:
 *
 * - Who finds no file creates it, and holds the lock if it is then the file's owner.
 * - Who finds that the owner, of token T, is gone creates the claim `<file>.T.heir`. Only one can; if it goes, too, its
 *   own token is claimed in turn. So file and claims make a line, and only the last one in it can act.
 * - A claim counts if the line, read again after the claim was made, still leads from the file to it. Otherwise somebody
 *   else has followed T meanwhile and swept up, and the claim is taken back. Tokens are never used twice: a line that was
 *   left once cannot come back, and a line that is still there has not been swept up.
 * - Whose claim counts puts its own entry in the place of the file, in one step: the file is never missing while the lock
 *   changes hands.
 *
 * This holds as long as nobody is taken for gone who is not. A process whose machine cannot be asked is taken for gone when
 * its file was not touched for long; if it was only asleep for that time, it goes on without the lock.
 */
export class LockFile {
  constructor(
    private readonly path: string,
    private readonly parts: LockParts,
  ) {}

  /**
   * Waits for its turn. Resolves to a function that gives the lock back and never rejects.
   *
   * @param signal ends the waiting: then it rejects.
   */
  async take(signal?: AbortSignal): Promise<() => Promise<void>> {
    const token = globalThis.crypto.randomUUID();
    try {
      await this.#takeAs(token, signal);
    } catch (error) {
      await this.#letGo(token);
      throw error;
    }
    const refresh = setInterval(() => {
      this.parts.disk.touch(this.path).catch(() => undefined);
    }, this.parts.refreshMs).unref();
    return () => {
      clearInterval(refresh);
      return this.#letGo(token);
    };
  }

  async #takeAs(token: string, signal: AbortSignal | undefined): Promise<void> {
    const { disk, pause } = this.parts;
    const content = JSON.stringify({ token, ...(await this.parts.self()) });
    let before: Entry | undefined;
    for (let looks = 0; ; looks++) {
      const line = await this.#line();
      if (line[0]?.token === token) return;
      const last = line.at(-1);
      if (last?.token !== before?.token || last?.mark !== before?.mark) looks = 0;
      before = last;
      if (last === undefined) await disk.create(this.path, content);
      else if (looks >= (await this.#patienceWith(last))) await this.#follow(line, last, token, content);
      else await pause(signal);
    }
  }

  /** The holder, then whoever claims to follow it, then whoever claims to follow that one. Empty: the lock is free. */
  async #line(): Promise<readonly Entry[]> {
    const line: Entry[] = [];
    for (let path = this.path; ; path = this.#claimAfter(line.at(-1)?.token ?? '')) {
      const seen = await this.parts.disk.look(path);
      if (seen === undefined) return line;
      line.push(entryOf(seen));
    }
  }

  #claimAfter(token: string): string {
    return `${this.path}.${token}.heir`;
  }

  async #patienceWith({ owner }: Entry): Promise<number> {
    return this.parts.staleAfterLooks[owner === undefined ? 'unknown' : await this.parts.fateOf(owner)];
  }

  async #follow(line: readonly Entry[], last: Entry, token: string, content: string): Promise<void> {
    const { disk } = this.parts;
    const claim = this.#claimAfter(last.token);
    try {
      await disk.create(claim, content);
      const wanted = [...line.map((entry) => entry.token), token];
      const found = (await this.#line()).map((entry) => entry.token);
      if (found.length !== wanted.length || found.some((each, index) => each !== wanted[index])) return;
      await disk.replace(this.path, content);
      await this.#sweep();
    } finally {
      await this.#removeOurs(claim, token);
    }
  }

  /**
   * Removes the claims and drafts that others have left behind. Only the holder may do that. What another process is
   * just creating goes, too; that process notices it and looks again.
   */
  async #sweep(): Promise<void> {
    const { disk } = this.parts;
    // What cannot be removed now does no harm.
    const left = await disk.list(`${this.path}.`).catch(() => []);
    for (const path of left) await disk.remove(path).catch(() => undefined);
  }

  /**
   * Removes the file if it is still ours. A process that stood still for long may have lost the lock, and the file is
   * then that of another process.
   */
  async #letGo(token: string): Promise<void> {
    await this.#removeOurs(this.path, token);
  }

  /**
   * Removes the file if it is ours, and tries again until that succeeds: all others wait as long as the file exists.
   */
  async #removeOurs(path: string, token: string): Promise<void> {
    const { disk, refreshMs } = this.parts;
    try {
      const seen = await disk.look(path);
      if (seen !== undefined && entryOf(seen).token === token) await disk.remove(path);
    } catch {
      setTimeout(() => void this.#removeOurs(path, token), refreshMs).unref();
    }
  }
}

const TOKEN = /^[\w-]{1,64}$/;

/** A file that does not parse, since it was half written or is not ours, gets a token made from its mark. */
function entryOf({ content, mark }: SeenFile): Entry {
  const nobody = { token: `at-${mark}`, owner: undefined, mark };
  try {
    const { token, machine, pid, started } = (JSON.parse(content) ?? {}) as Partial<Record<string, unknown>>;
    if (typeof token !== 'string' || !TOKEN.test(token)) return nobody;
    if (typeof machine !== 'string' || !isPid(pid)) return { token, owner: undefined, mark };
    return { token, owner: { machine, pid, started: typeof started === 'string' ? started : undefined }, mark };
  } catch {
    return nobody;
  }
}
