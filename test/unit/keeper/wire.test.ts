import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { allocateSecret, copySecret, type SecretBytes } from '../../../src/base/secretBytes';
import { Channel } from '../../../src/keeper/channel';
import { frame, FrameReader, LONGEST_FRAME } from '../../../src/keeper/frames';
import { KeeperHandshake, type SessionKeys, WindowHandshake } from '../../../src/keeper/handshake';
import { decode, encode, type Message } from '../../../src/keeper/messages';
import { cases } from '../../support/cases';

const account = '0c5b1b4e-37f6-4f5e-9d3d-6a4c1d9e0f11';
const random = (length: number): SecretBytes => randomFillSync(allocateSecret(length));
const wireError = { name: 'WireError' };

const messages: readonly Message[] = [
  { kind: 'limits', account, idleMs: 60_000, lockOnSleep: true, endsWithWindow: false },
  { kind: 'limits', account, idleMs: Infinity, lockOnSleep: false, endsWithWindow: true },
  { kind: 'used', account },
  { kind: 'put', account, signal: 1_790_000_000_123, idleMs: 5, origin: random(32), key: random(64) },
  { kind: 'put', account, signal: 0, idleMs: 0, origin: random(32), key: random(200) },
  { kind: 'get', account },
  { kind: 'lock', account, signal: 3 },
  { kind: 'stored', account },
  { kind: 'void', account },
  { kind: 'key', account, signal: 3, idleMs: 12, origin: random(32), key: random(512) },
  { kind: 'none', account },
  { kind: 'locked', account },
];

