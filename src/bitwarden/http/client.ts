import { Readable } from 'node:stream';
import { asBuffer } from '../../base/secretBytes';
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, HttpError, MalformedAnswerError, NetworkError, RedirectRefusedError } from '../errors';
import { type AnswerKind, answers } from './answers';
import { parseBounded } from '../wire/boundedJson';
import { CLIENT_NAME, userAgent, type ClientIdentity } from './clientIdentity';
import type { Fetch } from './fetch';
import { networkFailure, parseRefusal, refusalError, type Refusal, type RefusalHead } from './failures';
import { RateLimits } from './rateLimits';
import { parseServerUrl } from './servers';
import { TimeLimit } from './timeLimit';
import { judgedByParser, type JudgedAnswer } from './wholeAnswers';

/** A request and what is expected of its answer. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Absolute; https, or plain http to this machine. */
  readonly url: string;
  /** Access token, sent as `Authorization: Bearer`; without one the device identifier is sent instead. */
  readonly token?: string | undefined;
  /** Body, `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** Body, `application/json`. */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
  /** Body, sent piece by piece. */
  readonly pieces?: PiecewiseBody | undefined;
  /**
   * The address is one that a server has named, and holds its own permission: no token, and nothing that tells of the user
   * or the machine, goes there.
   */
  readonly elsewhere?: { readonly headers?: Readonly<Record<string, string>> } | undefined;
  readonly answer: AnswerKind;
  /** Cancels the request: CancelledError. */
  readonly signal?: AbortSignal | undefined;
  /** Lets an endpoint name its own refusals; undefined leaves it to the general rules. */
  readonly refused?: ((refusal: Refusal) => Error | undefined) | undefined;
}

/** A body that is too large to be held. */
export interface PiecewiseBody {
  readonly type: string;
  /** In bytes. */
  readonly length: number;
  /** Called anew for each attempt. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/** What tests replace. */
export interface HttpOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** For an ordinary request, from sending until the last byte of the answer; 30 seconds when absent. */
  readonly timeoutMs?: number;
}

const RETRIES = 2;

/** Reads the body of an answer, once. */
export type ReadBody<T> = (body: AsyncIterable<Buffer>) => Promise<T>;

interface Refused extends RefusalHead {
  readonly retryAfter: string | null;
  /** Undefined where it is too long to be read. */
  readonly body: Buffer | undefined;
}

/**
 * Sends requests to Bitwarden servers. Every request ends within its time limit and can be cancelled; redirects are
 * refused, so nothing goes to an address that the user did not enter. A GET is tried again after a broken connection,
 * a time-out, 502, 503 or 504, twice at most; nothing else ever is. After a 429 the host is left alone until it may be
 * asked again, and requests to it fail at once.
 */
export class HttpClient {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly #fetch: ReturnType<typeof judgedByParser>;
  readonly #random: () => number;
  readonly #sleep: NonNullable<HttpOptions['sleep']>;
  readonly #timeoutMs: number;
  readonly #limits: RateLimits;

