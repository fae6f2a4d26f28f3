import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClockOrder } from './controlledExtension';

/**
 * The clock of a copy of the extension. It runs as the computer's does, and in all windows it jumps ahead when a test
 * orders that.
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

/**
 * Follows the orders that are new. Orders from before this window was opened only put the clock ahead, and fire no
 * timer.
 */
function follow(orders: readonly ClockOrder[], { fire }: { fire: boolean }): void {
  for (const { minutes, asleep } of orders) {
    ahead += minutes * 60_000;
    if (!fire) continue;
    for (const { running } of timers.values()) real.clearTimeout(running);
    // After a sleep the timers stand still until the next order, so that the test sees what else notices that time has
    // passed.
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
