import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { unpack } from '../../../../src/bitwarden/hub/messagePack';
import { readPush } from '../../../../src/bitwarden/hub/push';
import { readHandshake, readMessages } from '../../../../src/bitwarden/hub/signalR';
import { framed, pack, type Packable } from '../../../server/hub/messagePack';
import { cases } from '../../../support/cases';

const id = 'f3e20218-947b-44df-88ba-459d33d04b4e';
const push = (type: number, payload: Packable, contextId: string | null = null): Packable => ({
  ContextId: contextId,
  Type: type,
  Payload: payload,
});
const frameOf = (content: Packable) => framed(pack([1, {}, null, 'ReceiveMessage', [content]]));
/** What a frame tells. */
const heard = (frame: Buffer) =>
  [...readMessages(frame)].map((message) => (message.kind === 'call' ? readPush(message.values[0]) : message.kind));

describe('what the hub sends', () => {
  it('is read in each kind of MessagePack, and dates are passed over', () => {
    for (const [bytes, value] of [
      ['05', 5],
      ['ff', -1],
      ['c0', null],
      ['c2', false],
      ['c3', true],
      ['c403010203', undefined],
      ['c50001aa', undefined],
      ['c600000001aa', undefined],
      ['c70105aa', undefined],
      ['c8000105aa', undefined],
      ['c90000000105aa', undefined],
      ['ca40200000', 2.5],
      ['cb4004000000000000', 2.5],
      ['cc80', 128],
      ['cd0100', 256],
      ['ce00010000', 65536],
      ['cf0000000100000000', 2 ** 32],
      ['d080', -128],
      ['d18000', -32768],
      ['d280000000', -(2 ** 31)],
      ['d3ffffffff00000000', -(2 ** 32)],
      ['d4ff00', undefined],
      ['d5ff0000', undefined],
      ['d6ff00000000', undefined],
      ['d7ff0000000000000000', undefined],
      [`d8ff${'00'.repeat(16)}`, undefined],
      ['a161', 'a'],
      ['d90161', 'a'],
      ['da000161', 'a'],
      ['db0000000161', 'a'],
      ['920102', [1, 2]],
      ['dc00020102', [1, 2]],
      ['dd000000020102', [1, 2]],
      ['81a16101', { a: 1 }],
      ['de0001a16101', { a: 1 }],
      ['df00000001a16101', { a: 1 }],
      ['8105a161', {}],
    ] as const) {
      assert.deepEqual(unpack(Buffer.from(bytes, 'hex')), value, bytes);
    }
  });

  it('is refused where it is cut off, goes on, is too deep, or claims more than it holds', () => {
    for (const bytes of ['', 'c1', 'a261', '0505', 'ddffffffff', 'dfffffffff', 'dbffffffff', '91'.repeat(20) + '05']) {
      assert.throws(() => unpack(Buffer.from(bytes, 'hex')), SyntaxError, bytes);
    }
    const whole = frameOf(push(0, { Id: id }));
    for (let length = 1; length < whole.length; length++) {
      assert.throws(() => [...readMessages(whole.subarray(0, length))], SyntaxError);
    }
    for (const length of ['ff', 'ffffff7f', '80']) {
      assert.throws(() => [...readMessages(Buffer.from(length, 'hex'))], SyntaxError, length);
    }
  });

  it('never does anything but to be read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const read of [() => unpack(Buffer.from(bytes)), () => heard(Buffer.from(bytes))]) {
          try {
            read();
          } catch (error) {
            assert.ok(error instanceof SyntaxError);
          }
        }
      }),
      cases(1_000),
    );
  });

  it('may be several messages in a frame, also behind the answer to the handshake', () => {
    const two = Buffer.concat([Buffer.from('029106', 'hex'), frameOf(push(7, { Id: id, UserId: id.toUpperCase() }))]);
    const told = ['other', { change: { kind: 'folder', id }, userId: id, device: undefined }];
    assert.deepEqual(heard(two), told);
    assert.deepEqual(heard(readHandshake(Buffer.concat([Buffer.from('{}\x1e'), two]))), told);
    assert.deepEqual(heard(framed(pack([7, 'shutting down']))), ['close']);
    for (const answer of ['{"error":"no"}\x1e', '{}', 'HTTP', '\x1e']) {
      assert.throws(() => readHandshake(Buffer.from(answer)), SyntaxError, answer);
    }
  });

  it('is told apart by its type, and needs no date', () => {
    const kinds = (type: number) => readPush(unpack(pack(push(type, { Id: id, UserId: id }))))?.change.kind;
    const all = Array.from({ length: 30 }, (_each, type) => [type, kinds(type)] as const);
    const ofKind = (kind: string) => all.filter((each) => each[1] === kind).map(([type]) => type);
    assert.deepEqual(ofKind('item'), [0, 1, 2, 9]);
    assert.deepEqual(ofKind('folder'), [3, 7, 8]);
    assert.deepEqual(ofKind('vault'), [4, 5, 10, 19, 25, 27]);
    assert.deepEqual(ofKind('memberships'), [6, 17, 18]);
    assert.deepEqual(ofKind('logOut'), [11]);
  });

  it('counts as anything where it names no element that can be asked for', () => {
    for (const payload of [null, {}, { Id: '../accounts/profile' }, { Id: 5 }]) {
      assert.deepEqual(readPush(unpack(pack(push(0, payload))))?.change, { kind: 'vault' });
    }
    for (const nothing of [null, [], 'text', { Type: '0' }]) {
      assert.equal(readPush(unpack(pack(nothing))), undefined);
    }
  });

  it('is read as it was recorded of a real Vaultwarden', () => {
    const file = 'test/support/recordings/vaultwardenHub.json';
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as {
      action: string;
      messages: { type: number; payload: Record<string, string | null> }[];
    }[];
    const told = recorded.flatMap(({ action, messages }) =>
      messages.map(({ type, payload }) => {
        const read = readPush(unpack(pack(push(type, withDates(payload)))));
        return [action, read?.change.kind, read?.userId === undefined ? 'all' : 'one'];
      }),
    );
    assert.deepEqual(told, [
      ...[
        'create item',
        'edit item',
        'create attachment',
        'delete attachment',
        'delete item (trash)',
        'restore item',
      ].map((action) => [action, 'item', 'one']),
      ...['archive item', 'unarchive item'].map((action) => [action, 'vault', 'one']),
      ['delete item for good', 'item', 'one'],
      ...['create folder', 'edit folder', 'delete folder'].map((action) => [action, 'folder', 'one']),
      ...['create item of the organisation', 'edit item-collections', 'delete item of the organisation'].map(
        (action) => [action, 'item', 'all'],
      ),
      ...['import 3 items', 'change equivalent domains'].map((action) => [action, 'vault', 'one']),
      ...[
        'deauthorize sessions (log out everywhere)',
        'change the master password',
        'change the KDF',
        'disabled by the administrator',
        'deauthorized by the administrator',
      ].map((action) => [action, 'logOut', 'one']),
    ]);
  });
});

function withDates(payload: Record<string, string | null>): Packable {
  const date = ([name, value]: [string, string | null]) =>
    [name, name.endsWith('Date') && value !== null ? new Date(value) : value] as const;
  return Object.fromEntries(Object.entries(payload).map(date));
}