  constructor(
    fetch: Fetch,
    readonly identity: ClientIdentity,
    options: HttpOptions = {},
  ) {
    this.#fetch = judgedByParser(fetch);
    this.now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
    this.#sleep =
      options.sleep ?? ((milliseconds, signal) => delay(milliseconds, undefined, { ...(signal && { signal }) }));
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#limits = new RateLimits(this.now, this.#random);
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @returns the body of a 2xx answer, decompressed; empty where there is none.
   * @throws CancelledError, NetworkError, TlsError, ProxyLoginError, RateLimitedError, RedirectRefusedError,
   * UnauthorizedError, ClientVersionError, HttpError, MalformedAnswerError (too many bytes), ServerUrlError (plain
   * http), or what `request.refused` gives.
   */
  send(request: HttpRequest): Promise<Buffer> {
    return this.read(request, collect);
  }

  /**
   * As {@link send}, for answers that are too large to be held.
   *
   * @param read gets the body of a 2xx answer as it comes. It is called anew for each attempt, and what it has read before
   * this resolves may be cut off.
   * @throws as send, and what `read` throws.
   */
  async read<T>(request: HttpRequest, read: ReadBody<T>): Promise<T> {
    // Checked here once more, since addresses come from settings and storage: nothing is sent to plain http.
    parseServerUrl(request.url.replace(/\?.*$/s, ''));
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once(request, read);
      } catch (error) {
        if (request.method !== 'GET' || attempt === RETRIES || !isPassing(error)) throw error;
        await this.#rest(attempt, request.signal);
      }
    }
  }

  /** As {@link send}, for answers in JSON. @throws as send; MalformedAnswerError when it is something else. */
  async json(request: HttpRequest): Promise<unknown> {
    const body = await this.send(request);
    return parseJson(body, request);
  }

  /** As {@link json}, for calls without a result: an empty body will do, too. @throws as json. */
  async nothing(request: HttpRequest): Promise<void> {
    const body = await this.send(request);
    if (body.length > 0) parseJson(body, request);
  }

  /** As {@link send}, for answers that nobody reads. @throws as send. */
  async ignoring(request: HttpRequest): Promise<void> {
    await this.read(request, drain);
  }

  async #once<T>(request: HttpRequest, read: ReadBody<T>): Promise<T> {
    const { host } = new URL(request.url);
    this.#limits.check(host);
    const answer = await this.#exchange(request, host, read);
    if ('value' in answer) {
      this.#limits.answered(host);
      return answer.value;
    }
    const { body, retryAfter, ...head } = answer;
    if (head.status === 429) throw this.#limits.refused(host, retryAfter);
    this.#limits.answered(host);
    const refusal = parseRefusal(head, host, body);
    const values = [request.token, ...Object.values(request.form ?? request.json ?? {})];
    const sent = values.filter((value) => typeof value === 'string');
    throw request.refused?.(refusal) ?? refusalError(refusal, request.token !== undefined, sent);
  }

  async #exchange<T>(request: HttpRequest, host: string, read: ReadBody<T>): Promise<{ readonly value: T } | Refused> {
    if (request.signal?.aborted) throw new CancelledError();
    const { timeLimits = 1, isIdleLimit = false } = request.answer;
    const timeLimit = new TimeLimit(this.#timeoutMs * timeLimits, isIdleLimit);
    const done = new AbortController();
    const signal = AbortSignal.any([timeLimit.signal, done.signal, ...(request.signal ? [request.signal] : [])]);
    let body: AnswerBody | undefined;
    try {
      const answer = await this.#fetch(request.url, { ...this.#init(request, timeLimit), signal });
      if (answer.status >= 300 && answer.status < 400) {
        throw new RedirectRefusedError(host, targetHost(answer.headers.get('location'), request.url));
      }
      const { status } = answer;
      const isRefusal = status < 200 || status >= 300;
      body = new AnswerBody(answer, isRefusal ? answers.refusal.bytes : request.answer.bytes, host, timeLimit);
      if (!isRefusal) return { value: await read(body) };
      return {
        status,
        challenge: answer.headers.get('www-authenticate'),
        retryAfter: answer.headers.get('retry-after'),
        body: await collect(body).catch((error: unknown) => {
          if (error instanceof MalformedAnswerError) return undefined;
          throw error;
        }),
      };
    } catch (error) {
      if (request.signal?.aborted) throw new CancelledError();
      const isReaders = body !== undefined && !body.failed;
      if (isReaders) throw error;
      if (timeLimit.signal.aborted) throw new NetworkError('timeout', host);
      if (error instanceof RedirectRefusedError || error instanceof MalformedAnswerError) throw error;
      if (error instanceof NetworkError) throw error;
      throw networkFailure(error, host);
    } finally {
      timeLimit.end();
      // Lets go of the connection where the body was not read to its end.
      done.abort();
    }
  }

  #init(request: HttpRequest, timeLimit: TimeLimit): Omit<Parameters<Fetch>[1], 'signal'> {
    const { method, form, json, pieces } = request;
    const headers = request.elsewhere === undefined ? this.#headers(request) : headersElsewhere(request.elsewhere);
    const init = { method, headers, redirect: 'manual' } as const;
    if (form) {
      headers['Content-Type'] = 'application/x-www-form-urlencoded; charset=utf-8';
      return { ...init, body: new URLSearchParams(form).toString() };
    }
    if (json) {
      headers['Content-Type'] = 'application/json; charset=utf-8';
      return { ...init, body: JSON.stringify(json) };
    }
    if (pieces) {
      headers['Content-Type'] = pieces.type;
      headers['Content-Length'] = String(pieces.length);
      return { ...init, body: Readable.from(moving(pieces.pieces(), timeLimit), { objectMode: false }) };
    }
    return init;
  }

  #headers({ method, token }: HttpRequest): Record<string, string> {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'User-Agent': userAgent(this.identity),
      'Device-Type': String(this.identity.deviceType),
      'Bitwarden-Client-Name': CLIENT_NAME,
      'Bitwarden-Client-Version': this.identity.clientVersion,
      Connection: CLOSED,
    };
    if (token === undefined) headers['Device-Identifier'] = this.identity.deviceIdentifier;
    else headers.Authorization = `Bearer ${token}`;
    if (method === 'GET') {
      headers['Cache-Control'] = 'no-store';
      headers.Pragma = 'no-cache';
    }
    return headers;
  }

  async #rest(attempt: number, signal: AbortSignal | undefined): Promise<void> {
    const milliseconds = 1000 * 2 ** attempt * (0.5 + this.#random() / 2);
    try {
      await this.#sleep(milliseconds, signal);
    } catch (error) {
      if (signal?.aborted) throw new CancelledError();
      throw error;
    }
  }
}

