/** A file of 100 MB, beside the official CLI, and what memory a file of 500 MB takes. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bw } from '../support/bw';
import { workOnFile } from '../support/fileWorker';
import type { BenchSession } from './benchSession';
import { compare, inTurn, judged } from './measure';

const MB = 1_000_000;
const ROUNDS = 3;
/** The CLI holds the whole file, and takes a second to start. */
const AIM = 2;
/** In MiB, beyond what the process holds anyway. */
const MOST_MEMORY = 64;

export async function contestOfDownloads(session: BenchSession, bw: Bw, itemId: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultside-downloads-'));
  try {
    const id = await session.attach(itemId, 'large.bin', randomBytes(100 * MB));
    await bw.ok(['sync']);
    const theirs = ['get', 'attachment', id, '--itemid', itemId, '--output', join(folder, 'theirs')];
    const contestants = [
      { name: 'Vaultside', run: () => session.download(itemId, id, join(folder, 'ours')) },
      { name: 'bw get attachment', run: () => bw.ok(theirs) },
    ];
    compare('Download 100 MB', AIM, await inTurn(contestants, ROUNDS));
    await session.detach(itemId, id);
    const { before, after } = await workOnFile(folder, 500);
    const grown = after - before;
    console.log(`  memory to encrypt and decrypt 500 MiB: ${grown.toFixed(0)} MiB (${judged(grown < MOST_MEMORY)})`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
