import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { copyNotice } from '../../../../src/ui/clipboard/clipboard';
import type { CopyRecord } from '../../../../src/ui/clipboard/copiedText';
import { type CopyNotice, TimedClipboard } from '../../../../src/ui/clipboard/timedClipboard';
import { ManualClock } from '../../../support/manualClock';

class MemoryClipboard {
  text = '';
  /** What the system makes of what is written. */
  keeps = (written: string) => written;
  asksToRead = false;
  reads = 0;
  fails = false;
  readable = true;
  #gate = Promise.resolve();
  #reached: (() => void) | undefined;

  /** The next write waits for `go`; what comes after it waits its turn, as with VS Code. */
  hold(): { readonly reached: Promise<void>; readonly go: () => void } {
    const [reached, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    this.#gate = gate.promise.then(() => undefined);
    this.#reached = () => reached.resolve(undefined);
    return { reached: reached.promise.then(() => undefined), go: () => gate.resolve(undefined) };
  }

  isReadable = () => this.readable;

  readText = async () => {
    if (!this.readable) throw new Error('not in front');
    await this.#gate;
    this.reads++;
    return this.text;
  };

  writeText = async (text: string) => {
    this.#reached?.();
    await this.#gate;
    if (this.fails) throw new Error('no clipboard');
    this.text = text === '' ? '' : this.keeps(text);
  };
}

/** What windows remember for each other; tells all of them of a change. */
class Memory {
  text: string | undefined;
  works = true;
  sharedKey: string | undefined = 'key of the windows';
  /** Runs while something is being saved. */
  meanwhile: () => Promise<unknown> = () => Promise.resolve();
  readonly windows: TimedClipboard[] = [];

  key = () => (this.works ? Promise.resolve(this.sharedKey) : Promise.reject(new Error('no keychain')));

  load = () => Promise.resolve(this.text);

