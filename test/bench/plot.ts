/** How time and memory grow with the vault: measures, prints, and draws docs/growth.svg. Arguments: numbers of items. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchSession } from './benchSession';
import { type Line, logLogChart } from './chart';
import { Memory } from './memory';
import { ownFigures, type OwnFigures, steps } from './ownFigures';
import { BenchServer } from './serve';
import { vaultKinds } from './vaultKinds';

const SIZES = [1_000, 3_000, 10_000, 30_000, 100_000];
const kind = vaultKinds[1] ?? vaultKinds[0];

const timed = [steps.unlockToList, steps.changedSync, steps.forcedSync, steps.firstSearch, steps.apply];

async function main(): Promise<void> {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : SIZES;
  // Loads all code, so that it does not count as memory of the first vault.
  await measure(100);
  const measured = new Map<number, OwnFigures>();
  for (const items of sizes) {
    const own = await measure(items);
    measured.set(items, own);
    const times = timed.map((step) => `${step} ${(own.times.get(step)?.median ?? NaN).toFixed(1)} ms`);
    const memory = [own.unlocked.heap, own.unlocked.offHeap].map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`);
    console.log(`${items} items: ${times.join(', ')}; unlocked ${memory.join(' of heap, ')} outside of it`);
  }
  const line = (title: string, of: (own: OwnFigures) => number): Line => ({
    title,
    points: Array.from(measured, ([items, own]) => ({ x: items, y: of(own) })),
  });
  const svg = logLogChart(`A vault of 1,000 to 100,000 items (${kind.title}, PBKDF2 600,000)`, [
    {
      title: 'Time',
      unit: 'ms',
      lines: timed.map((step) => line(step, ({ times }) => times.get(step)?.median ?? NaN)),
    },
    {
      title: 'Memory while unlocked',
      unit: 'MB',
      lines: [
        line('outside of the heap', ({ unlocked }) => unlocked.offHeap / 1e6),
        line('heap', ({ unlocked }) => unlocked.heap / 1e6),
      ],
    },
  ]);
  const folder = join(process.cwd(), 'docs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'growth.svg'), svg);
}

async function measure(items: number): Promise<OwnFigures> {
  const before = Memory.now();
  const server = await BenchServer.start(items, kind);
  try {
    const session = await BenchSession.signIn(server.served, 0);
    try {
      return await ownFigures(session, server, before);
    } finally {
      await session.close();
    }
  } finally {
    server.close();
  }
}

void main();
