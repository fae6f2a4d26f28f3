import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { clientIdentity, userAgent } from '../../../../src/bitwarden/http/clientIdentity';
import { HttpClient, type HttpRequest } from '../../../../src/bitwarden/http/client';
import {
  CancelledError,
  ClientVersionError,
  HttpError,
  MalformedAnswerError,
  NetworkError,
  NotFoundError,
  ProxyLoginError,
  RateLimitedError,
  RedirectRefusedError,
  ServerUrlError,
  TlsError,
  UnauthorizedError,
} from '../../../../src/bitwarden/errors';
import {
  DEVICE,
  httpClient,
  json,
  loopbackServers,
  officialRefusal,
  vaultwardenRefusal,
  type Handler,
} from '../loopback';

const serve = loopbackServers();

const MIB = 1024 * 1024;
const answer = { bytes: MIB, tokens: 10 };

function get(origin: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url: `${origin}/thing`, answer, ...more };
}

function post(origin: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'POST', url: `${origin}/thing`, json: { otp: 'ABCDEF' }, answer, ...more };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => assert.fail(`expected a failure, got ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

const sleepInto = (rests: number[]) => (milliseconds: number) => {
  rests.push(milliseconds);
  return Promise.resolve();
};

const networkError = (reason: NetworkError['reason']) => (error: unknown) =>
  error instanceof NetworkError && error.reason === reason;

describe('who we say we are', () => {
  for (const [platform, deviceType, deviceName, agent] of [
    ['win32', 23, 'windows', 'Bitwarden_CLI/2026.2.0 (WINDOWS)'],
    ['darwin', 24, 'macos', 'Bitwarden_CLI/2026.2.0 (MACOS)'],
    ['linux', 25, 'linux', 'Bitwarden_CLI/2026.2.0 (LINUX)'],
    ['freebsd', 25, 'linux', 'Bitwarden_CLI/2026.2.0 (LINUX)'],
  ] as const) {
    it(`is fixed on ${platform}`, () => {
      const identity = clientIdentity(platform, DEVICE);
      assert.deepEqual(identity, { deviceType, deviceName, deviceIdentifier: DEVICE, clientVersion: '2026.2.0' });
      assert.equal(userAgent(identity), agent);
    });
  }
});

describe('a request', () => {
  const common = {
    accept: 'application/json',
    'user-agent': 'Bitwarden_CLI/2026.2.0 (LINUX)',
    'device-type': '25',
    'bitwarden-client-name': 'cli',
    'bitwarden-client-version': '2026.2.0',
    'accept-encoding': 'gzip, deflate, br',
    connection: 'close',
  };

  it('carries every header of a GET', async () => {
    const server = await serve((response) => json(response, 200, {}));
    await (await httpClient()).json(get(server.origin, { token: 'a.b.c' }));
    assert.deepEqual(server.requests[0]!.headers, {
      ...common,
      host: server.host,
      authorization: 'Bearer a.b.c',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    });
  });

  it('carries every header of a form, without a token', async () => {
    const server = await serve((response) => json(response, 200, {}));
    await (await httpClient()).json({ ...post(server.origin), json: undefined, form: { a: 'b&c', d: 'é' } });
    const [request] = server.requests;
    assert.deepEqual(request!.headers, {
      ...common,
      host: server.host,
      'device-identifier': DEVICE,
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'content-length': '16',
    });
    assert.equal(request!.body, 'a=b%26c&d=%C3%A9');
  });

  it('carries JSON', async () => {
    const server = await serve((response) => json(response, 200, {}));
    await (await httpClient()).json(post(server.origin));
    assert.equal(server.requests[0]!.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(server.requests[0]!.body, '{"otp":"ABCDEF"}');
  });

  it('never goes over plain http to another machine', async () => {
    const fetched = failure((await httpClient()).send(get('http://192.0.2.1')));
    assert.ok((await fetched) instanceof ServerUrlError);
  });
});

describe('an answer', () => {
  const answered = async (handler: Handler, more: Partial<HttpRequest> = {}): Promise<unknown> => {
    const server = await serve(handler);
    const http = await httpClient();
    return http.json(get(server.origin, more));
  };

  it('may be compressed', async () => {
    const body = gzipSync('{"fine":true}');
    const answer = await answered((response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(body));
    assert.deepEqual(answer, { fine: true });
  });

  for (const [what, handler] of [
    ['HTML', (response) => response.end('<html>Sign in to the hotel</html>')],
    ['nothing', (response) => response.end()],
    ['cut-off JSON', (response) => response.end('{"a": [1, 2')],
    ['broken compression', (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no gzip')],
    ['of more values than it may have', (response) => response.end('[1,2,3,4,5,6,7,8,9,10]')],
    ['nested more deeply than anything is', (response) => response.end('['.repeat(65) + ']'.repeat(65))],
    ['more than 1 MiB', (response) => response.end(JSON.stringify('x'.repeat(MIB)))],
    [
      'more than 1 MiB, compressed',
      (response) =>
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(JSON.stringify('x'.repeat(MIB)))),
    ],
  ] satisfies [string, Handler][]) {
    it(`is refused when it is ${what}`, async () => {
      assert.ok((await failure(answered(handler))) instanceof MalformedAnswerError);
    });
  }

  it('may be large where a vault is expected', async () => {
    const text = 'x'.repeat(3 * MIB);
    const larger = { bytes: 4 * MIB, tokens: 1 };
    assert.equal(await answered((response) => response.end(JSON.stringify(text)), { answer: larger }), text);
  });

  it('without content must not be a page', async () => {
    const server = await serve((response) => response.end('<html>'));
    assert.ok((await failure((await httpClient()).nothing(post(server.origin)))) instanceof MalformedAnswerError);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`${status} is not followed`, async () => {
      const other = await serve((response) => json(response, 200, {}));
      const server = await serve((response) => response.writeHead(status, { Location: `${other.origin}/x` }).end());
      const error = await failure((await httpClient()).json(post(server.origin, { token: 'a.b.c' })));
      assert.ok(error instanceof RedirectRefusedError);
      assert.equal(error.targetHost, other.host);
      assert.equal(other.requests.length, 0);
    });
  }

  it('that nobody reads to its end gives up its connection', async () => {
    let closed: Promise<unknown> | undefined;
    const server = await serve((response) => {
      closed = once(response, 'close');
      response.writeHead(302, { Location: '/x' }).write('and more to come');
    });
    await failure((await httpClient()).json(get(server.origin)));
    await closed;
  });

  it('may redirect to nowhere', async () => {
    const error = await failure(answered((response) => response.writeHead(302, { Location: 'http://[' }).end()));
    assert.ok(error instanceof RedirectRefusedError);
    assert.equal(error.targetHost, undefined);
  });
});

describe('a refusal', () => {
  const refused = async (status: number, answer: unknown, more: Partial<HttpRequest> = {}): Promise<unknown> => {
    const server = await serve((response) => {
      if (typeof answer === 'string') response.writeHead(status, { 'Content-Type': 'text/html' }).end(answer);
      else json(response, status, answer);
    });
    return failure((await httpClient()).json(post(server.origin, more)));
  };
  const message = async (answer: unknown): Promise<string | undefined> => {
    const error = await refused(400, answer);
    assert.ok(error instanceof HttpError);
    return error.serverMessage;
  };

  it('401 with a token means the token', async () => {
    assert.ok((await refused(401, '', { token: 'a.b.c' })) instanceof UnauthorizedError);
  });

  const refusedBy =
    (head: Record<string, string>, body: string, status = 401) =>
    async (token: string | undefined) => {
      const server = await serve((response) => response.writeHead(status, head).end(body));
      return failure((await httpClient()).json(post(server.origin, { token })));
    };
  const page = '<html>Sign in to the proxy</html>';
  for (const [what, ask] of [
    ['a challenge of its own', refusedBy({ 'WWW-Authenticate': 'Basic realm="x"', 'Content-Type': 'text/html' }, page)],
    ['a challenge and no page', refusedBy({ 'WWW-Authenticate': 'Negotiate' }, '')],
    ['a challenge and JSON', refusedBy({ 'WWW-Authenticate': 'Digest realm="x"' }, '{"message":"no"}')],
    ['a page', refusedBy({ 'Content-Type': 'text/html; charset=utf-8' }, page)],
    ['407', refusedBy({ 'Proxy-Authenticate': 'Basic realm="x"' }, '', 407)],
    ['plain text, as from Authelia', refusedBy({ 'Content-Type': 'text/plain; charset=utf-8' }, '401 Unauthorized')],
    ['text of no type', refusedBy({}, 'Unauthorized')],
    ['JSON that is no object', refusedBy({ 'Content-Type': 'application/json' }, '"Unauthorized"')],
    ['the JSON of oauth2-proxy', refusedBy({ 'Content-Type': 'application/json' }, '{}')],
    ['our challenge and a page', refusedBy({ 'WWW-Authenticate': 'Bearer', 'Content-Type': 'text/html' }, page)],
    ['a page longer than is read', refusedBy({ 'Content-Type': 'text/html' }, page.padEnd(MIB))],
  ] as const) {
    it(`401 by a proxy is not about the session: ${what}`, async () => {
      for (const token of [undefined, 'a.b.c']) assert.ok((await ask(token)) instanceof ProxyLoginError);
    });
  }

  for (const [what, ask] of [
    ['nothing', refusedBy({}, '')],
    ['the challenge of the official server', refusedBy({ 'WWW-Authenticate': 'Bearer error="invalid_token"' }, '')],
    [
      'the JSON of Vaultwarden',
      refusedBy({ 'Content-Type': 'application/json' }, '{"error":{"code":401,"reason":"Unauthorized"}}'),
    ],
    [
      'the page of Vaultwarden',
      refusedBy(
        { 'Content-Type': 'text/html; charset=utf-8' },
        '<!DOCTYPE html><html lang="en"><h1>401: Unauthorized</h1><hr /><small>Rocket</small></html>',
      ),
    ],
    [
      'the JSON of the official server',
      refusedBy({ 'WWW-Authenticate': 'Bearer' }, JSON.stringify(officialRefusal('Unauthorized.'))),
    ],
  ] as const) {
    it(`401 with ${what} means the token`, async () => {
      assert.ok((await ask('a.b.c')) instanceof UnauthorizedError);
      const error = await ask(undefined);
      assert.ok(error instanceof HttpError && error.status === 401);
    });
  }

  const nginx = (said: string) =>
    `<html>\r\n<head><title>400 ${said}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<center>${said}</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  for (const [what, status, body] of [
    ['nginx, none was sent', 400, nginx('No required SSL certificate was sent')],
    ['nginx, it was not good', 400, nginx('The SSL certificate error')],
    ['nginx with pages of its owner', 495, '<html>Sorry</html>'],
    ['nginx with pages of its owner', 496, ''],
    ['Apache', 403, "<p>You don't have permission.Reason: Cannot perform Post-Handshake Authentication.<br /></p>"],
  ] as const) {
    it(`may be that of a proxy that wants a client certificate: ${what}, ${status}`, async () => {
      for (const token of [undefined, 'a.b.c']) {
        const error = await refusedBy({ 'Content-Type': 'text/html' }, body, status)(token);
        assert.ok(error instanceof TlsError && error.problem === 'clientCertificate', String(error));
      }
    });
  }

  it('that speaks of certificates in JSON is the server’s own', async () => {
    assert.equal(await message({ message: 'The SSL certificate error' }), 'The SSL certificate error');
  });

  for (const status of [400, 403, 404, 500]) {
    it(`${status} is just that status`, async () => {
      const error = await refused(status, '<html>Forbidden</html>', { token: 'a.b.c' });
      assert.ok(error instanceof HttpError);
      assert.deepEqual([error.status, error.serverMessage], [status, undefined]);
    });
  }

  for (const [what, answer, kind] of [
    ['the official API', { message: 'Resource not found.', validationErrors: null, object: 'error' }, NotFoundError],
    ['the official API of 2021', { Message: 'Resource not found.', Object: 'error' }, NotFoundError],
    [
      'Rocket, for a path',
      { error: { code: 404, description: 'The requested resource could not be found.' } },
      HttpError,
    ],
    ['something else', { message: 'No route to Resource not found.' }, HttpError],
  ] as const) {
    it(`404 means that a thing is not there where the server speaks of things: ${what}`, async () => {
      assert.ok((await refused(404, answer, { token: 'a.b.c' })) instanceof kind);
    });
  }

  for (const code of ['version_header_missing', 'invalid_client_version']) {
    it(`${code} is about our version`, async () => {
      const answer = { error: code, ErrorModel: { Message: 'No', Object: 'error' } };
      assert.ok((await refused(400, answer)) instanceof ClientVersionError);
    });
  }

  it('gives the sentence of each dialect', async () => {
    assert.equal(await message(officialRefusal('The field is wrong.', 'Name')), 'The field is wrong.');
    assert.equal(await message(vaultwardenRefusal('Scope not supported')), 'Scope not supported');
    assert.equal(
      await message({ error: 'invalid_grant', ErrorModel: { Message: 'Legacy', Object: 'error' } }),
      'Legacy',
    );
    assert.equal(await message({ Message: 'Old casing' }), 'Old casing');
    assert.equal(await message({ error: 'x', error_description: 'Described' }), 'Described');
    assert.equal(await message({ error: { code: 401, reason: 'R', description: 'From a catcher' } }), 'From a catcher');
  });

  it('gives one printable line', async () => {
    assert.equal(await message({ message: ' a\r\n\u001b[31m\u202eb\u0000  c ' }), 'a [31mb c');
    assert.equal((await message({ message: 'é'.repeat(1000) }))?.length, 200);
    assert.equal(await message({ message: { not: 'text' }, validationErrors: [1, null] }), undefined);
  });

  it('never repeats what was sent', async () => {
    assert.equal(await message({ message: 'wrong otp ABCDEF' }), undefined);
    const error = await refused(400, { message: 'bad token aaaa.bbbb' }, { token: 'aaaa.bbbb' });
    assert.equal((error as HttpError).serverMessage, undefined);
  });
});