  save = async (text: string | undefined) => {
    if (!this.works) throw new Error('no keychain');
    this.text = text;
    const { meanwhile } = this;
    this.meanwhile = () => Promise.resolve();
    await meanwhile();
    for (const window of this.windows) await window.resume();
  };
}

/** Seconds that a window gives the one that has copied, to clear it itself. */
const OTHERS_WAIT = 2;

function scene() {
  const clipboard = new MemoryClipboard();
  const clock = new ManualClock();
  const memory = new Memory();
  const notices = new Map<TimedClipboard, CopyNotice | undefined>();
  let clearings = 0;
  const open = () => {
    const show = (notice: CopyNotice | undefined) => notices.set(timed, notice);
    const timed = new TimedClipboard(clipboard, clock, memory, show, () => clearings++);
    memory.windows.push(timed);
    return timed;
  };
  const timed = open();
  const end = (window: TimedClipboard) => {
    window.dispose();
    memory.windows.splice(memory.windows.indexOf(window), 1);
  };
  const pass = async (seconds: number) => {
    clock.advance(seconds * 1000);
    // Digests are made by modules that are loaded when first needed.
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  };
  const last = (window = timed) => notices.get(window);
  return { clipboard, clock, memory, timed, open, end, pass, last, cleared: () => clearings };
}

describe('Clipboard', () => {
  it('counts down and clears the value', async () => {
    const { clipboard, timed, pass, last } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    assert.deepEqual(last(), { what: 'Password', clearsIn: 30, validFor: undefined });
    await pass(29);
    assert.equal(clipboard.text, 'hunter2');
    assert.equal(last()?.clearsIn, 1);
    await pass(1);
    assert.equal(clipboard.text, '');
    assert.equal(last(), undefined);
  });

  it('leaves alone what was copied since', async () => {
    const { clipboard, timed, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    clipboard.text = 'something of the user';
    await pass(31);
    assert.equal(clipboard.text, 'something of the user');
  });

  it('starts again with a second copy', async () => {
    const { clipboard, timed, pass, last } = scene();
    await timed.copy('first', 'Password', { clearAfter: 30 });
    await pass(20);
    await timed.copy('second', 'Password', { clearAfter: 30 });
    await pass(20);
    assert.equal(clipboard.text, 'second');
    assert.equal(last()?.clearsIn, 10);
    await pass(10);
    assert.equal(clipboard.text, '');
  });

  it('clears at once on lock, and only its own value', async () => {
    const { clipboard, timed } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    await timed.clear();
    assert.equal(clipboard.text, '');
    clipboard.text = 'hunter2';
    await timed.clear();
    assert.equal(clipboard.text, 'hunter2');
  });

  it('clears a value that was on its way to the clipboard when the vault was locked', async () => {
    const { clipboard, timed, last } = scene();
    const arrived = clipboard.hold();
    const copying = timed.copy('hunter2', 'Password', { clearAfter: 30 });
    await arrived.reached;
    const clearing = timed.clear();
    arrived.go();
    await Promise.all([copying, clearing]);
    assert.equal(clipboard.text, '');
    assert.equal(last(), undefined);
  });

  it('counts down the last of two copies made at once, and that alone', async () => {
    const { clipboard, timed, pass, last } = scene();
    await Promise.all([
      timed.copy('first', 'Password', { clearAfter: 10 }),
      timed.copy('second', 'Notes', { clearAfter: 30 }),
    ]);
    await pass(11);
    assert.equal(clipboard.text, 'second');
    assert.deepEqual(last(), { what: 'Notes', clearsIn: 19, validFor: undefined });
    await pass(19);
    assert.equal(clipboard.text, '');
  });

  it('still clears a value when the next one could not be copied', async () => {
    const { clipboard, timed, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    clipboard.fails = true;
    await assert.rejects(timed.copy('other', 'Notes', { clearAfter: 30 }));
    clipboard.fails = false;
    await pass(30);
    assert.equal(clipboard.text, '');
  });

  it('says when it has cleared a secret, and not when there was none', async () => {
    const { clipboard, timed, pass, cleared } = scene();
    await timed.copy('robin', 'Username', { clearAfter: undefined });
    assert.equal(timed.holdsSecret, false);
    await timed.clear();
    assert.equal(cleared(), 0);
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    assert.equal(timed.holdsSecret, true);
    await pass(30);
    assert.deepEqual([cleared(), timed.holdsSecret], [1, false]);
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    clipboard.text = 'something of the user';
    await timed.clear();
    assert.deepEqual([cleared(), timed.holdsSecret], [1, false]);
  });

  it('leaves a value alone that is no secret', async () => {
    const { clipboard, timed, pass, last } = scene();
    await timed.copy('robin', 'Username', { clearAfter: undefined });
    assert.equal(last()?.clearsIn, undefined);
    await pass(3600);
    assert.equal(last(), undefined);
    await timed.clear();
    assert.equal(clipboard.text, 'robin');
  });

  it('clears a secret on lock alone when told not to do so by time', async () => {
    const { clipboard, timed, pass, last } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 0 });
    assert.equal(last()?.clearsIn, undefined);
    await pass(3600);
    assert.equal(last(), undefined);
    assert.equal(clipboard.text, 'hunter2');
    await timed.clear();
    assert.equal(clipboard.text, '');
  });

  it('does not try to read what it may not, and clears as soon as it may', async () => {
    const { clipboard, timed, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    clipboard.readable = false;
    await pass(30);
    await timed.clear();
    assert.equal(clipboard.text, 'hunter2');
    clipboard.readable = true;
    await timed.clearOverdue();
    assert.equal(clipboard.text, '');
  });

  it('has nothing to catch up with when it was not time yet', async () => {
    const { clipboard, timed, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    await pass(10);
    await timed.clearOverdue();
    assert.equal(clipboard.text, 'hunter2');
  });

  it('gives no more time when the clock is put back', async () => {
    const { clipboard, clock, timed, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    clock.putBack(3_600_000);
    await pass(31);
    assert.equal(clipboard.text, '');
  });

  it('clears after a sleep of the machine', async () => {
    const { clipboard, clock, timed, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    clock.sleep(3_600_000);
    await pass(1);
    assert.equal(clipboard.text, '');
  });

  it('clears, at the next start, what a window that ended has left, when it is time', async () => {
    const { clipboard, memory, timed, open, end, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    end(timed);
    await pass(10);
    const next = open();
    await next.resume();
    await pass(19);
    assert.equal(clipboard.text, 'hunter2');
    await pass(1 + OTHERS_WAIT);
    assert.equal(clipboard.text, '');
    assert.equal(memory.text, undefined);
  });

  it('clears what should have been cleared while no window was there', async () => {
    const { clipboard, timed, open, end, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    end(timed);
    await pass(3600);
    await open().resume();
    await pass(OTHERS_WAIT);
    assert.equal(clipboard.text, '');
  });

  it('is cleared by the window beside the one that has ended, of the last copy and of none before', async () => {
    const { clipboard, timed, open, end, pass } = scene();
    open();
    await timed.copy('first', 'Password', { clearAfter: 30 });
    await pass(20);
    await timed.copy('second', 'Password', { clearAfter: 30 });
    end(timed);
    await pass(20);
    assert.equal(clipboard.text, 'second');
    await pass(10 + OTHERS_WAIT);
    assert.equal(clipboard.text, '');
  });

  it('has nothing to clear for others when what was copied since is no secret', async () => {
    const { clipboard, memory, timed, open, end, pass } = scene();
    open();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    await timed.copy('robin', 'Username', { clearAfter: undefined });
    end(timed);
    assert.equal(memory.text, undefined);
    await pass(60);
    assert.equal(clipboard.text, 'robin');
  });

  it('remembers no value, and copies where nothing can be remembered', async () => {
    const { clipboard, memory, timed, pass } = scene();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    assert.doesNotMatch(memory.text ?? '', /hunter2|aHVudGVyMg/);
    memory.works = false;
    await timed.copy('other', 'Password', { clearAfter: 30 });
    assert.equal(clipboard.text, 'other');
    await pass(30);
    assert.equal(clipboard.text, '');
  });

  it('copies nothing after a lock that came while it was being remembered', async () => {
    const { clipboard, memory, timed, pass } = scene();
    memory.meanwhile = () => timed.clear();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    assert.equal(clipboard.text, '');
    assert.equal(memory.text, undefined);
    await pass(60);
    await timed.copy('hunter3', 'Password', { clearAfter: 30 });
    assert.equal(clipboard.text, 'hunter3');
  });

  it('leaves to others what another window has copied since', async () => {
    const { clipboard, memory, timed, open, end, pass } = scene();
    const other = open();
    await timed.copy('first', 'Password', { clearAfter: 30 });
    await pass(20);
    await other.copy('second', 'Password', { clearAfter: 30 });
    end(other);
    await pass(10);
    assert.equal(clipboard.text, 'second');
    assert.notEqual(memory.text, undefined);
    await pass(20 + OTHERS_WAIT);
    assert.equal(clipboard.text, '');
    assert.equal(memory.text, undefined);
  });

  it('clears, on lock, what a window has copied that ended since, also where one was copied before', async () => {
    const { clipboard, memory, timed, open, end, pass } = scene();
    const other = open();
    await timed.copy('first', 'Password', { clearAfter: 30 });
    await other.copy('second', 'Password', { clearAfter: 3600 });
    end(other);
    await timed.clear();
    await pass(OTHERS_WAIT);
    assert.equal(clipboard.text, '');
    assert.equal(memory.text, undefined);
  });

  for (const clearAfter of [30, 0, undefined]) {
    for (const readable of [true, false]) {
      const where = `${readable ? '' : 'overdue, '}clear after ${clearAfter}`;
      it(`copies nothing that was begun before a lock, beside the secret of another window: ${where}`, async () => {
        const { clipboard, memory, timed, open, end, pass } = scene();
        const other = open();
        await other.copy('of the other', 'Password', { clearAfter: 5 });
        end(other);
        clipboard.readable = readable;
        if (!readable) await pass(5 + OTHERS_WAIT);
        const copying = timed.copy('hunter2', 'Password', { clearAfter });
        const clearing = timed.clear();
        await Promise.all([copying, clearing]);
        assert.notEqual(clipboard.text, 'hunter2');
        clipboard.readable = true;
        await timed.clearOverdue();
        await pass(OTHERS_WAIT);
        assert.equal(clipboard.text, '');
        assert.equal(memory.text, undefined);
        await pass(60);
        await timed.copy('hunter3', 'Password', { clearAfter: 30 });
        assert.equal(clipboard.text, 'hunter3');
      });
    }
  }

  it('ends its notice where another window copies', async () => {
    const { timed, open, last } = scene();
    const other = open();
    await timed.copy('robin', 'Username', { clearAfter: undefined });
    await other.copy('hunter2', 'Password', { clearAfter: 30 });
    assert.equal(last(), undefined);
    assert.equal(last(other)?.what, 'Password');
  });

  it('ends its notice in time where another window has nothing to clear any more', async () => {
    const { memory, timed, pass, last } = scene();
    await timed.copy('robin', 'Username', { clearAfter: undefined });
    await memory.save(undefined);
    assert.equal(last()?.what, 'Username');
    await pass(5);
    assert.equal(last(), undefined);
  });

  for (const [what, clearAfter] of [
    ['a secret', 30],
    ['what is no secret', undefined],
  ] as const) {
    it(`copies ${what} also in the moment when it is time to clear the one before`, async () => {
      const { clipboard, memory, timed, pass } = scene();
      await timed.copy('first', 'Password', { clearAfter: 30 });
      await pass(29);
      memory.meanwhile = () => pass(1);
      await timed.copy('second', 'Next', { clearAfter });
      await pass(20);
      assert.equal(clipboard.text, 'second');
      await pass(10);
      assert.equal(clipboard.text, clearAfter === undefined ? 'second' : '');
    });
  }

  it('makes nothing of a memory that was written by somebody else', async () => {
    const odd = [
      { bits: '', clearAt: 0 },
      { bits: '012', clearAt: 0 },
      { bits: '000000000', clearAt: 0 },
      { bits: '0' },
      { digest: '0', clearAt: 0 },
    ].map((each) => JSON.stringify(each));
    for (const text of ['', 'null', '[]', '{', '{"bits":1}', ...odd]) {
      const { clipboard, memory, timed, pass } = scene();
      clipboard.text = 'something of the user';
      memory.text = text;
      await timed.resume();
      await pass(60);
      assert.equal(clipboard.text, 'something of the user');
      assert.equal(memory.text, undefined);
    }
  });

  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----\n';
  for (const [what, value, keeps] of [
    ['puts CR LF for LF', key, (text: string) => text.replaceAll('\n', '\r\n')],
    ['puts CR for LF', key, (text: string) => text.replaceAll('\n', '\r')],
    ['puts LF for CR LF', key.replaceAll('\n', '\r\n'), (text: string) => text.replaceAll('\r\n', '\n')],
    ['drops the last line end', key, (text: string) => text.trimEnd()],
    ['adds a line end', 'hunter2', (text: string) => `${text}\n`],
    ['drops zero bytes', 'hunter2\0', (text: string) => text.replaceAll('\0', '')],
    ['ends at a zero byte', 'hunter2\0rest', (text: string) => text.replace(/\0.*/, '')],
    ['composes accents', 'pa\u0308ssword e\u0301', (text: string) => text.normalize('NFC')],
    ['takes accents apart', 'p\u00e4ssword', (text: string) => text.normalize('NFD')],
    ['puts spaces for no-break spaces', 'correct\u00a0horse\u202fstaple', (text: string) => text.replace(/\s/g, ' ')],
    ['puts spaces for tabs', 'a\tb', (text: string) => text.replace('\t', '    ')],
    ['adds a byte order mark', 'hunter2', (text: string) => `\ufeff${text}`],
    ['holds ten characters', 'correct horse battery staple', (text: string) => text.slice(0, 10)],
    ['cuts a character in two', 'abc\u{1f600}def', (text: string) => text.slice(0, 4)],
    ['cuts bytes', 'abc\u{1f600}def', () => 'abc\ufffd'],
    ['knows no lone surrogates', 'abc\ud83d', (text: string) => text.toWellFormed()],
    ['keeps spaces alone', ' \u00a0', (text: string) => text],
  ] as const) {
    describe(`that ${what}`, () => {
      const copied = async () => {
        const all = scene();
        all.clipboard.keeps = keeps;
        await all.timed.copy(value, 'Notes', { clearAfter: 30 });
        assert.notEqual(all.clipboard.text, '');
        return all;
      };

      it('is cleared in time', async () => {
        const { clipboard, pass } = await copied();
        await pass(30);
        assert.equal(clipboard.text, '');
      });

      it('is cleared on lock', async () => {
        const { clipboard, timed } = await copied();
        await timed.clear();
        assert.equal(clipboard.text, '');
      });

      it('is cleared on a lock that comes while it is being written', async () => {
        const { clipboard, timed } = scene();
        clipboard.keeps = keeps;
        const arrived = clipboard.hold();
        const copying = timed.copy(value, 'Notes', { clearAfter: 30 });
        await arrived.reached;
        const clearing = timed.clear();
        arrived.go();
        await Promise.all([copying, clearing]);
        assert.equal(clipboard.text.trim(), '');
      });

      it('is cleared by another window when the one that copied has ended', async () => {
        const { clipboard, timed, open, end, pass } = await copied();
        end(timed);
        await open().resume();
        await pass(30 + OTHERS_WAIT);
        assert.equal(clipboard.text, '');
      });

      it('is left alone once something of the user is on it', async () => {
        const { clipboard, pass } = await copied();
        const own = `my own ${value}`;
        clipboard.text = own;
        await pass(30);
        assert.equal(clipboard.text, own);
      });
    });
  }

  it('that cannot be read yet is cleared as soon as it can, though it has changed line ends', async () => {
    const { clipboard, timed, pass } = scene();
    clipboard.keeps = (text) => text.replaceAll('\n', '\r\n');
    clipboard.readable = false;
    await timed.copy(key, 'Private key', { clearAfter: 30 });
    await pass(30);
    clipboard.readable = true;
    await timed.clearOverdue();
    assert.equal(clipboard.text, '');
  });

  it('that asks the user before it is read is not read for one line of plain characters', async () => {
    const { clipboard, timed } = scene();
    clipboard.asksToRead = true;
    await timed.copy('hunter2-Horse', 'Password', { clearAfter: 30 });
    assert.equal(clipboard.reads, 0);
    await timed.copy(key, 'Private key', { clearAfter: 30 });
    assert.equal(clipboard.reads, 1);
  });

  it('is left alone where the user copied in the moment after, and keeps no part of that', async () => {
    const { clipboard, timed, pass } = scene();
    clipboard.keeps = () => 'something of the user';
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    await pass(30);
    assert.equal(clipboard.text, 'something of the user');
  });

  it('is cleared by the window that copied, which knows best, also beside others', async () => {
    const { clipboard, timed, open, pass } = scene();
    open();
    // Among so many, some have the few bits that others know.
    for (let text = 0; text < 1000; text++) {
      await timed.copy('hunter2', 'Password', { clearAfter: 30 });
      clipboard.text = `of the user ${text}`;
      if (text % 2 === 0) await pass(30);
      else await timed.clear();
      await pass(OTHERS_WAIT);
      assert.equal(clipboard.text, `of the user ${text}`);
    }
  });

  for (const [digits, mostBits] of [
    [3, 4],
    [4, 6],
    [6, 8],
  ] as const) {
    it(`tells other windows so little of ${digits} digits that nobody can find them`, async () => {
      const { memory, timed } = scene();
      const secret = '123456'.slice(0, digits);
      await timed.copy(secret, 'Code', { clearAfter: 30 });
      const record = JSON.parse(memory.text ?? assert.fail()) as CopyRecord;
      const fits = (code: string) => {
        const digest = createHmac('sha256', memory.sharedKey ?? assert.fail())
          .update(code)
          .digest();
        return digest.readUInt8().toString(2).padStart(8, '0').startsWith(record.bits);
      };
      assert.ok(fits(secret));
      assert.ok(record.bits.length <= mostBits, record.bits);
      const tried = Math.min(10 ** digits, 20_000);
      const codes = Array.from({ length: tried }, (_, code) => String(code).padStart(digits, '0'));
      const many = codes.filter(fits).length;
      assert.ok(many > tried / 2 ** mostBits / 2, `${many} of ${tried} fit`);
    });
  }

  it('tells other windows no more than a byte of anything', async () => {
    const { memory, timed } = scene();
    for (const value of ['x', 'hunter2', 'x'.repeat(10_000)]) {
      await timed.copy(value, 'Notes', { clearAfter: 30 });
      const { bits, ...rest } = JSON.parse(memory.text ?? assert.fail()) as CopyRecord;
      assert.match(bits, /^[01]{1,8}$/);
      assert.deepEqual(Object.keys(rest), ['clearAt']);
    }
  });

  it('tells other windows nothing more of a value that is copied again', async () => {
    const { memory, timed } = scene();
    const seen = new Set<string>();
    for (let copy = 0; copy < 20; copy++) {
      await timed.copy('hunter2', 'Password', { clearAfter: 30 });
      seen.add((JSON.parse(memory.text ?? assert.fail()) as CopyRecord).bits);
    }
    assert.equal(seen.size, 1);
  });

  it('tells other windows nothing where they share no key, and is cleared all the same', async () => {
    const { clipboard, memory, timed, open, pass } = scene();
    memory.sharedKey = undefined;
    const other = open();
    memory.text = JSON.stringify({ bits: '0', clearAt: 0 });
    clipboard.text = 'something of the user';
    await other.resume();
    await pass(60);
    assert.equal(clipboard.text, 'something of the user');
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    await pass(30);
    assert.equal(clipboard.text, '');
  });

  it('is cleared in time by another window, however often that one looks at the memory', async () => {
    const { clipboard, timed, open, end, pass } = scene();
    const other = open();
    await timed.copy('hunter2', 'Password', { clearAfter: 30 });
    end(timed);
    for (let second = 0; second < 30 + OTHERS_WAIT; second++) {
      await other.resume();
      await pass(1);
    }
    assert.equal(clipboard.text, '');
  });

  it('says how long a code is good', async () => {
    const { clock, timed, pass, last } = scene();
    await timed.copy('123456', 'TOTP code', { clearAfter: 30, validUntil: clock.now() + 12_000 });
    const words = () => copyNotice(last() ?? assert.fail()).text;
    assert.equal(words(), '$(clippy) TOTP code copied · valid for 12 s');
    await pass(15);
    assert.equal(words(), '$(clippy) TOTP code copied · no longer valid');
  });

  it('draws no icon from the name of a field', () => {
    const { text, accessibilityLabel } = copyNotice({ what: '$(bug)\n', clearsIn: 3, validFor: undefined });
    assert.equal(text, '$(clippy) \\$(bug) copied · 3 s');
    assert.equal(accessibilityLabel, '$(bug) copied');
  });
});