/** A kept connection that the server has closed meanwhile would lose a request that must not be sent twice. */
const CLOSED = 'close';

/** A file is not compressed: what is encrypted does not get smaller, and its length tells how far it has come. */
function headersElsewhere({ headers }: NonNullable<HttpRequest['elsewhere']>): Record<string, string> {
  return { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'Bitwarden', Connection: CLOSED, ...headers };
}

async function* moving(pieces: AsyncIterable<Uint8Array>, timeLimit: TimeLimit): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) {
    timeLimit.moved();
    yield piece;
  }
}

/** Whether the same request may succeed a moment later. */
function isPassing(error: unknown): boolean {
  if (error instanceof NetworkError) return error.reason === 'dropped' || error.reason === 'timeout';
  return error instanceof HttpError && [502, 503, 504].includes(error.status);
}

function targetHost(location: string | null, from: string): string | undefined {
  if (location === null || !URL.canParse(location, from)) return undefined;
  return new URL(location, from).host || undefined;
}

/** Bytes are counted after decompression, so a small answer cannot swell past the limit. */
class AnswerBody implements AsyncIterable<Buffer> {
  /** The body could not be read to its end, or was too long: what was thrown says so, and is no failure of the reader. */
  failed = false;

  constructor(
    private readonly answer: JudgedAnswer,
    private readonly limit: number,
    private readonly host: string,
    private readonly timeLimit: TimeLimit,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    try {
      let length = 0;
      for await (const chunk of this.answer.body ?? []) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : asBuffer(chunk);
        length += bytes.length;
        if (length > this.limit) throw new MalformedAnswerError(this.host, `at most ${this.limit} bytes`);
        yield bytes;
        // The time that the reader takes is not the server's.
        this.timeLimit.moved();
      }
      if (!this.answer.isWhole()) throw new NetworkError('dropped', this.host);
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }
}

async function collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function drain(body: AsyncIterable<Buffer>): Promise<void> {
  const chunks = body[Symbol.asyncIterator]();
  while ((await chunks.next()).done !== true);
}

function parseJson(body: Buffer, { url, answer }: HttpRequest): unknown {
  try {
    return parseBounded(body, answer);
  } catch {
    throw new MalformedAnswerError(new URL(url).host, 'JSON');
  }
}
