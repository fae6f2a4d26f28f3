import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ServerApi } from '../../../../src/bitwarden/api/serverApi';
import { CancelledError, HttpError, MalformedAnswerError, NetworkError } from '../../../../src/bitwarden/errors';
import { httpClient, json, loopbackServers } from '../loopback';

const file = randomBytes(100);
const outgoing = {
  size: file.length,
  // eslint-disable-next-line @typescript-eslint/require-await -- read as files are
  pieces: async function* (start: number, end: number) {
    for (let at = start; at < end; at += 7) yield file.subarray(at, Math.min(at + 7, end));
  },
};
const fileName = '2.name|of|it';

describe('a file in Azure', () => {
  const serve = loopbackServers();

  /** A store that knows permissions by their number: each holds for one request. */
  async function azure() {
    const blocks = new Map<string, Buffer>();
    let [permission, stored] = [1, undefined as Buffer | undefined];
    const address = (origin: string) => `${origin}/store/x?sv=2024-11-04&sig=a%2Bb%3D${permission}`;
    const server = await serve((response, { url, headers, body }) => {
      const { pathname, searchParams } = new URL(url, 'http://x');
      if (pathname.endsWith('/renew')) {
        permission++;
        json(response, 200, { url: address(`http://${headers.host}`), fileUploadType: 1 });
        return;
      }
      const isGood = searchParams.get('sig') === `a+b=${permission}` && headers['x-ms-version'] === '2024-11-04';
      const id = searchParams.get('blockid') ?? '';
      const bytes = Buffer.from(body, 'latin1');
      if (searchParams.get('comp') === 'block') blocks.set(id, bytes);
      else if (searchParams.get('comp') === 'blocklist') {
        const ids = [...body.matchAll(/<Latest>(.*?)<\/Latest>/g)].map(([, each]) => each!);
        stored = Buffer.concat(ids.map((each) => blocks.get(each)!));
      } else if (headers['x-ms-blob-type'] === 'BlockBlob') stored = bytes;
      response.writeHead(isGood ? 201 : 403).end();
    });
    const { attachments } = new ServerApi(await httpClient(), server.urls, 'a.b.c');
    const send = (sizes: { whole: number; block: number }) => {
      const place = { kind: 'azure', url: address(server.origin) } as const;
      return attachments.send('i1', { id: 'a1', place }, { fileName, file: outgoing }, { azureSizes: sizes });
    };
    return { server, send, stored: () => stored, blocks };
  }

  it('goes there whole up to a size, and in blocks beyond it, each by a permission of its own', async () => {
    for (const [whole, block, lengths] of [
      [100, 30, [100]],
      [99, 30, [30, 30, 30, 10]],
      [0, 50, [50, 50]],
    ] as const) {
      const { server, send } = await azure();
      await send({ whole, block });
      const puts = server.requests.filter(({ method }) => method === 'PUT');
      const files = puts.filter(({ url }) => !url.includes('blocklist'));
      assert.deepEqual(
        files.map(({ headers }) => Number(headers['content-length'])),
        lengths,
      );
      assert.equal(server.requests.length - puts.length, lengths.length === 1 ? 0 : lengths.length);
      for (const { headers } of puts) {
        assert.equal(headers.authorization ?? headers['device-identifier'] ?? headers['device-type'], undefined);
      }
      const ids = files.map(({ url }) => new URL(url, 'http://x').searchParams.get('blockid'));
      const list = puts.at(-1)!.body;
      if (lengths.length > 1) assert.ok(ids.every((id) => list.includes(`<Latest>${id}</Latest>`)));
    }
  });

  it('is not taken for stored where somebody else answers', async () => {
    const server = await serve((response) => response.end('<html>'));
    const { attachments } = new ServerApi(await httpClient(), server.urls, 'a.b.c');
    const place = { kind: 'azure', url: `${server.origin}/store` } as const;
    for (const announced of [
      { id: 'a1', place },
      { id: 'a1', place: { kind: 'api' } as const },
    ]) {
      await assert.rejects(
        attachments.send('i1', announced, { fileName, file: outgoing }),
        (error) => error instanceof MalformedAnswerError,
      );
    }
    assert.equal(server.requests.length, 2);
  });

  it('ends at the first refusal', async () => {
    const server = await serve((response) => response.writeHead(403).end('<Error/>'));
    const { attachments } = new ServerApi(await httpClient(), server.urls, 'a.b.c');
    const place = { kind: 'azure', url: `${server.origin}/store` } as const;
    const sizes = { whole: 0, block: 10 };
    const sending = attachments.send('i1', { id: 'a1', place }, { fileName, file: outgoing }, { azureSizes: sizes });
    await assert.rejects(sending, (error) => error instanceof HttpError && error.status === 403);
    assert.equal(server.requests.length, 1);
  });
});