describe('a connection', () => {
  it('that cannot be made is unreachable, and not tried again', async () => {
    const closed = createServer();
    await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
    const { port } = closed.address() as { port: number };
    await new Promise((done) => closed.close(done));
    const rests: number[] = [];
    const http = await httpClient({ sleep: sleepInto(rests) });
    const error = await failure(http.json(get(`http://127.0.0.1:${port}`)));
    assert.ok(error instanceof NetworkError);
    assert.deepEqual([error.reason, error.host, rests], ['unreachable', `127.0.0.1:${port}`, []]);
  });

  const breaks: [string, NetworkError['reason'], Handler][] = [
    ['is dropped before the answer', 'dropped', (response) => response.socket?.destroy()],
    [
      'is dropped within a body of known length',
      'dropped',
      (response) => {
        response.writeHead(200, { 'Content-Length': 100 }).write('{"a":');
        setImmediate(() => response.socket?.destroy());
      },
    ],
    [
      'is dropped within a chunked body',
      'dropped',
      (response) => {
        response.write('{"a":1}');
        setImmediate(() => response.socket?.destroy());
      },
    ],
    ['stays silent', 'timeout', () => undefined],
    ['stalls within the body', 'timeout', (response) => response.write('{"a":')],
  ];

  for (const [what, reason, handler] of breaks) {
    // Long enough for a request to arrive on a busy machine; what is dropped does not wait for it.
    const timeoutMs = reason === 'timeout' ? 500 : 30_000;

    it(`that ${what} is ${reason}: a GET is tried three times`, async () => {
      const server = await serve(handler);
      const rests: number[] = [];
      const http = await httpClient({ timeoutMs, sleep: sleepInto(rests), random: () => 0.5 });
      const error = await failure(http.json(get(server.origin)));
      assert.ok(networkError(reason)(error), String(error));
      assert.equal(server.requests.length, 3);
      assert.deepEqual(rests, [750, 1500]);
    });

    it(`that ${what} is ${reason}: what changes something is sent once`, async () => {
      for (const method of ['POST', 'PUT', 'DELETE'] as const) {
        const server = await serve(handler);
        const error = await failure((await httpClient({ timeoutMs })).json(post(server.origin, { method })));
        assert.ok(networkError(reason)(error), `${method}: ${String(error)}`);
        assert.equal(server.requests.length, 1, method);
      }
    });
  }

  it('rests for a time of chance before each try, so that not all clients come back at once', async () => {
    const server = await serve((response) => response.destroy());
    const rests: number[] = [];
    const numbers = [0, 0.9];
    const http = await httpClient({ sleep: sleepInto(rests), random: () => numbers.shift() ?? 0 });
    await failure(http.json(get(server.origin)));
    assert.deepEqual(rests, [500, 1900]);
  });

  for (const status of [502, 503, 504]) {
    it(`to a server that answers ${status} for a moment succeeds`, async () => {
      let answers = 0;
      const server = await serve((response) => json(response, ++answers < 3 ? status : 200, { answers }));
      assert.deepEqual(await (await httpClient()).json(get(server.origin)), { answers: 3 });
    });

    it(`to a server that answers ${status} to a POST fails at once`, async () => {
      const server = await serve((response) => json(response, status, {}));
      const error = await failure((await httpClient()).json(post(server.origin)));
      assert.equal((error as HttpError).status, status);
      assert.equal(server.requests.length, 1);
    });
  }

  for (const status of [400, 401, 403, 404, 429, 500]) {
    it(`to a server that answers ${status} is not tried again`, async () => {
      const server = await serve((response) => json(response, status, {}));
      await failure((await httpClient()).json(get(server.origin)));
      assert.equal(server.requests.length, 1);
    });
  }
});

