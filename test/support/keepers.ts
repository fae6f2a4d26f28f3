import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeeperClient } from '../../src/keeper/keeperClient';
import { keeperPlace } from '../../src/keeper/place';
import { until } from './until';

/** The program, as the tests are built. */
export const keeperProgram = join(__dirname, '../../src/keeper/main.js');

/** The processes that listen in a runtime folder, or are about to. POSIX only. */
export function keepersIn(runtime: string): number[] {
  const all = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return all.flatMap((line) => {
    const [, pid, state, args] = /^\s*(\d+) (\S+)\s+(.*)$/.exec(line) ?? [];
    // One that has ended, and whose exit code nobody has asked for yet, is listed as well.
    const isOne = args?.includes(join(runtime, 'vaultside-')) === true && state?.startsWith('Z') === false;
    return isOne ? [Number(pid)] : [];
  });
}

/** A machine on which keepers run as processes. What is left of them goes with `close`. */
export class Keepers {
  /** The runtime folder of its user. */
  readonly runtime = mkdtempSync(join(tmpdir(), 'vk-'));
  readonly from = [this.runtime];
  /** Which has a keeper of its own. */
  readonly storage = join(this.runtime, 'global storage');

  client(parts: Partial<ConstructorParameters<typeof KeeperClient>[0]> = {}): KeeperClient {
    return new KeeperClient({ program: keeperProgram, storage: this.storage, from: this.from, ...parts });
  }

  async address(): Promise<string> {
    const place = await keeperPlace(this.storage, { make: true, from: this.from });
    if (place === undefined) throw new Error('no place for a socket');
    return place.address;
  }

  /** Those of this machine that run. */
  pids(): number[] {
    return keepersIn(this.runtime);
  }

  signal(signal: NodeJS.Signals): void {
    for (const pid of this.pids()) process.kill(pid, signal);
  }

  async areGone(): Promise<void> {
    await until('the keeper has ended', () => this.pids().length === 0);
  }

  async close(): Promise<void> {
    this.signal('SIGKILL');
    await this.areGone();
    rmSync(this.runtime, { recursive: true, maxRetries: 5 });
  }
}

/** Returns a function that makes a machine, which is gone after each test. */
export function keeperMachines(): () => Keepers {
  const open: Keepers[] = [];
  afterEach(async () => {
    for (const machine of open.splice(0)) await machine.close();
  });
  return () => {
    const machine = new Keepers();
    open.push(machine);
    return machine;
  };
}
