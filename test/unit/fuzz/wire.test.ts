import assert from 'node:assert/strict';
import { requestToken, prelogin } from '../../../src/bitwarden/api/identity';
import { AccountsApi } from '../../../src/bitwarden/api/accounts';
import { checkServer } from '../../../src/bitwarden/api/serverCheck';
import { CiphersApi } from '../../../src/bitwarden/api/ciphers';
import * as errors from '../../../src/bitwarden/errors';
import { HttpClient } from '../../../src/bitwarden/http/client';
import { clientIdentity } from '../../../src/bitwarden/http/clientIdentity';
import type { FetchAnswer } from '../../../src/bitwarden/http/fetch';
import { parseBounded, readMembers, smallElement } from '../../../src/bitwarden/wire/boundedJson';
import { readElement, withCollections } from '../../../src/bitwarden/wire/changedElement';
import { readCipher } from '../../../src/bitwarden/wire/ciphers';
import { JsonSlicer, jsonSlices } from '../../../src/bitwarden/wire/jsonSlices';
import { tokensOf } from '../../../src/bitwarden/wire/jsonValue';
import { masterPasswordUnlockFrom, upgradeTokenFrom } from '../../../src/bitwarden/wire/masterPasswordUnlock';
import { readProfile } from '../../../src/bitwarden/wire/profile';
import { idOfElement, readCollection, readFolder, readPolicy } from '../../../src/bitwarden/wire/syncAnswer';
import { asObject } from '../../../src/bitwarden/wire/wireObject';
import { fuzz, type Parser } from '../../support/fuzz';
import { vaultOfAnswer } from '../../support/vaultOfAnswer';
import { type ServerAnswers, serverAnswers } from './serverAnswers';

const { KdfOutOfBoundsError, MalformedAnswerError } = errors;
const host = 'server.example';
const syntax = [SyntaxError] as const;
const malformed = [MalformedAnswerError] as const;

/** Cut into pieces, an object has the same slices. */
function slicesInPieces(input: Buffer): unknown {
  const whole = attempt(() => Array.from(jsonSlices(input), ({ key, bytes }) => [key, bytes.toString()]));
  const slicer = new JsonSlicer();
  const pieces = attempt(() => {
    const found: unknown[] = [];
    for (let at = 0; at < input.length; at += 7) {
      for (const { key, bytes } of slicer.push(input.subarray(at, at + 7))) found.push([key, bytes?.toString()]);
    }
    slicer.end();
    return found;
  });
  assert.deepEqual(pieces, whole);
  return undefined;
}

/** @returns undefined where it is refused. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const json = (input: Buffer) => parseBounded(input, { bytes: Infinity, tokens: Infinity });

/** What is read out of JSON that was parsed. */
const fromJson = (parse: (from: ReturnType<typeof asObject>) => unknown): Parser => ({
  parse: (input) => parse(asObject(attempt(() => json(input)))),
  throws: [MalformedAnswerError, KdfOutOfBoundsError],
});

/** A client whose server answers with the input, behind a head that the first bytes choose. */
function clientFor(input: Buffer): HttpClient {
  const status = [200, 200, 200, 200, 400, 401, 403, 404, 407, 429, 500, 502, 302, 495][input.length % 14]!;
  const names = ['www-authenticate', 'retry-after', 'location'];
  const headers = {
    get: (name: string) => (names.includes(name) && input.length % 3 > 0 ? input.toString('latin1', 0, 40) : null),
  };
  const answer: FetchAnswer = {
    status,
    headers,
    body: (async function* () {
      await Promise.resolve();
      yield input;
    })(),
  };
  return new HttpClient(() => Promise.resolve(answer), clientIdentity('linux', 'device'), {
    sleep: () => Promise.resolve(),
  });
}

