import { setImmediate } from 'node:timers/promises';
import type { LockDisk } from '../../src/platform/lockDisk';
import { LockFile } from '../../src/platform/lockFile';

const PATH = 'storage/rotation.lock';

/** A file system in memory. Each step on it waits until the schedule lets it happen. */
class ModelDisk {
  readonly files = new Map<string, { content: string; mark: string }>();
  changes = 0;

  constructor(readonly knowsLinks: boolean) {}

  put(path: string, content: string): void {
    this.files.set(path, { content, mark: String(++this.changes) });
  }

  view(step: () => Promise<void>): LockDisk {
    const look: LockDisk['look'] = async (path) => {
      await step();
      return this.files.get(path);
    };
    return {
      look,
      create: async (path, content) => {
        await step();
        if (this.files.has(path)) return;
        if (!this.knowsLinks) {
          this.put(path, '');
          await step();
        }
        this.put(path, content);
      },
      replace: async (path, content) => {
        await step();
        this.put(path, content);
      },
      touch: () => Promise.resolve(),
      remove: async (path) => {
        await step();
        if (this.files.delete(path)) this.changes++;
      },
      list: async (beginning) => {
        await step();
        return [...this.files.keys()].filter((path) => path.startsWith(beginning));
      },
    };
  }
}

/** A process that wants the lock once. It goes on only by the steps that the schedule grants. */
class Contender {
  steps = 0;
  dead = false;
  done = false;
  #granted: (() => void) | undefined;
  /** The number of changes to the file system when its last look began. */
  #lookedAt = 0;
  #pauses = false;

  constructor(
    readonly pid: number,
    private readonly disk: ModelDisk,
    private readonly crashBefore: number | undefined,
    private readonly room: { inside: Set<number>; most: number },
    private readonly isGone: (pid: number) => boolean,
  ) {}

  get waits(): boolean {
    return this.#granted !== undefined && !this.dead;
  }

  /** False: it pauses, and another look would find what the last one found. */
  get ready(): boolean {
    return this.waits && !(this.#pauses && this.#lookedAt === this.disk.changes);
  }

  grant(): void {
    const granted = this.#granted;
    this.#granted = undefined;
    this.#pauses = false;
    granted?.();
  }

  async run(): Promise<void> {
    const disk = this.disk.view(() => this.#step());
    const lock = new LockFile(PATH, {
      disk: {
        ...disk,
        look: (path) => {
          if (path === PATH) this.#lookedAt = this.disk.changes;
          return disk.look(path);
        },
      },
      self: () => Promise.resolve({ machine: 'm', pid: this.pid, started: undefined }),
      fateOf: ({ pid }) => Promise.resolve(this.isGone(pid) ? 'gone' : 'alive'),
      pause: () => {
        this.#pauses = true;
        return this.#turn();
      },
      refreshMs: 60_000,
      staleAfterLooks: { gone: 0, alive: Infinity, likely: Infinity, unknown: 3 },
    });
    const release = await lock.take();
    const { room } = this;
    room.inside.add(this.pid);
    room.most = Math.max(room.most, room.inside.size);
    await this.#step();
    room.inside.delete(this.pid);
    await release();
    this.done = true;
  }

  async #step(): Promise<void> {
    if (this.steps === this.crashBefore) {
      this.dead = true;
      this.room.inside.delete(this.pid);
      await new Promise(() => undefined);
    }
    this.steps++;
    await this.#turn();
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => (this.#granted = resolve));
  }
}

export interface Scene {
  readonly contenders: number;
  /**
   * The number of processes that died before, each while it followed the one before it; the first of them held the
   * lock.
   */
  readonly deadBefore: number;
  readonly knowsLinks: boolean;
  /** The first contender dies before this step of its own. */
  readonly crashBefore?: number | undefined;
}

export interface Outcome {
  /** The largest number of contenders that held the lock at the same time. */
  readonly most: number;
  /** Every contender that lives got the lock, and one that came later got it, too. */
  readonly allServed: boolean;
  readonly left: readonly string[];
  /** The first contender reached the step at which it dies. */
  readonly crashed: boolean;
}

/**
 * Chooses who takes the next step, by index among those that can. `current` is the index of the one that took the last
 * step, if it can go on.
 */
export type Chooser = (ready: number, current: number | undefined) => number;

/** Plays one interleaving to its end. */
export async function play({ contenders, deadBefore, knowsLinks, crashBefore }: Scene, choose: Chooser) {
  const disk = new ModelDisk(knowsLinks);
  const room = { inside: new Set<number>(), most: 0 };
  for (let dead = 0; dead < deadBefore; dead++) {
    const path = dead === 0 ? PATH : `${PATH}.dead-${dead - 1}.heir`;
    disk.put(path, JSON.stringify({ token: `dead-${dead}`, machine: 'm', pid: 1000 + dead }));
  }
  const all: Contender[] = [];
  const isGone = (pid: number) => pid >= 1000 || all.some((each) => each.pid === pid && each.dead);
  const enter = (pid: number, crash?: number) => {
    const contender = new Contender(pid, disk, crash, room, isGone);
    all.push(contender);
    void contender.run();
  };
  for (let index = 0; index < contenders; index++) enter(index + 1, index === 0 ? crashBefore : undefined);
  await finish(all, choose);
  enter(contenders + 1);
  await finish(all, choose);
  return {
    most: room.most,
    allServed: all.every((each) => each.done || each.dead),
    left: [...disk.files.keys()],
    crashed: all.some((each) => each.dead),
  } satisfies Outcome;
}

async function finish(all: readonly Contender[], choose: Chooser): Promise<void> {
  let last: Contender | undefined;
  let idle = 0;
  for (;;) {
    await setImmediate();
    let ready = all.filter((each) => each.ready);
    // When nobody else can go on, time passes: those that pause look again, and may take what they see for abandoned.
    if (ready.length === 0 && idle++ < 10) ready = all.filter((each) => each.waits);
    else idle = 0;
    if (ready.length === 0) return;
    const current = last === undefined ? -1 : ready.indexOf(last);
    last = ready[choose(ready.length, current < 0 ? undefined : current)];
    last?.grant();
  }
}

/**
 * Plays every interleaving with at most so many interruptions, each of a contender that could have gone on. Most faults
 * show with few of them (Musuvathi and Qadeer, "Iterative context bounding", 2007).
 */
export async function playAll(
  scene: Scene,
  mostInterruptions: number,
  check: (outcome: Outcome) => void,
): Promise<number> {
  let path: { chosen: number; order: readonly number[] }[] = [];
  for (let played = 1; ; played++) {
    let depth = 0;
    let interruptions = 0;
    const outcome = await play(scene, (ready, current) => {
      const step = path[depth];
      const first = current ?? 0;
      const mayInterrupt = current === undefined || interruptions < mostInterruptions;
      const order = [first, ...Array.from({ length: ready }, (_, index) => index).filter((index) => index !== first)];
      const entry = step ?? { chosen: 0, order: mayInterrupt ? order : [first] };
      path[depth++] = entry;
      if (current !== undefined && entry.chosen > 0) interruptions++;
      return entry.order[entry.chosen] ?? 0;
    });
    check(outcome);
    path = path.slice(0, depth);
    while (path.length > 0 && path.at(-1)!.chosen + 1 >= path.at(-1)!.order.length) path.pop();
    const next = path.at(-1);
    if (next === undefined) return played;
    next.chosen++;
  }
}

/** Pseudo-random numbers, the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
