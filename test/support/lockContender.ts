/** A process that takes a lock whenever it is told to. It may be told to kill itself on the way. */
import { appendFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FolderFiles } from '../../src/platform/folderFiles';
import type { Order } from './lockStress';

const folder = process.argv[2] ?? '';
const log = `${folder}.log`;
const files = new FolderFiles(folder);

/** The number of steps on the disk that are left until it kills itself. Undefined: it lives. */
let stepsLeft: number | undefined;

/**
 * Appends one line to a file that all processes share. The system does that in one step, so the lines are in the order
 * of what happened.
 */
function tell(what: 'enter' | 'leave' | 'die'): void {
  appendFileSync(log, `${what} ${process.pid}\n`);
}

function die(): void {
  tell('die');
  process.kill(process.pid, 'SIGKILL');
}

/**
 * Makes an operation on the disk deadly if it is the last step: half of the time the process dies while the system
 * carries it out, half of the time right after it.
 */
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
