import assert from 'node:assert/strict';
import { ServerApi } from '../../../../src/bitwarden/api/serverApi';
import { AccountGoneError, HttpError, MalformedAnswerError, VaultNotSentError } from '../../../../src/bitwarden/errors';
import { textOf } from '../../../../src/bitwarden/wire/jsonValue';
import { readSyncAnswer } from '../../../../src/bitwarden/wire/syncAnswer';
import { httpClient, json, loopbackServers, officialRefusal, type Loopback } from '../loopback';

const serve = loopbackServers();

/** The pieces of the answer: name and JSON. */
async function fetchFrom({ urls }: Loopback): Promise<readonly string[]> {
  return new ServerApi(await httpClient(), urls, 'a.b.c').vault.fetchSync(async (answer) => {
    const pieces: string[] = [];
    for await (const { name, bytes } of readSyncAnswer(answer, 'host')) pieces.push(`${name} ${textOf(bytes)}`);
    return pieces;
  });
}

describe('fetching a vault', () => {
  async function fetched(body: string) {
    const server = await serve((response) => response.end(body));
    return { server, pieces: await fetchFrom(server) };
  }

  it('keeps the bytes as they came', async () => {
    const { server, pieces } = await fetched('\uFEFF \n{"profile": {"id":\t"é"} }');
    assert.deepEqual(pieces, ['profile {"id":\t"é"}']);
    assert.equal(server.requests[0]!.url, '/sub/api/sync?excludeDomains=true');
    assert.equal(server.requests[0]!.headers.authorization, 'Bearer a.b.c');
  });

  for (const body of ['', '<html>', '[]', 'null']) {
    it(`refuses ${JSON.stringify(body)}`, () => assert.rejects(fetched(body), MalformedAnswerError));
  }
});

describe('a vault that is not sent', () => {
  for (const [what, status, answer, kind] of [
    ['the account is gone', 400, { message: 'User not found.', object: 'error' }, AccountGoneError],
    ['the account is gone, in the model state', 400, officialRefusal('User not found.'), AccountGoneError],
    ['another 400', 400, { message: 'Something else.', object: 'error' }, HttpError],
    ['it has no key pair', 500, { message: 'An unhandled server error has occurred.' }, VaultNotSentError],
    ['a proxy fails', 502, '<html>', HttpError],
  ] as const) {
    it(`is told as what it is: ${what}`, async () => {
      const server = await serve((response) => json(response, status, answer));
      await assert.rejects(fetchFrom(server), kind);
    });
  }
});
