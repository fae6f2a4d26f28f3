/**
 * Vaultside and, on the same server and vault, the official CLI; every kind of vault, both KDFs. Arguments: numbers of
 * items.
 */
import { contentRef } from '../../src/vault/fields';
import { Bw } from '../support/bw';
import { BenchSession } from './benchSession';
import { contestOfDownloads } from './downloads';
import { kdfs } from './kdfs';
import { compare, type Contestant, type Figures, inTurn, judged, row } from './measure';
import { Memory } from './memory';
import { ownFigures, type OwnFigures, steps } from './ownFigures';
import { BenchServer, password, type Served } from './serve';
import { type VaultKind, vaultKinds } from './vaultKinds';

const ROUNDS = 3;
/** Ten times as fast as the official CLI. */
const AIM = 10;
const LONGEST_TASK_MS = 50;
const APPLY_MS = 8;
/** With more than so many the CLI takes minutes. */
const MOST_FOR_BW = 10_000;

async function main(): Promise<void> {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 10_000, 100_000];
  // Loads all code, so that it does not count as memory of the first vault.
  await alone(100, vaultKinds[0]);
  for (const items of sizes) {
    for (const kind of vaultKinds) {
      console.log(`\n=== ${items} items, ${kind.title} ===`);
      show(await alone(items, kind), items);
    }
  }
  for (const items of sizes.filter((each) => each <= MOST_FOR_BW)) {
    for (const kind of vaultKinds) {
      console.log(`\n=== ${items} items, ${kind.title}, beside the official CLI ===`);
      await besideBw(items, kind);
    }
  }
}

/** With the first KDF; of all that is measured, unlocking alone depends on it, and comes with the others, too. */
async function alone(items: number, kind: VaultKind): Promise<OwnFigures> {
  const before = Memory.now();
  const server = await BenchServer.start(items, kind);
  try {
    const own = await withSession(server.served, 0, (session) => ownFigures(session, server, before));
    const times = new Map(own.times);
    for (const [account, [title]] of kdfs.entries()) {
      if (account === 0) continue;
      const name = `${steps.unlockToList}, ${title}`;
      const [took] = await withSession(server.served, account, (session) => unlocks(session, name));
      if (took !== undefined) times.set(...took);
    }
    return { ...own, times };
  } finally {
    server.close();
  }
}

function unlocks(session: BenchSession, name: string): Promise<Map<string, Figures>> {
  return inTurn([unlockOf(session, name)], ROUNDS);
}

function unlockOf(session: BenchSession, name: string): Contestant {
  return {
    name,
    run: async () => {
      await session.lock();
      await session.unlockToList();
    },
  };
}

function show({ times, longest, locked, unlocked }: OwnFigures, items: number): void {
  for (const [step, figures] of times) row(step, figures);
  const applied = times.get(steps.apply)?.median ?? NaN;
  console.log(`  (aim for one change: under ${APPLY_MS} ms, ${judged(applied < APPLY_MS)})`);
  console.log('  longest task on the thread');
  for (const [step, ms] of longest) {
    console.log(`    ${step.padEnd(32)} ${ms.toFixed(0).padStart(6)} ms (${judged(ms <= LONGEST_TASK_MS)})`);
  }
  for (const [state, { heap, offHeap }] of [['locked', locked] as const, ['unlocked', unlocked] as const]) {
    const each = (bytes: number) => `${Math.round(bytes / items)} B`;
    console.log(`  memory for each item, ${state}: ${each(heap)} of heap, ${each(offHeap)} outside of it`);
  }
}

async function withSession<T>(served: Served, account: number, use: (session: BenchSession) => Promise<T>): Promise<T> {
  const session = await BenchSession.signIn(served, account);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

async function besideBw(items: number, kind: VaultKind): Promise<void> {
  const server = await BenchServer.start(items, kind);
  try {
    for (const [account, [title]] of kdfs.entries()) {
      const { clientId = '', clientSecret = '' } = server.served.keys[account] ?? {};
      // Only unlocking depends on the KDF and, for who compares with the CLI, on the kind of vault.
      const isWhole = account === 0 && kind === vaultKinds[0];
      await withSession(server.served, account, async (session) => {
        const bw = await Bw.create(server.served.ca);
        try {
          await bw.login(server.served.url, clientId, clientSecret);
          await contestOfUnlocking(session, bw, title);
          if (isWhole) await contestOfTheRest(session, bw);
        } finally {
          await bw.dispose();
        }
      });
    }
  } finally {
    server.close();
  }
}

async function contestOfUnlocking(session: BenchSession, bw: Bw, title: string): Promise<void> {
  const theirs = async () => {
    await bw.unlock(password);
    await bw.ok(['list', 'items']);
  };
  const contestants = [unlockOf(session, 'Vaultside'), { name: 'bw unlock, bw list items', run: theirs }];
  compare(`Unlock to the first list, ${title}`, AIM, await inTurn(contestants, ROUNDS));
}

async function contestOfTheRest(session: BenchSession, bw: Bw): Promise<void> {
  const [first] = await bw.json<{ id: string }[]>(['list', 'items', '--search', 'needle']);
  const id = first?.id ?? '';
  const { vault } = session;
  const against = async (what: string, run: () => unknown, args: readonly string[]) => {
    const ours = { name: 'Vaultside', run };
    const theirs = { name: `bw ${args.slice(0, 2).join(' ')}`, run: () => bw.ok(args) };
    compare(what, AIM, await inTurn([ours, theirs], ROUNDS));
  };
  await against('List all names', () => vault.items.map(({ name }) => name), ['list', 'items']);
  await against('Get one password', () => vault.read(id, contentRef('password')), ['get', 'password', id]);
  await against('Search', () => vault.search('needle'), ['list', 'items', '--search', 'needle']);
  const [mine, other] = vault.items
    .filter(({ type, reprompt }) => type === 'login' && !reprompt)
    .map((item) => item.id);
  const login = { username: 'bench', password: 'bench-password' };
  const encoded = (item: unknown) => Buffer.from(JSON.stringify(item)).toString('base64');
  await against(
    'Create a login',
    () => session.createItem({ type: 'login', edit: { name: 'Bench', content: login } }),
    ['create', 'item', encoded({ type: 1, name: 'Bench', login })],
  );
  const theirs = await bw.json<{ login: object }>(['get', 'item', other ?? '']);
  await against(
    'Change a password',
    () => session.saveItem(mine ?? '', { content: { password: `bench-${performance.now()}` } }),
    [
      'edit',
      'item',
      other ?? '', // Without the date by which the second round would be out of date.
      encoded({ ...theirs, revisionDate: null, login: { ...theirs.login, password: 'bench-password' } }),
    ],
  );
  await against('Forced sync, nothing changed', () => session.sync({ force: true }), ['sync', '--force']);
  await contestOfDownloads(session, bw, id);
}

void main();
