import assert from 'node:assert/strict';
import { checkServer } from '../../../../src/bitwarden/api/serverCheck';
import { CancelledError, HttpError, MalformedAnswerError, NetworkError } from '../../../../src/bitwarden/errors';
import { httpClient, json, loopbackServers, type Handler } from '../loopback';

const serve = loopbackServers();

describe('The check of a server', () => {
  async function check(handler: Handler, signal = new AbortController().signal) {
    const server = await serve(handler);
    await checkServer(await httpClient(), server.urls, signal);
    return server;
  }

  it('is content with a Bitwarden server, and sends nothing of the user', async () => {
    const { requests } = await check((response) => json(response, 200, { version: '2026.6.0', object: 'config' }));
    assert.deepEqual(
      requests.map(({ method, url, body }) => [method, url, body]),
      [['GET', '/sub/api/config', '']],
    );
    assert.equal(requests[0]!.headers.authorization, undefined);
  });

  for (const [what, answer, kind] of [
    ['a page', (response) => response.end('<html>It works!</html>'), MalformedAnswerError],
    ['another JSON', (response) => json(response, 200, { status: 'ok' }), MalformedAnswerError],
    ['a list', (response) => json(response, 200, []), MalformedAnswerError],
    ['no such page', (response) => response.writeHead(404).end('<html>'), HttpError],
    ['a connection that breaks', (response) => response.destroy(), NetworkError],
  ] as const satisfies readonly (readonly [string, Handler, unknown])[]) {
    it(`tells what is there instead: ${what}`, () => assert.rejects(check(answer), kind));
  }

  it('ends when the user gives up', async () => {
    const abort = new AbortController();
    await assert.rejects(
      check(() => abort.abort(), abort.signal),
      CancelledError,
    );
  });
});