describe('cancelling', () => {
  it('before sending sends nothing', async () => {
    const server = await serve((response) => json(response, 200, {}));
    const error = await failure((await httpClient()).json(get(server.origin, { signal: AbortSignal.abort() })));
    assert.ok(error instanceof CancelledError);
    assert.equal(server.requests.length, 0);
  });

  it('while waiting for the answer ends the request', async () => {
    const abort = new AbortController();
    const server = await serve(() => abort.abort());
    const error = await failure((await httpClient()).json(get(server.origin, { signal: abort.signal })));
    assert.ok(error instanceof CancelledError);
    assert.equal(server.requests.length, 1);
  });

  it('within the body ends the request', async () => {
    const abort = new AbortController();
    const server = await serve((response) => {
      response.write('{"a":');
      setImmediate(() => abort.abort());
    });
    const error = await failure((await httpClient()).json(get(server.origin, { signal: abort.signal })));
    assert.ok(error instanceof CancelledError);
  });

  it('between two tries ends the wait', async () => {
    const abort = new AbortController();
    const server = await serve((response) => {
      setImmediate(() => abort.abort());
      json(response, 503, {});
    });
    const { default: nodeFetch } = await import('node-fetch');
    const http = new HttpClient(nodeFetch, clientIdentity('linux', DEVICE));
    const error = await failure(http.json(get(server.origin, { signal: abort.signal })));
    assert.ok(error instanceof CancelledError);
    assert.equal(server.requests.length, 1);
  });
});

