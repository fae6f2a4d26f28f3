import { Emitter } from '../../src/base/event';
import type { Clock, FileStore, FileWatch } from '../../src/base/ports';
import type { Steps } from './steps';

/** The kind of a file, for the label of a step: that of `….vault` is `vault file`. */
function kindOf(name: string): string {
  return `${name.replace(/^.*\.|-.*$/g, '')} file`;
}

/** The private folder of a machine. It outlives windows, but the locks of a window end with it. */
export class MemoryFileStore {
  readonly files = new Map<string, { content: Uint8Array; modifiedAt: number }>();
  /** Number of windows that wait for a lock. */
  waiting = 0;
  /** Runs before a write takes effect; throwing refuses it. */
  beforeWrite: (name: string) => void = () => undefined;
  /** Runs before a file is read. */
  beforeRead: ((name: string) => Promise<void>) | undefined;
  /** Runs before a lock is taken. */
  beforeExclusive: (name: string) => void | Promise<void> = () => undefined;
  /** True: locks are given to others while somebody holds them, as after a window that stood still for too long. */
  losesLocks = false;
  readonly #queues = new Map<string, Promise<void>>();

  constructor(private readonly clock: Clock) {}

  /** True: the system tells of no changes. */
  isSilent = false;
  readonly #changed = new Emitter<string>();

  view(steps: Steps): FileStore & FileWatch {
    const changed = (name: string) => {
      setImmediate(() => {
        if (!this.isSilent) this.#changed.fire(name);
      });
    };
    const write = async (name: string, content: Uint8Array) => {
      await steps.reach(`write ${kindOf(name)}`);
      this.beforeWrite(name);
      this.files.set(name, { content: Uint8Array.from(content), modifiedAt: this.clock.now() });
      changed(name);
    };
    return {
      onDidChange: (listener) => this.#changed.event((name) => (steps.crashed ? undefined : listener(name))),
      read: async (name) => {
        if (this.beforeRead !== undefined) await this.beforeRead(name);
        return steps.alive(this.files.get(name)?.content.slice());
      },
      modifiedAt: (name) => steps.alive(this.files.get(name)?.modifiedAt),
      write,
      create: (name) => {
        const parts: Uint8Array[] = [];
        return steps.alive({
          write: (content) => {
            parts.push(Uint8Array.from(content));
            return steps.alive(undefined);
          },
          commit: () => write(name, Buffer.concat(parts)),
          abandon: () => steps.alive(undefined),
        });
      },
      readEnd: async (name, length) => {
        if (this.beforeRead !== undefined) await this.beforeRead(name);
        const content = this.files.get(name)?.content;
        const end = content && { bytes: content.slice(Math.max(0, content.length - length)), size: content.length };
        return steps.alive(end);
      },
      append: async (name, content) => {
        await steps.reach(`append ${kindOf(name)}`);
        this.beforeWrite(name);
        const file = this.files.get(name);
        if (file === undefined) throw new Error(`no such file: ${name}`);
        this.files.set(name, { content: Buffer.concat([file.content, content]), modifiedAt: this.clock.now() });
        changed(name);
      },
      delete: async (name) => {
        if (!this.files.has(name)) return;
        await steps.reach(`delete ${kindOf(name)}`);
        this.files.delete(name);
        changed(name);
      },
      names: () => steps.alive([...this.files.keys()]),
      rename: async (from, to) => {
        const file = this.files.get(from);
        if (file === undefined) return;
        await steps.reach(`rename ${kindOf(to)}`);
        this.files.delete(from);
        this.files.set(to, file);
        changed(to);
      },
      touch: (name) => {
        const file = this.files.get(name);
        if (file !== undefined && !steps.crashed) file.modifiedAt = this.clock.now();
        return steps.alive(undefined);
      },
      exclusive: (name, task) => this.#exclusive(name, task, steps),
      lead: async (name, signal, task) => {
        const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        const leading = this.#exclusive(name, () => (signal.aborted ? aborted : task()), steps);
        await Promise.race([leading, aborted]);
      },
    };
  }

  async #exclusive<T>(name: string, task: () => Promise<T>, steps: Steps): Promise<T> {
    await this.beforeExclusive(name);
    const before = (this.losesLocks ? undefined : this.#queues.get(name)) ?? Promise.resolve();
    let release: () => void = () => undefined;
    this.#queues.set(name, new Promise((resolve) => (release = resolve)));
    steps.onDeath(() => void before.then(release));
    this.waiting++;
    await before;
    this.waiting--;
    await steps.alive(undefined);
    try {
      return await task();
    } finally {
      release();
    }
  }
}