describe('a file at the API', () => {
  const serve = loopbackServers();

  it('goes there as one part of a form, with its length', async () => {
    const server = await serve((response) => response.end());
    const { attachments } = new ServerApi(await httpClient(), server.urls, 'a.b.c');
    const progress: number[] = [];
    const options = { onProgress: (bytes: number) => progress.push(bytes) };
    const announced = { id: 'a1', place: { kind: 'api' } } as const;
    await attachments.send('i1', announced, { fileName, file: outgoing }, options);
    const { url, headers, body } = server.requests[0]!;
    assert.equal(url, '/sub/api/ciphers/i1/attachment/a1');
    assert.equal(headers.authorization, 'Bearer a.b.c');
    assert.ok(headers['content-type']?.startsWith('multipart/form-data; boundary='));
    assert.equal(headers['transfer-encoding'], undefined);
    assert.ok(Number(headers['content-length']) > 100);
    assert.ok(body.includes(`Content-Disposition: form-data; name="data"; filename="${fileName}"\r\n`));
    assert.equal(progress.at(-1), 100);
  });

  it('is sent as long as something goes, and no longer', async () => {
    const server = await serve((response) => response.end());
    const { attachments } = new ServerApi(await httpClient({ timeoutMs: 50 }), server.urls, 'a.b.c');
    const announced = { id: 'a1', place: { kind: 'api' } } as const;
    const pausing = (milliseconds: number) => ({
      size: 100,
      pieces: async function* () {
        for (let at = 0; at < 100; at += 20) {
          await new Promise((resolve) => setTimeout(resolve, milliseconds));
          yield file.subarray(at, at + 20);
        }
      },
    });
    // Together they take longer than the limit, which is four times 50 ms.
    await attachments.send('i1', announced, { fileName, file: pausing(70) });
    await assert.rejects(
      attachments.send('i1', announced, { fileName, file: pausing(1000) }),
      (error) => error instanceof NetworkError && error.reason === 'timeout',
    );
  });

  it('ends when the user wants it to, and with what its source throws', async () => {
    const server = await serve((response) => response.end());
    const { attachments } = new ServerApi(await httpClient(), server.urls, 'a.b.c');
    const announced = { id: 'a1', place: { kind: 'api' } } as const;
    const abort = new AbortController();
    const endless = {
      size: 1e9,
      // eslint-disable-next-line @typescript-eslint/require-await -- as above
      pieces: async function* () {
        for (let at = 0; ; at++) {
          if (at === 3) abort.abort();
          yield file;
        }
      },
    };
    const sending = attachments.send('i1', announced, { fileName, file: endless }, { signal: abort.signal });
    await assert.rejects(sending, CancelledError);
    const broken = {
      size: 100,
      // eslint-disable-next-line @typescript-eslint/require-await -- as above
      pieces: async function* () {
        yield file.subarray(0, 10);
        throw new RangeError('the disk is gone');
      },
    };
    await assert.rejects(
      attachments.send('i1', announced, { fileName, file: broken }),
      (error) => error instanceof Error && (error.cause instanceof RangeError || error instanceof RangeError),
    );
  });
});
