import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something that is bound to happen; what never happens fails with its name. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`this never happened: ${what}`);
    await delay(2);
  }
}
