import type { RawChange } from '../../src/vault/encryptedVault';
import { groupTree } from '../../src/vault/groups';
import type { Session } from '../../src/account/session';
import type { BenchSession } from './benchSession';
import { figures, type Figures, longestTask } from './measure';
import { Memory } from './memory';
import type { BenchServer } from './serve';

/** Of a large vault one round takes a minute. */
const roundsFor = (items: number) => (items > 30_000 ? 1 : 3);
/** One takes so little time that a pause for garbage would drown it. */
const APPLIED = 21;

export interface OwnFigures {
  /** Milliseconds, by what was done. */
  readonly times: ReadonlyMap<string, Figures>;
  /** The longest task on the thread, in milliseconds, by what was done. */
  readonly longest: ReadonlyMap<string, number>;
  /** What has come to stay with the locked vault. */
  readonly locked: Memory;
  /** What the vault takes beside that while it is unlocked, was listed and searched; the next lock lets go of it. */
  readonly unlocked: Memory;
}

export const steps = {
  firstUnlock: 'unlock to list, the first time',
  sealList: 'sync, list sealed behind it',
  unlockToList: 'unlock to list',
  secondWindow: 'second window, start to list',
  list: 'list',
  firstSearch: 'first search',
  laterSearch: 'later search',
  changedSync: 'sync, one item changed',
  forcedSync: 'forced sync, nothing changed',
  apply: 'apply one change',
  live: 'a change elsewhere until shown',
} as const;

type Measure = (step: string, work: () => Promise<unknown>) => Promise<void>;

/** @param before of this process, from before the vault was there. */
export async function ownFigures(session: BenchSession, server: BenchServer, before: Memory): Promise<OwnFigures> {
  const times = new Map<string, number[]>();
  const timed: Measure = async (step, work) => {
    const start = performance.now();
    await work();
    times.set(step, [...(times.get(step) ?? []), performance.now() - start]);
  };
  const longest = new Map<string, number>();
  const watched: Measure = async (step, work) => {
    longest.set(step, Math.max(longest.get(step) ?? 0, await longestTask(work)));
  };
  const untimed: Measure = async (_, work) => {
    await work();
  };
  await round(session, server, untimed);
  const rounds = roundsFor(server.items);
  for (let each = 0; each < rounds; each++) await round(session, server, timed);
  // Watching takes time itself, so that is done apart.
  for (let each = 0; each < rounds; each++) await round(session, server, watched);
  await session.unlockToList();
  await session.vault.search('needle');
  await session.sync();
  const whileUnlocked = Memory.now();
  await session.lock();
  const whileLocked = Memory.now();
  await session.unlockToList();
  await applyChanges(session, server, timed);
  await applyChanges(session, server, watched);
  await session.lock();
  await session.unlockToList();
  await session.listen();
  await showChanges(session, server, timed);
  await showChanges(session, server, watched);
  await session.lock();
  return {
    times: new Map([...times].map(([step, took]) => [step, figures(took)])),
    longest,
    locked: whileLocked.since(before),
    unlocked: whileUnlocked.since(whileLocked),
  };
}

/** From a locked vault to a locked vault. */
async function round(session: BenchSession, server: BenchServer, measure: Measure): Promise<void> {
  await session.forgetList();
  await measure(steps.firstUnlock, () => session.unlockToList());
  await measure(steps.sealList, () => session.listSealed());
  await session.lock();
  await measure(steps.unlockToList, () => session.unlockToList());
  await measure(steps.firstSearch, () => session.vault.search('needle'));
  await measure(steps.laterSearch, () => session.vault.search('needle'));
  await measure(steps.list, () => groupTree(session.vault));
  // The one that follows an unlock.
  await session.sync();
  await session.share();
  const windows: Session[] = [];
  await measure(steps.secondWindow, async () => windows.push(await session.openSecond()));
  for (const window of windows) {
    // With the sync that begins by itself.
    await window.sync();
    window.dispose();
  }
  await server.changeOne();
  await measure(steps.changedSync, () => session.sync());
  await measure(steps.forcedSync, () => session.sync({ force: true }));
  await session.lock();
}

/** The same item in two states, in turn: each time it moves from one end of the list to the other. */
async function applyChanges(session: BenchSession, server: BenchServer, measure: Measure): Promise<void> {
  const states: RawChange[] = [];
  for (let each = 0; each < 2; each++) {
    const key = `ciphers/${await server.changeOne()}`;
    await session.sync();
    states.push({ key, json: session.vault.raw.get(key) });
  }
  let { vault } = session;
  for (let each = 0; each < APPLIED; each++) {
    const change = states.slice(each % 2, (each % 2) + 1);
    await measure(steps.apply, async () => (vault = await vault.apply(change)));
  }
}

/** From the moment that another client makes a change until the vault of this window has it. */
async function showChanges(session: BenchSession, server: BenchServer, measure: Measure): Promise<void> {
  const id = await server.changeOne();
  await session.sync();
  for (let each = 0; each < APPLIED; each++) {
    const { name } = session.vault.item(id) ?? {};
    await measure(steps.live, async () => {
      await server.changeOne();
      await session.showsOtherName(id, name);
    });
  }
}