const urls = { webVault: `https://${host}`, api: `https://${host}/api`, identity: `https://${host}/identity` };
const key = { clientId: 'user.0c5b1b4e-37f6-4f5e-9d3d-6a4c1d9e0f11', clientSecret: 'secret' };
const proof = () => ({ otp: '123456' });
/** A call of the API with this answer, whatever its status. */
const call = (make: (http: HttpClient) => Promise<unknown>): Parser => ({
  parse: (input) => make(clientFor(input)),
  throws: Object.values(errors),
});
const accounts = (http: HttpClient) => new AccountsApi(http, urls, 'token');

describe('Fuzzed: what servers answer', () => {
  let answers: ServerAnswers;

  before(async () => {
    answers = await serverAnswers();
  });

  type Json = Record<string, unknown>;
  /** What is encrypted is cut short: here nobody opens it. */
  const short = (_: string, value: unknown) =>
    typeof value === 'string' && value.length > 60 && !value.startsWith('{') ? value.slice(0, 40) : value;
  const members = (texts: readonly string[]) => texts.map((text) => JSON.parse(text, short) as Json);
  const texts = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value));
  const elements = () =>
    members(answers.sync).flatMap(({ profile, ...lists }) => texts([profile, ...Object.values(lists).flat()]));
  const settings = () => [
    ...texts(members(answers.token).map(({ UserDecryptionOptions }) => UserDecryptionOptions ?? {})),
    ...texts(members(answers.sync).map(({ userDecryption }) => userDecryption ?? {})),
    '{"v2UpgradeToken":{"wrappedUserKey1":"7.a","wrappedUserKey2":"2.a|b|c"}}',
  ];
  const ofCalls = () => {
    const { token, profile, config, apiKey, revisionDate, refusals } = answers;
    return [...token, ...answers.prelogin, ...profile, ...config, ...apiKey, ...revisionDate, ...refusals];
  };
  const { signal } = new AbortController();

  fuzz('elements of a vault', elements, {
    // The message of the parser quoted a key.
    jsonSlices: { parse: (input) => [...jsonSlices(input)], throws: syntax, found: ['eyJzZWNyZXRc/yI6MX0='] },
    'jsonSlices, in pieces': { parse: slicesInPieces },
    tokensOf: { parse: tokensOf, throws: syntax },
    parseBounded: { parse: (input) => parseBounded(input, smallElement), throws: syntax },
    readMembers: { parse: (input) => readMembers(input, smallElement, 100), throws: syntax },
    readCipher: { parse: readCipher, throws: syntax },
    idOfElement: { parse: idOfElement, throws: syntax },
    readFolder: { parse: readFolder, throws: syntax },
    readCollection: { parse: readCollection, throws: syntax },
    readPolicy: { parse: readPolicy, throws: syntax },
    readProfile: { parse: (input) => readProfile(input, host), throws: malformed },
    readElement: { parse: (input) => withCollections(readElement(input, { host }), {}), throws: malformed },
  });

  fuzz('whole vaults', () => texts(members(answers.sync)), {
    vaultOfAnswer: {
      parse: async (input) => (await vaultOfAnswer(input, host)).elements,
      throws: [MalformedAnswerError, KdfOutOfBoundsError],
    },
  });

  fuzz('key settings', settings, {
    masterPasswordUnlockFrom: fromJson((from) => masterPasswordUnlockFrom(from, 'a@b.example', host)),
    upgradeTokenFrom: fromJson(upgradeTokenFrom),
  });

  fuzz('answers to calls', ofCalls, {
    requestToken: call((http) => requestToken(http, urls, key)),
    prelogin: call((http) => prelogin(http, urls, 'a@b.example')),
    checkServer: call((http) => checkServer(http, urls, signal)),
    getRevisionDate: call((http) => accounts(http).getRevisionDate()),
    viewApiKey: call((http) => accounts(http).viewApiKey(proof)),
    getProfile: call((http) => accounts(http).getProfile()),
    archive: call((http) => new CiphersApi(http, urls, 'token').archive(['id'])),
  });
});
