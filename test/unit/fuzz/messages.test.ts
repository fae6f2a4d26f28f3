import { Socket } from 'node:net';
import { copySecret } from '../../../src/base/secretBytes';
import { Aes256GcmKey } from '../../../src/bitwarden/crypto/aead/aes256Gcm';
import { unpack } from '../../../src/bitwarden/hub/messagePack';
import { readPush } from '../../../src/bitwarden/hub/push';
import { readHandshake, readMessages } from '../../../src/bitwarden/hub/signalR';
import { Channel } from '../../../src/keeper/channel';
import { frame, FrameReader, WireError } from '../../../src/keeper/frames';
import { KeeperHandshake, WindowHandshake } from '../../../src/keeper/handshake';
import { decode, encode, type Message } from '../../../src/keeper/messages';
import { framed, pack } from '../../server/hub/messagePack';
import { fuzz } from '../../support/fuzz';

const id = '0c5b1b4e-37f6-4f5e-9d3d-6a4c1d9e0f11';
const date = new Date('2026-01-02T03:04:05.678Z');
const payload = { Id: id, UserId: id, OrganizationId: null, CollectionIds: [id], RevisionDate: date };
const pushes = [0, 4, 7, 11].map((Type) =>
  pack([1, {}, null, 'ReceiveMessage', [{ ContextId: id, Type, Payload: payload }]]),
);

describe('Fuzzed: what the hub sends', () => {
  const hostile = pack({ ['__proto__']: { polluted: 1 } });
  fuzz('MessagePack', () => [...pushes, hostile], { unpack: { parse: unpack, throws: [SyntaxError] } });

  fuzz('frames', () => [...pushes.map(framed), Buffer.concat(pushes.map(framed)), framed(pack([7, 'bye']))], {
    readMessages: {
      parse: (input) =>
        Array.from(readMessages(input), (message) => (message.kind === 'call' ? readPush(message.values[0]) : message)),
      throws: [SyntaxError],
    },
  });

  fuzz('answers to the handshake', () => ['{}\x1e', Buffer.concat([Buffer.from('{ }\x1e'), framed(pushes[0]!)])], {
    readHandshake: { parse: readHandshake, throws: [SyntaxError] },
  });
});

const secret = copySecret(Buffer.alloc(32, 1));
const throws = [WireError];
const key = { account: id, signal: 3, origin: Buffer.alloc(32, 2), key: copySecret(Buffer.alloc(64, 3)) };
const messages: readonly Message[] = [
  { kind: 'limits', account: id, idleMs: 60_000, lockOnSleep: true, endsWithWindow: false },
  { kind: 'put', ...key },
  { kind: 'key', ...key, idleMs: 12 },
  { kind: 'lock', account: id, signal: 3 },
  { kind: 'locked', account: id },
];

describe('Fuzzed: what the keeper and windows send', () => {
  fuzz('messages', () => messages.map(encode), {
    decode: { parse: (input) => decode(copySecret(input)), throws },
    FrameReader: {
      parse: (input) => {
        const reader = new FrameReader();
        const cut = input.length >> 1;
        return [...reader.push(input.subarray(0, cut)), ...reader.push(input.subarray(cut))];
      },
      throws,
    },
  });

  const keeper = new KeeperHandshake(secret);
  const window = new WindowHandshake(secret);
  const answer = keeper.greet(window.greeting);
  const { send } = window.answer(answer);
  fuzz('handshakes', () => [window.greeting, answer, send!, frame(send!)], {
    'WindowHandshake.answer': { parse: (input) => window.answer(input).version, throws },
    'KeeperHandshake.greet': { parse: (input) => new KeeperHandshake(secret).greet(input), throws, isSlow: true },
    'KeeperHandshake.admit': { parse: (input) => void keeper.admit(input), throws },
  });

  const socket = new Socket();
  const keys = { send: new Aes256GcmKey(secret), receive: new Aes256GcmKey(secret) };
  fuzz(
    'sealed messages',
    () => messages.map((message) => keys.send.seal(Buffer.alloc(12), encode(message), Buffer.alloc(0))),
    {
      Channel: { parse: (input) => new Channel(socket, keys).open(input), throws },
    },
  );
});
