/** A process that takes a lock whenever it is told to, and may be told to kill itself on the way. */
import { appendFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FolderFiles } from '../../src/platform/folderFiles';
import type { Order } from './lockStress';

const folder = process.argv[2] ?? '';
const log = `${folder}.log`;
const files = new FolderFiles(folder);

/** What is left of the steps on the disk until it dies; undefined: it lives. */
let stepsLeft: number | undefined;

/** One write at the end of a file is one step for all processes, so the lines are in the order of what happened. */
function tell(what: 'enter' | 'leave' | 'die'): void {
  appendFileSync(log, `${what} ${process.pid}\n`);
}

function die(): void {
  tell('die');
  process.kill(process.pid, 'SIGKILL');
}

/** Half of the deaths come while the system is at work on the step, and half of them after it. */
function mortal<A extends unknown[], R>(step: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    const isLast = stepsLeft !== undefined && stepsLeft-- === 0;
    const work = step(...args);
    if (isLast && Math.random() < 0.5) die();
    const result = await work;
    if (isLast) die();
    return result;
  };
}

const steps = ['link', 'open', 'rename', 'rm', 'readdir', 'mkdir'] as const;
for (const name of steps) Object.assign(fs, { [name]: mortal(fs[name] as (...args: unknown[]) => Promise<unknown>) });

async function takeOnce({ diesAfter }: Order): Promise<void> {
  stepsLeft = diesAfter;
  await files.exclusive('rotation', async () => {
    tell('enter');
    await delay(Math.random() * 3);
    await fs.readdir(join(folder));
    tell('leave');
  });
  stepsLeft = undefined;
}

process.on('message', (order: Order) => {
  takeOnce(order).then(
    () => process.send?.('served'),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
