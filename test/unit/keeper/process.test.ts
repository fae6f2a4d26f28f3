import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer, type Server, Socket } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeeperAnswer, KeeperLink, KeptKey } from '../../../src/base/keyKeeper';
import { allocateSecret, type SecretBytes } from '../../../src/base/secretBytes';
import { Channel } from '../../../src/keeper/channel';
import { frame, FrameReader, LONGEST_FRAME } from '../../../src/keeper/frames';
import { KeeperHandshake, type SessionKeys, VERSION, WindowHandshake } from '../../../src/keeper/handshake';
import type { Message } from '../../../src/keeper/messages';
import { keeperPlace } from '../../../src/keeper/place';
import { type Keepers, keeperMachines } from '../../support/keepers';
import { until } from '../../support/until';

const account = '0c5b1b4e-37f6-4f5e-9d3d-6a4c1d9e0f11';
const limits = { idleMs: 900_000, lockOnSleep: false, endsWithWindow: false };
const random = (length: number): SecretBytes => randomFillSync(allocateSecret(length));
const kept = (signal = 1): KeptKey => ({ key: random(64), origin: random(32), signal, idleMs: 0 });

/** Whether the process waits for connections over the network; Linux alone. */
function listensToNetwork(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  const sockets = readdirSync(`/proc/${pid}/fd`).map((name) => {
    try {
      return /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1];
    } catch {
      return undefined;
    }
  });
  // Columns of man 5 proc_pid_net: 3 is the state, of which 0A is "listening", 9 the inode.
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return lines.some((columns) => columns[3] === '0A' && sockets.includes(columns[9]));
}

function linkOf(answer: KeeperAnswer): KeeperLink {
  if (answer.kind !== 'linked') throw new Error(`not linked: ${JSON.stringify(answer)}`);
  answer.link.setLimits(account, limits);
  return answer.link;
}

