import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import type { IdleLimits } from '../../../src/base/keyKeeper';
import { allocateSecret } from '../../../src/base/secretBytes';
import { Keeper, type Peer } from '../../../src/keeper/keeper';
import type { Message } from '../../../src/keeper/messages';
import { ManualClock } from '../../support/manualClock';

const minute = 60_000;
const account = '0c5b1b4e-37f6-4f5e-9d3d-6a4c1d9e0f11';
const other = '1d6c2c5f-48a7-4a6f-8e4e-7b5d2eaf1a22';
const usual: IdleLimits = { idleMs: 15 * minute, lockOnSleep: true, endsWithWindow: false };

class Window implements Peer {
  readonly got: Message[] = [];

  constructor(
    private readonly keeper: Keeper,
    limits: IdleLimits = usual,
    id = account,
  ) {
    keeper.join(this);
    this.says({ kind: 'limits', account: id, ...limits });
  }

  send(message: Message): void {
    // What is sent is sealed at once, so that a key may be wiped afterwards.
    this.got.push('key' in message ? { ...message, key: message.key.slice() as typeof message.key } : message);
  }

  says(message: Message): void {
    this.keeper.receive(this, message);
  }

  put(signal = 1, id = account, idleMs = 0): ReturnType<typeof keyBytes> {
    const key = keyBytes();
    this.says({ kind: 'put', account: id, key, origin: new Uint8Array(32), signal, idleMs });
    return key;
  }

  get(id = account): Message | undefined {
    this.says({ kind: 'get', account: id });
    return this.got.at(-1);
  }

  heard(kind: Message['kind']): number {
    return this.got.filter((message) => message.kind === kind).length;
  }
}

function keyBytes() {
  return randomFillSync(allocateSecret(64));
}

function begin({ lingerMs = minute } = {}) {
  const clock = new ManualClock();
  let ends = 0;
  const keeper = new Keeper({ clock, lingerMs, onEnd: () => ends++ });
  return { clock, keeper, ends: () => ends };
}

const isWiped = (key: Uint8Array) => key.every((byte) => byte === 0);

