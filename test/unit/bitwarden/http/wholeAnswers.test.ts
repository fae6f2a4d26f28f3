import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { MalformedAnswerError, NetworkError } from '../../../../src/bitwarden/errors';
import { httpClient } from '../loopback';

const value = { text: 'x'.repeat(1000), end: true };
const plain = Buffer.from(JSON.stringify(value));

const encodings: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  none: (body) => body,
  gzip: (body) => gzipSync(body),
  deflate: (body) => deflateSync(body),
  'deflate, raw': (body) => deflateRawSync(body),
  br: (body) => brotliCompressSync(body),
};

interface Framing {
  readonly headers: readonly string[];
  readonly frame: (body: Buffer) => Buffer;
}

const chunk = (body: Buffer) =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
const chunks = (body: Buffer) => [chunk(body.subarray(0, 20)), chunk(body.subarray(20))];
const chunked = (end: string) => (body: Buffer) => Buffer.concat([...chunks(body), Buffer.from(end)]);

const framings: Readonly<Record<string, Framing>> = {
  chunked: { headers: ['Transfer-Encoding: chunked'], frame: chunked('0\r\n\r\n') },
  'chunked with trailers': {
    headers: ['Transfer-Encoding: chunked', 'Trailer: X-Sum'],
    frame: chunked('0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n'),
  },
  'chunked with an extension': { headers: ['Transfer-Encoding: chunked'], frame: chunked('000;last=1\r\n\r\n') },
};

describe('whether an answer has arrived in full', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  /** Answers each request with these packets, each sent alone, and then keeps or closes the connection. */
  async function answer(packets: readonly Buffer[], then: 'close' | 'keep' | 'reset'): Promise<unknown> {
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => void send(socket));
    });
    const send = async (socket: Socket) => {
      for (const packet of packets) {
        await new Promise((sent) => socket.write(packet, sent));
        // Client and server share this thread, so some turns later the packet has been read.
        for (let turns = 0; turns < 5; turns++) await turn();
      }
      if (then === 'close') socket.end();
      else if (then === 'reset') socket.resetAndDestroy();
    };
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    ends.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const { port } = server.address() as AddressInfo;
    const http = await httpClient();
    return http.json({ method: 'GET', url: `http://127.0.0.1:${port}/`, answer: { bytes: 10_000, tokens: 10 } });
  }

  function head(encoding: string, headers: readonly string[], connection: string): Buffer {
    const coding = encoding === 'none' ? [] : [`Content-Encoding: ${encoding.replace(/,.*/, '')}`];
    return Buffer.from(['HTTP/1.1 200 OK', `Connection: ${connection}`, ...coding, ...headers, '', ''].join('\r\n'));
  }

  for (const [encoding, encode] of Object.entries(encodings)) {
    const body = encode(plain);
    for (const [name, { headers, frame }] of Object.entries(framings)) {
      const framed = frame(body);
      const end = framed.length - Buffer.concat(chunks(body)).length;

      for (const connection of ['close', 'keep-alive'] as const) {
        it(`is seen wherever the end is cut in two: ${name}, encoding ${encoding}, ${connection}`, async () => {
          for (let last = 1; last <= end + 1; last++) {
            const packets = [framed.subarray(0, -last), framed.subarray(-last)];
            const answered = answer(
              [Buffer.concat([head(encoding, headers, connection), packets[0]!]), packets[1]!],
              connection === 'close' ? 'close' : 'keep',
            );
            assert.deepEqual(await answered, value, `${last} bytes in the last packet`);
          }
        });
      }

      it(`is seen to fail where it is cut off: ${name}, encoding ${encoding}`, async () => {
        // Up to the last chunk's own line: what follows it may be missing without harm to the content.
        for (const length of [1, 10, 30, framed.length - end - 2, framed.length - end, framed.length - 1]) {
          const cut = Buffer.concat([head(encoding, headers, 'close'), framed.subarray(0, length)]);
          for (const then of ['close', 'reset'] as const) {
            await assert.rejects(
              answer([cut], then),
              (error) => error instanceof NetworkError && error.reason === 'dropped',
              `${length} bytes, ${then}`,
            );
          }
        }
      });
    }

    it(`is seen by the stated length: encoding ${encoding}`, async () => {
      const start = head(encoding, [`Content-Length: ${body.length}`], 'close');
      for (const last of [1, 2, 7]) {
        const packets = [Buffer.concat([start, body.subarray(0, -last)]), body.subarray(-last)];
        for (const then of ['close', 'keep'] as const) assert.deepEqual(await answer(packets, then), value);
        await assert.rejects(
          answer(packets.slice(0, 1), 'close'),
          (error) => error instanceof NetworkError && error.reason === 'dropped',
        );
      }
    });

    it(`is seen by what it says where nothing but the end of the connection ends it: encoding ${encoding}`, async () => {
      const start = head(encoding, [], 'close');
      assert.deepEqual(await answer([start, body], 'close'), value);
      await assert.rejects(answer([Buffer.concat([start, body.subarray(0, -20)])], 'close'), MalformedAnswerError);
    });
  }
});
