import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import type { Outcome } from './bombVictim';
import { loopbackServers } from './loopback';

const MIB = 1024 * 1024;
/** More than any answer may have but a vault: there it is the content that is too much. */
const SIZE = 120 * MIB;

/** Repeats the text up to the size of a bomb, between two others. */
function repeated(start: string, text: string, end: string): Buffer {
  return Buffer.concat([Buffer.from(start), Buffer.alloc(SIZE, text), Buffer.from(end)]);
}

/** Each unpacks from some hundred bytes, or some hundred thousand with gzip, to more than any answer may have. */
const bombs: Readonly<Record<string, () => Buffer>> = {
  emptyLists: () => repeated('[', '[],', '0]'),
  emptyListsInside: () => repeated('{"id":"u1","email":"a@b.c","ciphers":[', '[],', '0]}'),
  listInItem: () => repeated('{"profile":{"id":"u1","email":"e"},"ciphers":[{"id":"c","fields":[', '{},', '0]}]}'),
  listInProfile: () => repeated('{"profile":{"id":"u1","email":"e","organizations":[', '{},', '0]}}'),
  unknownMember: () => repeated('{"id":"u1","email":"a@b.c","other":{"a":[', '[],', '0]}}'),
  nested: () => Buffer.alloc(SIZE, '['),
  nestedObjects: () => Buffer.alloc(SIZE, '{"a":'),
  number: () => Buffer.alloc(SIZE, '7'),
  text: () => repeated('"', 'x', '"'),
  key: () => repeated('{"', 'x', '":1}'),
  space: () => Buffer.alloc(SIZE, ' '),
};

/** Of some hundred thousand bytes each, too many for a parser all the same. */
const crowds: Readonly<Record<string, () => Buffer>> = {
  keys: () => Buffer.from(`{${Array.from({ length: 40_000 }, (_, at) => `"${at.toString(36)}":1`).join()}}`),
  objectsOfOwnKeys: () => Buffer.from(`[${Array.from({ length: 40_000 }, (_, at) => `{"k${at}":1}`).join()}]`),
};

/** What is too large in these is left out, and the rest is read. */
const withoutHarm = ['listInItem sync', 'listInProfile sync'];

const encodings: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  gzip: (body) => gzipSync(body, { level: 1 }),
  deflate: (body) => deflateSync(body, { level: 1 }),
};

describe('an answer that unpacks to more than memory should hold', () => {
  const serve = loopbackServers();

  async function outcome(encoding: string, status: number, paths: readonly string[]): Promise<Outcome> {
    const packed = new Map<string, Buffer>();
    const server = await serve((response, { url }) => {
      const path = url.split('/')[1] ?? '';
      const body = packed.get(path) ?? encodings[encoding]!({ ...bombs, ...crowds }[path]!());
      packed.set(path, body);
      response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Encoding': encoding }).end(body);
    });
    const victim = fork(join(__dirname, 'bombVictim.js'), [server.origin, ...paths]);
    const [[result]] = (await Promise.all([once(victim, 'message'), once(victim, 'exit')])) as [[Outcome], unknown];
    return result;
  }

  const few = ['emptyLists', 'listInItem', 'nested'];

  for (const [encoding, paths] of [
    ['br', Object.keys({ ...bombs, ...crowds })],
    ['gzip', few],
    ['deflate', few],
  ] as const) {
    it(`is refused within 450 MiB of memory: ${encoding}`, async function () {
      this.timeout(120_000);
      const { peakMiB, failures } = await outcome(encoding, 200, paths);
      const others = Object.entries(failures).filter(([, name]) => name !== 'MalformedAnswerError');
      assert.deepEqual(
        others.filter(([call]) => !withoutHarm.includes(call)),
        [],
      );
      assert.ok(peakMiB < 450, `${peakMiB} MiB`);
    });
  }

  it('says nothing where it is a refusal', async function () {
    this.timeout(60_000);
    const { peakMiB, failures } = await outcome('br', 400, [...few, 'keys']);
    assert.deepEqual([...new Set(Object.values(failures))], ['HttpError'], JSON.stringify(failures));
    assert.ok(peakMiB < 150, `${peakMiB} MiB`);
  });
});
