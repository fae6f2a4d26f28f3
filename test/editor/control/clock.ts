import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClockOrder } from './controlledExtension';

/**
 * Takes the place of the computer's clock in a copy of the extension: it runs as that one does, and jumps ahead when a
 * test orders it to, in all windows.
 */

interface Timer {
  readonly due: number;
  readonly fire: () => void;
  running: NodeJS.Timeout;
}

const folder = process.env.CONTROL_FOLDER!;
const real = { Date, setTimeout, clearTimeout };
const timers = new Map<NodeJS.Timeout, Timer>();
let ahead = 0;
let followed = 0;

function now(): number {
  return real.Date.now() + ahead;
}

/** Those of a time when this window was not there have only put the clock ahead. */
function follow(orders: readonly ClockOrder[], { fire }: { fire: boolean }): void {
  for (const { minutes, asleep } of orders) {
    ahead += minutes * 60_000;
    if (!fire) continue;
    for (const { running } of timers.values()) real.clearTimeout(running);
    // A timer that slept must not get ahead of what else shows that time has passed: it goes on at the next order.
    if (!asleep) goOn();
  }
}

function goOn(): void {
  for (const [key, timer] of [...timers].sort(([, a], [, b]) => a.due - b.due)) {
    if (!timers.has(key)) continue;
    if (timer.due <= now()) timer.fire();
    else timer.running = real.setTimeout(timer.fire, timer.due - now());
  }
}

function readOrders(): ClockOrder[] {
  return JSON.parse(readFileSync(join(folder, 'orders.json'), 'utf8')) as ClockOrder[];
}

function report(): void {
  writeFileSync(join(folder, `window-${process.pid}`), String(followed));
}

const earlier = readOrders();
follow(earlier, { fire: false });
followed = earlier.length;
report();
setInterval(() => {
  const orders = readOrders();
  if (orders.length === followed) return;
  follow(orders.slice(followed), { fire: true });
  followed = orders.length;
  report();
}, 50).unref();

class ControlledDate extends Date {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [now()] : given) as []));
  }

  static override now(): number {
    return now();
  }
}

function controlledTimeout(callback: () => void, milliseconds = 0): NodeJS.Timeout {
  const fire = () => {
    timers.delete(timer);
    callback();
  };
  const timer = real.setTimeout(fire, milliseconds);
  timers.set(timer, { due: now() + milliseconds, fire, running: timer });
  return timer;
}

function clearControlledTimeout(timer: NodeJS.Timeout): void {
  real.clearTimeout(timers.get(timer)?.running);
  timers.delete(timer);
}

export { ControlledDate as Date, controlledTimeout as setTimeout, clearControlledTimeout as clearTimeout };
