import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Writable } from 'node:stream';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FolderFiles, LOCKS } from '../../../src/platform/folderFiles';
import type { LockParts } from '../../../src/platform/lockFile';
import { fateOf, type ProcessId, thisProcess } from '../../../src/platform/processFate';
import { stressLock } from '../../support/lockStress';
import { until } from '../../support/until';

/** Counts looks instead of waiting. */
function counted(looks: { count: number }, parts: Partial<LockParts> = {}): LockParts {
  const pause = async () => {
    looks.count++;
    await delay(0);
  };
  return { ...LOCKS, pause, ...parts };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

describe('Locks between windows', () => {
  let parent: string;
  let folder: string;
  let lock: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'vaultside-locks-'));
    folder = join(parent, 'storage');
    lock = join(folder, 'rotation.lock');
    await new FolderFiles(folder).write('vault', Buffer.from('x'));
  });
  afterEach(() => rm(parent, { recursive: true }));

  const leave = (content: object | string) =>
    writeFile(lock, typeof content === 'string' ? content : JSON.stringify(content));

  /** Takes the lock with others at the same time, and says how many looks the first one took. */
  async function takeOver(staleAfterLooks = LOCKS.staleAfterLooks): Promise<number> {
    let inside = 0;
    let most = 0;
    let first: number | undefined;
    const takings = Array.from({ length: 4 }, async () => {
      const looks = { count: 0 };
      const window = new FolderFiles(folder, counted(looks, { staleAfterLooks }));
      await window.exclusive('rotation', async () => {
        first ??= looks.count;
        most = Math.max(most, ++inside);
        await window.write('vault', Buffer.from('y'));
        inside--;
      });
    });
    await Promise.all(takings);
    assert.equal(most, 1);
    assert.deepEqual(await readdir(folder), ['vault'], 'nothing else is left');
    return first ?? assert.fail();
  }

  const gone = async (): Promise<ProcessId> => {
    const child = spawn(process.execPath, ['-e', '']);
    await ended(child);
    return { ...(await thisProcess()), pid: child.pid!, started: undefined };
  };
  const few = { ...LOCKS.staleAfterLooks, unknown: 20, likely: 40 };

  it('are free at once where the window that held one has crashed', async () => {
    await leave({ token: 'a', ...(await gone()) });
    assert.equal(await takeOver(), 0);
  });

  it('are free at once where one crashed while it took over from another one that had', async () => {
    await leave({ token: 'a', ...(await gone()) });
    await writeFile(`${lock}.a.heir`, JSON.stringify({ token: 'b', ...(await gone()) }));
    await writeFile(`${lock}.b.heir.1.tmp`, '{"tok');
    assert.equal(await takeOver(), 0);
  });

  if (process.platform === 'linux') {
    it('are free at once where the pid is that of another process by now', async () => {
      await leave({ token: 'a', ...(await thisProcess()), started: '1' });
      assert.equal(await takeOver(), 0);
    });

    it('are free at once where the process has ended and nobody has asked for its exit code', async () => {
      const script = 'cat <&3 & echo $!; exec sleep 600';
      const shell = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
      try {
        const [output] = (await once(shell.stdout!, 'data')) as [Buffer];
        // A shell may ask for the exit code of what it has begun; what takes its place does not know of it.
        const program = () => readFile(`/proc/${shell.pid}/comm`, 'utf8');
        await until('the shell is gone', async () => (await program()).trim() === 'sleep');
        (shell.stdio[3] as Writable).end();
        const owner = { ...(await thisProcess()), pid: Number(output), started: '1' };
        await until('it is a zombie', async () =>
          / \(\w+\) Z /.test(await readFile(`/proc/${owner.pid}/stat`, 'utf8').catch(() => '')),
        );
        assert.equal(await fateOf(owner), 'gone');
      } finally {
        shell.kill('SIGKILL');
        await ended(shell);
      }
    });
  }

  it('wait long where a pid may be that of another process, and there is no telling', async () => {
    await leave({ token: 'a', ...(await thisProcess()), started: undefined });
    const likely = LOCKS.staleAfterLooks.likely;
    assert.ok(likely > 5 * LOCKS.staleAfterLooks.unknown && likely < Infinity);
    assert.ok((await takeOver(few)) >= few.likely);
  });

  for (const [what, content] of [
    ['of a process on another machine', { token: 'a', machine: 'another', pid: 1 }],
    ['of a machine that does not tell which it is', { token: 'a', pid: 1 }],
    ['of a former version of this extension, or of a crash before anything was written', ''],
    ['that was half written', '{"token":"a","mach'],
    ['of no object', 'null'],
    ['of another kind of object', '[1]'],
    ['without a token', { machine: 'm', pid: 1 }],
    ['with a token that leads elsewhere', { token: '../../elsewhere', machine: 'm', pid: 1 }],
    ['with the pid of all processes', { token: 'a', machine: '', pid: -1 }],
    ['with the pid of the own group', { token: 'a', machine: '', pid: 0 }],
    ['with a pid that is none', { token: 'a', machine: '', pid: '1' }],
    ['that is longer than any', `{"token":"a","more":"${'x'.repeat(100_000)}"}`],
  ] as const) {
    for (const [when, seconds] of [
      ['long ago', -3600],
      ['in the future, since a clock was put back', 3600],
    ] as const) {
      it(`are taken over after many looks at one ${what}, taken ${when}`, async () => {
        const { machine } = await thisProcess();
        await leave(typeof content === 'object' && content.machine === '' ? { ...content, machine } : content);
        const then = Date.now() / 1000 + seconds;
        await utimes(lock, then, then);
        assert.ok((await takeOver(few)) >= few.unknown);
        assert.deepEqual(await readdir(parent), ['storage']);
      });
    }
  }

  describe('that last', () => {
    /** A window that waits for its lead without delay. */
    const window = () => new FolderFiles(folder, LOCKS, counted({ count: 0 }));

    /** Leads until it is told to end. */
    function lead(files: FolderFiles) {
      const ending = new AbortController();
      const led = { hasLed: false };
      const ended = files.lead('live', ending.signal, async () => {
        led.hasLed = true;
        await once(ending.signal, 'abort');
      });
      return { led, ended, end: () => ending.abort() };
    }

    it('are held by one window at a time, and taken over when it ends', async () => {
      const one = lead(window());
      await until('it leads', () => one.led.hasLed);
      const other = lead(window());
      const third = lead(window());
      third.end();
      await third.ended;
      assert.deepEqual([other.led.hasLed, third.led.hasLed], [false, false]);
      one.end();
      await one.ended;
      await until('the other leads', () => other.led.hasLed);
      other.end();
      await other.ended;
      assert.deepEqual(await readdir(folder), ['vault']);
    });

    it('are not begun after the end, and free where the task has failed', async () => {
      await window().lead('live', AbortSignal.abort(), () => assert.fail('it was begun'));
      const failing = window().lead('live', new AbortController().signal, () => Promise.reject(new Error('broken')));
      await assert.rejects(failing, /broken/);
      assert.deepEqual(await readdir(folder), ['vault']);
    });

    it('are taken over from a window that was killed', async () => {
      const script = `new (require(process.argv[1]).FolderFiles)(process.argv[2])
        .lead('live', new AbortController().signal, () => new Promise(() => console.log('leads')));
        setInterval(() => undefined, 1000);`;
      const files = join(__dirname, '../../../src/platform/folderFiles.js');
      const killed = spawn(process.execPath, ['-e', script, files, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(killed.stdout, 'data');
      const other = lead(window());
      killed.kill('SIGKILL');
      await ended(killed);
      await until('the other leads', () => other.led.hasLed);
      other.end();
      await other.ended;
    });
  });

  it('stay with a window that lives, though it stands still for long', async () => {
    const holder = new FolderFiles(folder, { ...LOCKS, refreshMs: 2 ** 30 });
    const looks = { count: 0 };
    const waiter = new FolderFiles(folder, counted(looks));
    const order: string[] = [];
    let waiting: Promise<void> | undefined;
    await holder.exclusive('rotation', async () => {
      waiting = waiter.exclusive('rotation', () => Promise.resolve(void order.push('waiter')));
      // On systems that do not tell when a process began, that alone is what keeps it.
      const enough = process.platform === 'linux' ? 2 * LOCKS.staleAfterLooks.unknown : 20;
      await until('it has been looked at often', () => looks.count > enough);
      order.push('holder');
    });
    await waiting;
    assert.deepEqual(order, ['holder', 'waiter']);
  });

  const elsewhere = { fateOf: () => Promise.resolve('unknown' as const), staleAfterLooks: { ...few, unknown: 50 } };

  it('stay with a window on another machine as long as it refreshes them', async () => {
    const holder = new FolderFiles(folder, { ...LOCKS, refreshMs: 10 });
    const waiter = new FolderFiles(folder, { ...LOCKS, ...elsewhere, pause: () => delay(5) });
    const order: string[] = [];
    let waiting: Promise<void> | undefined;
    await holder.exclusive('rotation', async () => {
      waiting = waiter.exclusive('rotation', () => Promise.resolve(void order.push('waiter')));
      const refreshes = new Set<number>();
      await until('it is refreshed many times', async () => {
        refreshes.add((await stat(lock)).mtimeMs);
        return refreshes.size > 60;
      });
      order.push('holder');
    });
    await waiting;
    assert.deepEqual(order, ['holder', 'waiter']);
    assert.deepEqual(await readdir(folder), ['vault']);
  });

  it('stay with the follower when a machine that slept for long wakes up and is done', async () => {
    const sleeper = new FolderFiles(folder, { ...LOCKS, refreshMs: 2 ** 30 });
    const follower = new FolderFiles(folder, counted({ count: 0 }, elsewhere));
    const started = Promise.withResolvers<undefined>();
    const finish = Promise.withResolvers<undefined>();
    let following: Promise<unknown> | undefined;
    await sleeper.exclusive('rotation', async () => {
      following = follower.exclusive('rotation', async () => {
        started.resolve(undefined);
        await finish.promise;
      });
      await started.promise;
    });
    assert.deepEqual((await readdir(folder)).sort(), ['rotation.lock', 'vault']);
    finish.resolve(undefined);
    await following;
    assert.deepEqual(await readdir(folder), ['vault']);
  });

  it('are given back as soon as the disk allows it', async () => {
    let refusals = 3;
    const disk = {
      ...LOCKS.disk,
      remove: (path: string) =>
        refusals-- > 0 ? Promise.reject(Object.assign(new Error('busy'), { code: 'EBUSY' })) : LOCKS.disk.remove(path),
    };
    const done = await new FolderFiles(folder, { ...LOCKS, disk, refreshMs: 5 }).exclusive('rotation', () =>
      Promise.resolve('done'),
    );
    assert.equal(done, 'done');
    await new FolderFiles(folder).exclusive('rotation', () => Promise.resolve());
    assert.ok(refusals < 0);
  });

  it('are not left behind by one who cannot take them', async () => {
    await leave({ token: 'a', ...(await gone()) });
    const disk = { ...LOCKS.disk, replace: () => Promise.reject(new Error('disk full')) };
    const unlucky = new FolderFiles(folder, { ...LOCKS, disk });
    await assert.rejects(
      unlucky.exclusive('rotation', () => Promise.resolve()),
      /disk full/,
    );
    assert.equal(await takeOver(), 0);
  });

  it('have one holder at a time among six processes that die at any step', async () => {
    const { doubleRounds, deaths, taken } = await stressLock(12);
    assert.equal(doubleRounds, 0);
    assert.ok(deaths > 0 && taken > 36, `${deaths} deaths, taken ${taken} times`);
  });
});
