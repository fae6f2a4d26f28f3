import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until the answer is truthy, and returns it. */
export async function until<T>(what: string, ask: () => T | Promise<T>, timeoutMs = 60_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}`);
    await delay(50);
  }
}
