import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Order {
  /** The number of steps on the disk after which the contender kills itself. Undefined: it lives. */
  readonly diesAfter?: number;
}

export interface Stress {
  /** Rounds in which a contender got the lock while another one held it. */
  readonly doubleRounds: number;
  readonly deaths: number;
  /** How often a contender got the lock. */
  readonly taken: number;
}

const CONTENDERS = 6;
/** Contenders die after at most so many steps: a takeover has fewer. */
const MOST_STEPS = 30;

/**
 * Has processes take the same lock at the same time, round after round. In each round some of them kill themselves on
 * the way, so that the others, and those of the next round, have to follow dead holders.
 */
export async function stressLock(rounds: number): Promise<Stress> {
  const parent = await mkdtemp(join(tmpdir(), 'vaultside-lock-'));
  const folder = join(parent, 'storage');
  const log = `${folder}.log`;
  const contenders: (ChildProcess | undefined)[] = Array.from({ length: CONTENDERS }, () => undefined);
  const result = { doubleRounds: 0, deaths: 0, taken: 0 };
  let read = 0;
  const inside = new Set<string>();
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [index, contender] of contenders.entries()) contenders[index] = contender ?? (await start(folder));
      const dying = 1 + (round % 3);
      const ends = contenders.map((contender, index) => turn(contender!, index < dying));
      for (const [index, end] of (await Promise.all(ends)).entries()) if (end === 'died') contenders[index] = undefined;

      const text = await readFile(log, 'utf8');
      let most = 0;
      for (const line of text.slice(read).split('\n').filter(Boolean)) {
        const [what = '', pid = ''] = line.split(' ');
        if (what === 'enter') inside.add(pid);
        else inside.delete(pid);
        most = Math.max(most, inside.size);
        if (what === 'enter') result.taken++;
        if (what === 'die') result.deaths++;
      }
      read = text.length;
      if (most > 1) result.doubleRounds++;
    }
    return result;
  } finally {
    for (const contender of contenders) if (contender !== undefined) await end(contender);
    await rm(parent, { recursive: true });
  }
}

async function start(folder: string): Promise<ChildProcess> {
  const contender = fork(join(__dirname, 'lockContender.js'), [folder], { execArgv: [] });
  await once(contender, 'message');
  return contender;
}

/** Has a contender take the lock once, until it has given it back or is dead. */
async function turn(contender: ChildProcess, dies: boolean): Promise<'served' | 'died'> {
  const ended = new AbortController();
  const died = once(contender, 'exit', { signal: ended.signal });
  const served = once(contender, 'message', { signal: ended.signal });
  // One of the two promises may reject later, which does not matter then.
  died.catch(() => undefined);
  served.catch(() => undefined);
  const order: Order = dies ? { diesAfter: Math.floor(Math.random() * MOST_STEPS) } : {};
  contender.send(order);
  const [answer] = (await Promise.race([served, died])) as unknown[];
  ended.abort();
  if (typeof answer !== 'string') return 'died';
  if (answer !== 'served') throw new Error(answer);
  return 'served';
}

async function end(contender: ChildProcess): Promise<void> {
  if (contender.exitCode !== null || contender.signalCode !== null) return;
  const exited = once(contender, 'exit');
  contender.kill('SIGKILL');
  await exited;
}