describe('The keeper', () => {
  it('wipes the key at a lock, tells all windows, and ends; once', () => {
    const { keeper, ends } = begin();
    const [one, two] = [new Window(keeper), new Window(keeper)];
    const key = one.put();
    assert.equal(two.get()?.kind, 'key');
    two.says({ kind: 'lock', account, signal: 1 });
    assert.ok(isWiped(key));
    assert.deepEqual([one.heard('locked'), two.heard('locked'), ends()], [1, 1, 1]);
    keeper.end();
    assert.equal(ends(), 1);
  });

  it('goes on for another account', () => {
    const { keeper, ends } = begin();
    const window = new Window(keeper);
    const [key, others] = [window.put(), window.put(1, other)];
    window.says({ kind: 'lock', account, signal: 1 });
    assert.ok(isWiped(key) && !isWiped(others));
    assert.equal(ends(), 0);
    assert.equal(window.get()?.kind, 'none');
    assert.equal(window.get(other)?.kind, 'key');
  });

  it('takes no key of before a lock, and no lock of before a key', () => {
    const { keeper } = begin();
    const window = new Window(keeper);
    window.put(1, other);
    window.put(5);
    window.says({ kind: 'lock', account, signal: 6 });
    assert.ok(isWiped(window.put(5)));
    assert.equal(window.heard('void'), 1);
    const key = window.put(7);
    window.says({ kind: 'lock', account, signal: 6 });
    assert.ok(!isWiped(key));
    assert.equal(window.get()?.kind, 'key');
  });

  it('wipes the key that another one replaces', () => {
    const { keeper } = begin();
    const window = new Window(keeper);
    const before = window.put();
    const after = window.put();
    assert.ok(isWiped(before) && !isWiped(after));
  });

  it('locks after the time without use, by the strictest of its windows', () => {
    const { keeper, clock, ends } = begin();
    const one = new Window(keeper);
    new Window(keeper, { ...usual, idleMs: 5 * minute });
    const key = one.put();
    clock.advance(5 * minute - 1_000);
    assert.equal(ends(), 0);
    clock.advance(1_000);
    assert.ok(isWiped(key));
    assert.deepEqual([one.heard('locked'), ends()], [1, 1]);
  });

  it('counts the time of each account by itself, and by the limits of its own windows', () => {
    const { keeper, clock, ends } = begin();
    const strict = new Window(keeper, { ...usual, idleMs: 5 * minute }, account);
    const mild = new Window(keeper, usual, other);
    const [key, others] = [strict.put(), mild.put(1, other)];
    for (let passed = 0; passed < 5; passed++) {
      mild.says({ kind: 'used', account: other });
      clock.advance(minute);
    }
    assert.ok(isWiped(key) && !isWiped(others));
    assert.deepEqual([strict.heard('used'), mild.heard('used'), ends()], [0, 0, 0]);
  });

  it('wipes a key with the last window of its account where that is asked for, whoever leaves after it', () => {
    const { keeper, clock, ends } = begin();
    const leaving = new Window(keeper, { ...usual, endsWithWindow: true }, account);
    const last = new Window(keeper, usual, other);
    const [key, others] = [leaving.put(), last.put(1, other)];
    keeper.leave(leaving);
    keeper.leave(last);
    assert.ok(isWiped(key) && !isWiped(others));
    clock.advance(minute);
    assert.ok(isWiped(others));
    assert.equal(ends(), 1);
  });

  it('begins anew with a use in any window, and tells the others', () => {
    const { keeper, clock, ends } = begin();
    const [one, two] = [new Window(keeper), new Window(keeper)];
    one.put();
    clock.advance(10 * minute);
    two.says({ kind: 'used', account });
    assert.deepEqual([one.heard('used'), two.heard('used')], [1, 1], 'a key that is put is a use, too');
    clock.advance(14 * minute);
    assert.equal(ends(), 0);
    const got = one.get();
    assert.equal(got?.kind === 'key' ? got.idleMs : undefined, 14 * minute);
    clock.advance(minute);
    assert.equal(ends(), 1);
  });

  it('goes on where a window puts its key while nobody uses anything', () => {
    const { keeper, clock, ends } = begin();
    const [one, two] = [new Window(keeper), new Window(keeper)];
    one.put(1, account, 5 * minute);
    const idle = () => {
      const got = two.get();
      return got?.kind === 'key' ? got.idleMs : undefined;
    };
    assert.equal(idle(), 5 * minute);
    // The next one knows of no later use.
    two.put(1, account, 9 * minute);
    two.put(1, account, 2 * minute);
    assert.equal(idle(), 5 * minute);
    assert.deepEqual([one.heard('used'), two.heard('used')], [0, 0]);
    clock.advance(10 * minute);
    assert.equal(ends(), 1);
  });

  it('is not in time with a use that comes too late', () => {
    const { keeper, clock, ends } = begin();
    const window = new Window(keeper, { ...usual, lockOnSleep: false });
    window.put();
    clock.sleep(15 * minute);
    window.says({ kind: 'used', account });
    assert.equal(ends(), 1);
  });

  it('gives nothing out when the time is over, though no timer has said so', () => {
    const { keeper, clock, ends } = begin();
    const window = new Window(keeper, { ...usual, lockOnSleep: false });
    window.put();
    clock.sleep(15 * minute);
    assert.equal(window.get()?.kind, 'none');
    assert.equal(ends(), 1);
  });

  it('is not hurried by a window that has not said yet what it is set to', () => {
    const { keeper, clock, ends } = begin();
    const window = new Window(keeper);
    window.put();
    clock.advance(5 * minute);
    keeper.join({ send: () => undefined });
    window.says({ kind: 'limits', account, ...usual });
    assert.equal(ends(), 0);
  });

  for (const [what, jump] of Object.entries({
    'sleeps for half a minute': (clock: ManualClock) => clock.sleep(31_000),
    'has its clock put forward': (clock: ManualClock) => clock.putBack(-31_000),
  })) {
    it(`locks when the computer ${what}, unless that is off`, () => {
      for (const lockOnSleep of [true, false]) {
        const { keeper, clock, ends } = begin();
        const window = new Window(keeper, { ...usual, lockOnSleep });
        window.put();
        clock.advance(minute);
        jump(clock);
        clock.advance(1_000);
        assert.equal(ends(), lockOnSleep ? 1 : 0);
        assert.equal(window.heard('locked'), lockOnSleep ? 1 : 0);
      }
    });
  }

  it('gives no more time when the clock is put back, or forward and back', () => {
    for (const jumps of [[60 * minute], [-5 * minute, 5 * minute], [-10_000, 10_000]]) {
      const { keeper, clock, ends } = begin();
      new Window(keeper, { ...usual, lockOnSleep: false }).put();
      for (const jump of jumps) {
        clock.advance(minute);
        clock.putBack(jump);
      }
      clock.advance(15 * minute - jumps.length * minute);
      assert.equal(ends(), 1);
    }
  });

  it('outlives the last window by a minute, in which another one may come', () => {
    const { keeper, clock, ends } = begin();
    const one = new Window(keeper);
    const key = one.put();
    keeper.leave(one);
    clock.advance(59_000);
    const two = new Window(keeper);
    assert.equal(two.get()?.kind, 'key');
    clock.advance(5 * minute);
    assert.equal(ends(), 0);
    keeper.leave(two);
    clock.advance(59_000);
    assert.equal(ends(), 0);
    clock.advance(1_000);
    assert.ok(isWiped(key));
    assert.equal(ends(), 1);
  });

  it('ends at once with the last window where that is set, or on Windows', () => {
    for (const [lingerMs, endsWithWindow] of [
      [minute, true],
      [0, false],
    ] as const) {
      const { keeper, ends } = begin({ lingerMs });
      const [one, two] = [new Window(keeper, { ...usual, endsWithWindow }), new Window(keeper)];
      const key = one.put();
      keeper.leave(two);
      assert.equal(ends(), 0);
      keeper.leave(one);
      assert.ok(isWiped(key));
      assert.equal(ends(), 1);
    }
  });

  it('goes on by what the last windows were set to, when none is there', () => {
    const { keeper, clock, ends } = begin({ lingerMs: 60 * minute });
    const window = new Window(keeper, { ...usual, idleMs: 2 * minute });
    window.put();
    keeper.leave(window);
    clock.advance(2 * minute);
    assert.equal(ends(), 1);
  });

  it('ends where nobody has it keep anything', () => {
    const { keeper, clock, ends } = begin();
    new Window(keeper).get();
    clock.advance(10_000);
    assert.equal(ends(), 1);
  });

  it('ends at once with the last window where none has it keep anything', () => {
    const { keeper, ends } = begin();
    const [one, two] = [new Window(keeper), new Window(keeper)];
    keeper.leave(one);
    assert.equal(ends(), 0);
    keeper.leave(two);
    assert.equal(ends(), 1);
  });

  it('refuses messages that no window sends, and more accounts than anybody has', () => {
    const { keeper } = begin();
    const window = new Window(keeper);
    for (const kind of ['stored', 'void', 'none', 'locked'] as const) {
      assert.throws(() => window.says({ kind, account }), { name: 'WireError' });
    }
    const key = keyBytes();
    const message = { kind: 'key', account, key, origin: new Uint8Array(32), signal: 1, idleMs: 0 } as const;
    assert.throws(() => window.says(message), { name: 'WireError' });
    assert.ok(isWiped(key));
    for (let at = 0; at < 70; at++) window.put(1, account.replace(/..$/, String(10 + at)));
    assert.equal(window.heard('stored'), 64);
    assert.equal(window.heard('void'), 6);
  });
});
