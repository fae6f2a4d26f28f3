import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the condition holds. If it does not in time, the error names what was waited for. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`this never happened: ${what}`);
    await delay(2);
  }
}