describe('What goes between the keeper and windows', () => {
  describe('in frames', () => {
    it('comes out as it went in, however it is cut', () => {
      const contents = fc.array(fc.uint8Array({ maxLength: LONGEST_FRAME }), { maxLength: 5 });
      fc.assert(
        fc.property(contents, fc.infiniteStream(fc.integer({ min: 1, max: 700 })), (sent, cuts) => {
          const bytes = Buffer.concat(sent.map((content) => frame(content)));
          const reader = new FrameReader();
          const got: Uint8Array[] = [];
          for (let at = 0; at < bytes.length;) {
            const length = cuts.next().value as number;
            got.push(...reader.push(bytes.subarray(at, at + length)));
            at += length;
          }
          assert.deepEqual(
            got.map((each) => Buffer.from(each)),
            sent.map((each) => Buffer.from(each)),
          );
        }),
        cases(100),
      );
    });

    it('is never longer than a frame', () => {
      assert.throws(() => frame(new Uint8Array(LONGEST_FRAME + 1)), wireError);
      assert.throws(() => new FrameReader().push(Buffer.of(0xff, 0xff)), wireError);
    });
  });

  describe('as messages', () => {
    for (const message of messages) {
      it(`comes out as it went in: ${message.kind}`, () => {
        const bytes = encode(message);
        assert.ok(bytes.length + 16 <= LONGEST_FRAME);
        assert.deepEqual(decode(bytes), message);
        for (let length = 0; length < bytes.length; length++) {
          // Of a key of 512 bytes a part is a key as well; what is sealed is not cut, though.
          if ('key' in message && length >= bytes.length - message.key.length + 64) break;
          assert.throws(() => decode(copySecret(bytes.subarray(0, length))), wireError);
        }
        if (!('key' in message))
          assert.throws(() => decode(copySecret(Buffer.concat([bytes, Buffer.of(0)]))), wireError);
      });
    }

    it('is refused when it is anything else', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
          try {
            const again = encode(decode(copySecret(bytes)));
            assert.deepEqual(Buffer.from(again), Buffer.from(bytes));
          } catch (error) {
            assert.equal((error as Error).name, 'WireError');
          }
        }),
        cases(500),
      );
      assert.throws(() => encode({ kind: 'get', account: '../../etc' }), wireError);
      assert.throws(
        () => encode({ kind: 'put', account, signal: 0, idleMs: 0, origin: random(32), key: random(600) }),
        wireError,
      );
    });
  });

  describe('after the handshake', () => {
    const secret = random(32);

    function shake(
      { ours = secret, theirs = secret, version = 1, keeperVersion = 1 } = {},
      change: (step: number, bytes: Buffer) => Uint8Array = (_, bytes) => bytes,
    ): { window?: SessionKeys | undefined; keeper?: SessionKeys | 'end'; version: number } {
      const [window, keeper] = [new WindowHandshake(ours, version), new KeeperHandshake(theirs, keeperVersion)];
      const answer = keeper.greet(change(0, Buffer.from(window.greeting)));
      const { version: found, send, keys } = window.answer(change(1, Buffer.from(answer)));
      if (send === undefined) return { version: found };
      return { window: keys, keeper: keeper.admit(change(2, Buffer.from(send))), version: found };
    }

    const opens = (sender: SessionKeys, receiver: SessionKeys, direction: keyof SessionKeys): boolean => {
      const nonce = new Uint8Array(12);
      const sealed = sender[direction].seal(nonce, Buffer.from('hello'), new Uint8Array());
      try {
        return Buffer.from(receiver[direction].open(nonce, sealed, new Uint8Array())).toString() === 'hello';
      } catch {
        return false;
      }
    };

    it('is sealed by keys that both have, one for each direction, others each time', () => {
      const [one, two] = [shake(), shake()];
      for (const direction of ['windowToKeeper', 'keeperToWindow'] as const) {
        assert.ok(opens(one.window!, one.keeper as SessionKeys, direction));
        assert.ok(!opens(one.window!, two.keeper as SessionKeys, direction));
      }
      const crossed = { windowToKeeper: one.window!.keeperToWindow, keeperToWindow: one.window!.windowToKeeper };
      assert.ok(!opens(crossed, one.keeper as SessionKeys, 'windowToKeeper'));
    });

    it('never comes where one of them has another secret', () => {
      assert.throws(() => shake({ ours: random(32) }), wireError);
      assert.throws(() => shake({ theirs: random(32) }), wireError);
    });

    it('never comes where anything on the way was changed', () => {
      for (const [step, length] of [33, 65, 33].entries()) {
        for (let at = 0; at < length; at++) {
          assert.throws(
            () =>
              shake({}, (now, bytes) => {
                if (now === step) bytes[at]! ^= 1;
                return bytes;
              }),
            wireError,
            `byte ${at} of ${step}`,
          );
        }
      }
    });

    it('never comes where a proof is sent back, or a wish is put in the place of another one', () => {
      const keeper = new KeeperHandshake(secret);
      const window = new WindowHandshake(secret);
      const answer = keeper.greet(window.greeting);
      assert.throws(() => keeper.admit(Buffer.concat([Buffer.of(1), answer.subarray(33)])), wireError);
      const { send } = window.answer(answer);
      assert.throws(() => keeper.admit(Buffer.concat([Buffer.of(2), send!.subarray(1)])), wireError);
      assert.throws(() => new KeeperHandshake(secret).admit(send!), wireError, 'nobody has greeted');
      assert.throws(
        () => shake({}, (step, bytes) => (step === 0 ? Buffer.concat([Buffer.of(1), Buffer.alloc(32)]) : bytes)),
        wireError,
      );
    });

    it('is for one version: a newer window asks the keeper to end, an older one goes on alone', () => {
      assert.deepEqual(shake({ version: 2 }), { version: 1, window: undefined, keeper: 'end' });
      assert.deepEqual(shake({ version: 1, keeperVersion: 2 }), { version: 2 });
    });

    it('is refused where a message was changed, repeated, left out or moved', () => {
      const { window, keeper } = shake();
      const out: Buffer[] = [];
      const wire = new PassThrough();
      wire.on('data', (bytes: Buffer) => out.push(bytes));
      const here = new Channel(wire as unknown as Socket, {
        send: window!.windowToKeeper,
        receive: window!.keeperToWindow,
      });
      const { windowToKeeper, keeperToWindow } = keeper as SessionKeys;
      const there = () => new Channel(wire as unknown as Socket, { send: keeperToWindow, receive: windowToKeeper });
      here.send({ kind: 'used', account });
      here.send({ kind: 'get', account });
      const [first, second] = new FrameReader().push(Buffer.concat(out)) as [Uint8Array, Uint8Array];
      const good = there();
      assert.deepEqual(
        [good.open(first), good.open(second)],
        [
          { kind: 'used', account },
          { kind: 'get', account },
        ],
      );
      assert.throws(() => good.open(second), wireError, 'repeated');
      assert.throws(() => there().open(second), wireError, 'moved');
      for (let at = 0; at < first.length; at++) {
        const changed = Buffer.from(first);
        changed[at]! ^= 0x80;
        assert.throws(() => there().open(changed), wireError, `byte ${at}`);
      }
    });
  });
});