/** Unix sockets and signals; what is different on Windows are the pipe, and that nothing can be looked at. */
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('The process of the keeper', function () {
  this.timeout(30_000);
  const machine = keeperMachines();
  const secret = random(32);
  const start = async (at: Keepers) => linkOf(await at.client().connect(secret, { start: true }));
  const find = (at: Keepers, known = secret) => at.client().connect(known, { start: false });

  it('hands a key to a window that knows the secret, and ends with the lock', async () => {
    const at = machine();
    const one = await start(at);
    const key = kept();
    assert.equal(await one.put(account, key), true);
    const other = linkOf(await find(at));
    const got = await other.get(account);
    assert.deepEqual(Buffer.from(got!.key), Buffer.from(key.key));
    assert.deepEqual(Buffer.from(got!.origin), Buffer.from(key.origin));
    assert.equal(got!.signal, 1);
    const locked: string[] = [];
    other.onDidLock((id) => locked.push(id));
    one.lock(account, 1);
    await until('the other window hears of it', () => locked.length === 1);
    await at.areGone();
    assert.deepEqual(await find(at), { kind: 'none' });
    assert.deepEqual(readdirSync(at.runtime), [], 'nothing is left of it');
  });

  it('is started by no window that only looks for it', async () => {
    const at = machine();
    assert.deepEqual(await find(at), { kind: 'none' });
    assert.deepEqual(at.pids(), []);
  });

  it('has nothing secret in its arguments and its environment, and listens where nobody else can', async () => {
    const at = machine();
    const link = await start(at);
    const key = kept();
    await link.put(account, key);
    const address = await at.address();
    assert.equal(lstatSync(address).mode & 0o077, 0);
    assert.equal(lstatSync(dirname(address)).mode & 0o777, 0o700);
    if (process.platform !== 'linux') return;
    const [pid] = at.pids();
    const environ = readFileSync(`/proc/${pid}/environ`, 'latin1');
    assert.deepEqual(
      environ
        .split('\0')
        .filter(Boolean)
        .map((each) => each.split('=')[0])
        .filter((name) => !/^(PWD|OLDPWD|_|SHLVL)$/.test(name!)),
      ['ELECTRON_RUN_AS_NODE'],
    );
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').filter(Boolean);
    assert.equal(argv.length, 3);
    assert.equal(argv[2], address);
    assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size\s+0\s+0/);
    assert.equal(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[5], String(pid), 'a session of its own');
  });

  it('does not open a debugger to whoever sends the signal for it', async () => {
    const at = machine();
    await (await start(at)).put(account, kept());
    at.signal('SIGUSR1');
    await delay(300);
    for (const pid of at.pids()) assert.equal(listensToNetwork(pid), false);
    assert.equal((await linkOf(await find(at)).get(account))?.signal, 1);
  });

  it('outlives a window, and ends at once with the last one where that is asked for', async () => {
    const at = machine();
    const one = await start(at);
    await one.put(account, kept());
    one.dispose();
    await delay(300);
    const two = linkOf(await find(at));
    assert.equal((await two.get(account))?.signal, 1);
    two.setLimits(account, { ...limits, endsWithWindow: true });
    two.dispose();
    await at.areGone();
    assert.deepEqual(readdirSync(at.runtime), [], 'nothing is left of it');
  });

  it('is one, however many windows start it at the same time', async () => {
    const at = machine();
    const links = await Promise.all(Array.from({ length: 6 }, () => start(at)));
    assert.equal(await links[0]!.put(account, kept(7)), true);
    for (const link of links) assert.equal((await link.get(account))?.signal, 7);
    await until('one is left', () => at.pids().length === 1);
  });

  it('is replaced when it was killed; its window hears of its end', async () => {
    const at = machine();
    const one = await start(at);
    await one.put(account, kept());
    let closed = false;
    one.onDidClose(() => (closed = true));
    at.signal('SIGKILL');
    await until('the end is heard of', () => closed);
    assert.equal(existsSync(await at.address()), true, 'the socket is left over');
    assert.deepEqual(await find(at), { kind: 'none' });
    const links = await Promise.all([start(at), start(at)]);
    assert.equal(await links[0].put(account, kept(3)), true);
    assert.equal((await links[1].get(account))?.signal, 3);
  });

  it('holds nobody up when it hangs, and is not replaced while it may go on', async () => {
    const at = machine();
    const one = await start(at);
    await one.put(account, kept());
    at.signal('SIGSTOP');
    const begun = performance.now();
    assert.equal(await one.get(account), undefined);
    assert.deepEqual(await find(at), { kind: 'refused', why: 'noAnswer' });
    assert.deepEqual(await at.client().connect(secret, { start: true }), { kind: 'refused', why: 'noAnswer' });
    assert.ok(performance.now() - begun < 6_000);
    at.signal('SIGCONT');
    await until('it answers again', async () => (await find(at)).kind === 'linked');
  });

  it('makes room for a newer version, which an older one does not ask for', async () => {
    const at = machine();
    const newer = at.client({ version: VERSION + 1 });
    const older = at.client({ version: VERSION - 1 });
    const one = await start(at);
    const locked: string[] = [];
    let closed = false;
    one.onDidLock((id) => locked.push(id));
    one.onDidClose(() => (closed = true));
    await one.put(account, kept());
    const [pid] = at.pids();
    assert.deepEqual(await newer.connect(secret, { start: false }), { kind: 'refused', why: 'otherVersion' });
    assert.deepEqual(await older.connect(secret, { start: true }), { kind: 'refused', why: 'otherVersion' });
    assert.deepEqual(at.pids(), [pid]);
    // What it starts is of this version again, so that it does not come to an end.
    assert.equal((await newer.connect(secret, { start: true })).kind, 'refused');
    assert.equal(at.pids().includes(pid!), false);
    await until('the older window hears of the end', () => closed);
    assert.deepEqual(locked, [], 'it goes on alone');
  });

  it('ends where its socket was removed, or another one took its place', async () => {
    const at = machine();
    const one = await start(at);
    await one.put(account, kept());
    const [pid] = at.pids();
    const address = await at.address();
    unlinkSync(address);
    const two = await start(at);
    await two.put(account, kept(2));
    await until('the first has ended', () => !at.pids().includes(pid!));
    assert.equal((await linkOf(await find(at)).get(account))?.signal, 2, 'and has left the socket of the other alone');
  });

  describe('and a stranger', () => {
    const dial = async (at: Keepers): Promise<Socket> => {
      const socket = new Socket();
      socket.on('error', () => undefined);
      socket.connect(await at.address());
      await until('the connection', () => socket.readyState === 'open');
      return socket;
    };
    const closing = (socket: Socket) => until('the connection is closed', () => socket.closed);
    const receivedBy = (socket: Socket): Buffer[] => {
      const received: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      return received;
    };

    it('gets nothing without the secret, nor does one who sends back what he got', async () => {
      const at = machine();
      const one = await start(at);
      await one.put(account, kept());
      assert.deepEqual(await find(at, random(32)), { kind: 'refused', why: 'stranger' });

      const socket = await dial(at);
      const received = receivedBy(socket);
      socket.write(frame(new WindowHandshake(random(32)).greeting));
      await until('the answer', () => received.length > 0);
      const [answer] = new FrameReader().push(Buffer.concat(received));
      socket.write(frame(Buffer.concat([Buffer.of(1), answer!.subarray(33)])));
      await closing(socket);
      assert.equal(Buffer.concat(received).length, 2 + 65);
      assert.equal((await one.get(account))?.signal, 1);
    });

    const noise: Readonly<Record<string, Buffer>> = {
      noise: random(500) as unknown as Buffer,
      'a frame that is too long': Buffer.of((LONGEST_FRAME + 1) >> 8, (LONGEST_FRAME + 1) & 0xff),
      'an empty frame': Buffer.of(0, 0),
      'a request of HTTP': Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50)),
      'a key that leads nowhere': frame(Buffer.concat([Buffer.of(1), Buffer.alloc(32)])),
    };
    for (const [what, bytes] of Object.entries(noise)) {
      it(`is shown the door: ${what}`, async () => {
        const at = machine();
        const one = await start(at);
        await one.put(account, kept());
        const socket = await dial(at);
        const received = receivedBy(socket);
        socket.write(bytes);
        socket.write(frame(random(33)));
        await closing(socket);
        assert.ok(Buffer.concat(received).length <= 2 + 65);
        assert.equal((await one.get(account))?.signal, 1);
      });
    }

    it('can neither stay without a word, nor keep windows out by being many', async () => {
      const at = machine();
      const one = await start(at);
      await one.put(account, kept());
      const many = [];
      for (let at0 = 0; at0 < 100; at0++) many.push(await dial(at));
      many[99]!.write(Buffer.of(0));
      assert.equal((await linkOf(await find(at)).get(account))?.signal, 1);
      for (const socket of many) await closing(socket);
      assert.equal((await one.get(account))?.signal, 1);
    });

    it('that listens in the place of the keeper gets nothing, and holds nobody up', async () => {
      const at = machine();
      const address = await at.address();
      const received: Buffer[] = [];
      const server = createServer((socket) =>
        socket.on('data', (chunk) => received.push(chunk)).on('error', () => undefined),
      );
      await new Promise<void>((resolve) => server.listen(address, resolve));
      assert.deepEqual(await at.client().connect(secret, { start: true }), { kind: 'refused', why: 'noAnswer' });
      assert.equal(Buffer.concat(received).length, 2 + 33);
      server.removeAllListeners('connection').on('connection', (socket) => socket.end(frame(random(65))));
      assert.deepEqual(await at.client().connect(secret, { start: true }), { kind: 'refused', why: 'stranger' });
      server.close();
    });
  });

  /** Listens in the place of the keeper, knows the secret, and answers each question with this. */
  async function answering(address: string, answer: Message): Promise<Server> {
    const server = createServer((socket) => {
      const [reader, handshake] = [new FrameReader(), new KeeperHandshake(secret)];
      let receive = (greeting: Uint8Array) => {
        socket.write(frame(handshake.greet(greeting)));
        receive = (wish) => {
          const keys = handshake.admit(wish) as SessionKeys;
          const channel = new Channel(socket, { send: keys.keeperToWindow, receive: keys.windowToKeeper });
          receive = (content) => {
            if (['get', 'put'].includes(channel.open(content).kind)) channel.send(answer);
          };
        };
      };
      socket
        .on('error', () => undefined)
        .on('data', (chunk: Buffer) => {
          for (const content of reader.push(chunk)) receive(content);
        });
    });
    await new Promise<void>((resolve) => server.listen(address, resolve));
    return server;
  }

  const elsewhere = '1d6c2c5f-48a7-4a6f-8e4e-7b5d2eaf1a22';
  const key = { kind: 'key', ...kept(), idleMs: 0 } as const;
  const get = (link: KeeperLink) => link.get(account);
  const put = (link: KeeperLink) => link.put(account, kept());
  for (const [what, ask, answer] of [
    ['the key of another account', get, { ...key, account: elsewhere }],
    ['that there is none of another account', get, { kind: 'none', account: elsewhere }],
    ['that it has stored one, which was not asked', get, { kind: 'stored', account }],
    ['a key to one that puts one', put, { ...key, account }],
  ] as const) {
    it(`is left by a window that it tells ${what}`, async () => {
      const at = machine();
      const server = await answering(await at.address(), answer);
      const link = linkOf(await find(at));
      let closed = false;
      link.onDidClose(() => (closed = true));
      const got = await ask(link);
      server.close();
      link.dispose();
      assert.deepEqual([Boolean(got), closed], [false, true]);
    });
  }

  it('is found where another window has found it, if that is a folder of this user alone', async () => {
    const at = machine();
    const one = await start(at);
    await one.put(account, kept());
    assert.equal(one.base, at.runtime);
    const other = at.client({ from: [join(at.runtime, 'missing')] });
    const ask = (base: string | undefined) => other.connect(secret, { start: false, base });
    assert.equal((await linkOf(await ask(one.base)).get(account))?.signal, 1);
    assert.equal(linkOf(await other.connect(secret, { start: true, base: one.base })).base, at.runtime);
    assert.equal(at.pids().length, 1);
    for (const base of [undefined, '', join(at.runtime, 'elsewhere'), relative(process.cwd(), at.runtime)]) {
      assert.deepEqual(await ask(base), { kind: 'none' });
    }
    const folder = dirname(await at.address());
    chmodSync(folder, 0o750);
    assert.deepEqual(await ask(one.base), { kind: 'none' });
    chmodSync(folder, 0o700);
  });

  describe('and what is at its place', () => {
    const client = (at: Keepers) => at.client();
    const folderOf = async (at: Keepers) =>
      dirname((await keeperPlace(at.storage, { make: true, from: [...at.from, tmpdir()] }))!.address);

    it('is left alone where it is no socket', async () => {
      const at = machine();
      writeFileSync(await at.address(), 'of somebody else');
      assert.deepEqual(await client(at).connect(secret, { start: true }), { kind: 'refused', why: 'stranger' });
      assert.equal(readFileSync(await at.address(), 'utf8'), 'of somebody else');
      assert.deepEqual(at.pids(), []);
    });

    for (const [what, spoil] of Object.entries({
      'a folder that others can open': (folder: string) => chmodSync(folder, 0o750),
      'a link to a folder': (folder: string) => {
        mkdirSync(`${folder}-elsewhere`, { mode: 0o700 });
        rmdirSync(folder);
        symlinkSync(`${folder}-elsewhere`, folder);
      },
      'a file': (folder: string) => {
        rmdirSync(folder);
        writeFileSync(folder, '');
      },
      // Only root can give a folder away.
      ...(process.getuid?.() === 0 && { 'that of another user': (folder: string) => chownSync(folder, 54321, 54321) }),
    })) {
      it(`is not used where it is ${what}: the temporary folder is`, async () => {
        const at = machine();
        const folder = await folderOf(at);
        spoil(folder);
        assert.notEqual(await folderOf(at), folder);
        assert.ok((await folderOf(at)).startsWith(tmpdir()));
        rmdirSync(await folderOf(at));
      });
    }

    it('is not used where its path is too long for a socket', async () => {
      const at = machine();
      const deep = join(at.runtime, 'x'.repeat(90));
      mkdirSync(deep, { mode: 0o700 });
      const place = await keeperPlace(at.storage, { make: true, from: [deep, tmpdir()] });
      assert.equal(place?.base, tmpdir());
      rmdirSync(dirname(place.address));
    });

    it('is for one global storage alone', async () => {
      const at = machine();
      await (await start(at)).put(account, kept());
      const elsewhere = at.client({ storage: join(at.runtime, 'another storage') });
      assert.deepEqual(await elsewhere.connect(secret, { start: false }), { kind: 'none' });
    });
  });

  it('is not started where no folder is its own', async () => {
    const at = machine();
    const client = at.client({ from: [join(at.runtime, 'missing', 'folder'), 'a relative one'] });
    assert.deepEqual(await client.connect(secret, { start: true }), { kind: 'refused', why: 'folder' });
    assert.deepEqual(await client.connect(secret, { start: false }), { kind: 'none' });
  });

  it('is said not to start where its program is missing', async () => {
    const at = machine();
    const client = at.client({ program: join(at.runtime, 'missing.js') });
    assert.deepEqual(await client.connect(secret, { start: true }), { kind: 'refused', why: 'notStarted' });
  });
});
