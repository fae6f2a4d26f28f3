import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Order {
  /** Steps on the disk until the contender kills itself; undefined: it lives. */
  readonly diesAfter?: number;
}

export interface Stress {
  /** Rounds in which somebody took the lock while another one held it. */
  readonly doubleRounds: number;
  readonly deaths: number;
  /** Times that a contender was given the lock. */
  readonly taken: number;
}

const CONTENDERS = 6;
/** From the first step to the last of a takeover, and a few beyond. */
const MOST_STEPS = 30;

/**
 * Has processes take one lock at the same time, round after round. In each round some of them kill themselves at any step
 * on the way, so that the others, and those of the next round, follow dead holders.
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

/** One taking of the lock, to its end or to that of the process. */
async function turn(contender: ChildProcess, dies: boolean): Promise<'served' | 'died'> {
  const ended = new AbortController();
  const died = once(contender, 'exit', { signal: ended.signal });
  const served = once(contender, 'message', { signal: ended.signal });
  // Whichever comes second never comes, or is of no interest.
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