describe('rate limits', () => {
  const START = Date.UTC(2026, 10, 23, 12, 0, 0);
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;

  async function limited(retryAfter: () => string | undefined, random = () => 0.5) {
    const clock = { now: START };
    const refusing = { on: true };
    const server = await serve((response) => {
      const wait = retryAfter();
      if (!refusing.on) json(response, 200, {});
      else response.writeHead(429, wait === undefined ? {} : { 'Retry-After': wait }).end('Too many login requests');
    });
    const http = await httpClient({ now: () => clock.now, random });
    const retryIn = async () => {
      const error = await failure(http.json(post(server.origin)));
      assert.ok(error instanceof RateLimitedError, String(error));
      assert.equal(error.host, server.host);
      return error.retryAt - clock.now;
    };
    return { clock, refusing, server, http, retryIn };
  }

  for (const [retryAfter, wait] of [
    ['7', 7 * SECOND],
    ['0', SECOND],
    ['999999999', 60 * MINUTE],
    [new Date(START + 90 * SECOND).toUTCString(), 90 * SECOND],
    [new Date(START - 90 * SECOND).toUTCString(), SECOND],
    ['soon', 67.5 * SECOND],
    [undefined, 67.5 * SECOND],
  ] as const) {
    it(`keeps away for ${wait} ms on Retry-After: ${String(retryAfter)}`, async () => {
      const { clock, server, retryIn } = await limited(() => retryAfter);
      assert.equal(await retryIn(), wait);
      clock.now += wait - 1;
      assert.equal(await retryIn(), 1);
      assert.equal(server.requests.length, 1);
      clock.now += 1;
      await retryIn();
      assert.equal(server.requests.length, 2);
    });
  }

  it('waits twice as long each time in a row, an hour at most', async () => {
    const { clock, refusing, server, http, retryIn } = await limited(() => undefined);
    const waits: number[] = [];
    for (let time = 0; time < 8; time++) {
      waits.push(await retryIn());
      clock.now += waits.at(-1)!;
    }
    assert.deepEqual(
      waits.map((wait) => wait / MINUTE),
      [1.125, 2.25, 4.5, 9, 18, 36, 60, 60],
    );
    refusing.on = false;
    await http.json(post(server.origin));
    refusing.on = true;
    assert.equal(await retryIn(), 1.125 * MINUTE);
  });

  it('wait for a time of chance where the server names none, a minute at least', async () => {
    for (const [number, wait] of [
      [0, 60],
      [0.8, 72],
    ] as const) {
      const { retryIn } = await limited(
        () => undefined,
        () => number,
      );
      assert.equal(await retryIn(), wait * SECOND);
    }
  });

  it('hold for that host alone', async () => {
    const { http, retryIn } = await limited(() => '60');
    await retryIn();
    const other = await serve((response) => json(response, 200, { fine: true }));
    assert.deepEqual(await http.json(get(other.origin)), { fine: true });
  });

  it('outlive the answer to an earlier request', async () => {
    let answerFirst: (() => void) | undefined;
    const server = await serve((response, request) => {
      if (request.method === 'POST') response.writeHead(429, { 'Retry-After': '60' }).end();
      else answerFirst = () => json(response, 200, {});
    });
    const http = await httpClient({ now: () => START });
    const first = http.json(get(server.origin));
    while (!answerFirst) await new Promise(setImmediate);
    await failure(http.json(post(server.origin)));
    answerFirst();
    await first;
    assert.ok((await failure(http.json(get(server.origin)))) instanceof RateLimitedError);
    assert.equal(server.requests.length, 2);
  });

  it('do not outlive a clock that was put back', async () => {
    const { clock, server, retryIn } = await limited(() => '60');
    await retryIn();
    clock.now -= 2 * MINUTE;
    await retryIn();
    assert.equal(server.requests.length, 2);
  });
});
