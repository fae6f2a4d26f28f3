import {
  ClientVersionError,
  HttpError,
  MalformedAnswerError,
  NetworkError,
  NotFoundError,
  UnauthorizedError,
} from '../errors';
import { answers } from './answers';
import { parseBounded } from './boundedJson';
import { asObject, object, oneLine, text, type WireObject } from './reader';

/** What an error answer said, in whichever dialect: the official server's, its identity service's or Vaultwarden's. */
export interface Refusal {
  readonly status: number;
  readonly host: string;
  /** OAuth error code such as `invalid_client`; Vaultwarden leaves it empty. */
  readonly code: string | undefined;
  /** Every sentence in the answer, most telling first; raw. */
  readonly messages: readonly string[];
}

/** @param body as received; anything but a JSON object of ordinary size just says nothing. */
export function parseRefusal(status: number, host: string, body: Buffer): Refusal {
  let answer: WireObject | undefined;
  try {
    answer = asObject(parseBounded(body, answers.refusal));
  } catch {
    answer = undefined;
  }
  if (!answer) return { status, host, code: undefined, messages: [] };
  const validation = object(answer, 'validationErrors') ?? {};
  const errorModel = object(answer, 'errorModel');
  const catcher = object(answer, 'error');
  const messages = [
    ...Object.values(validation).flat(),
    errorModel && text(errorModel, 'message'),
    text(answer, 'message'),
    text(answer, 'error_description'),
    catcher && text(catcher, 'description'),
  ].filter((message) => typeof message === 'string');
  return { status, host, code: text(answer, 'error'), messages };
}

/** What the official API says of ids; a path that it does not know is a 404 without words (ExceptionHandlerFilterAttribute.cs). */
const NOT_FOUND = /^resource not found/i;

/**
 * The error for an answer that is not 2xx. 401 means a bad token where one was sent; 403 also comes from proxies and
 * firewalls, so it says nothing about the session.
 *
 * @param sent values of the request that must not come back in a message.
 */
export function refusalError(refusal: Refusal, withToken: boolean, sent: readonly string[]): Error {
  const { status, host, code } = refusal;
  if (status === 401 && withToken) return new UnauthorizedError(host);
  if (code === 'version_header_missing' || code === 'invalid_client_version') return new ClientVersionError(host);
  if (status === 404 && refusal.messages.some((said) => NOT_FOUND.test(said))) return new NotFoundError(host);
  const [message] = refusal.messages;
  const echoes = sent.some((value) => value.length > 3 && message?.includes(value));
  const shown = message === undefined || echoes ? '' : oneLine(message);
  return new HttpError(status, host, shown === '' ? undefined : shown);
}

const CERTIFICATE = /CERT|^UNABLE_TO_|^CRL_|^HOSTNAME_MISMATCH$|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$/;
/** These codes mean that no connection came about; others mean it only if it was connecting that failed. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** node-fetch hands on the name of the system call that failed under a name of its own. */
function systemCall(error: unknown): unknown {
  return error instanceof Error && 'erroredSysCall' in error ? error.erroredSysCall : undefined;
}

/**
 * Names what fetch, or reading its body, failed with (codes of Node's net, tls, http and zlib). Only `unreachable` and
 * `certificate` say that nothing was sent; after the others the server may have acted on the request.
 */
export function networkFailure(error: unknown, host: string): Error {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const options = { cause: error };
  if (CERTIFICATE.test(code)) return new NetworkError('certificate', host, options);
  if (NEVER_CONNECTED.has(code) || systemCall(error) === 'connect') {
    return new NetworkError('unreachable', host, options);
  }
  if (code === 'ETIMEDOUT') return new NetworkError('timeout', host, options);
  if (code.startsWith('HPE_')) return new MalformedAnswerError(host, 'HTTP', options);
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_')) {
    return new MalformedAnswerError(host, 'the stated content encoding', options);
  }
  return new NetworkError('dropped', host, options);
}
