import {
  ClientVersionError,
  HttpError,
  MalformedAnswerError,
  NetworkError,
  NotFoundError,
  ProxyLoginError,
  TlsError,
  type TlsProblem,
  UnauthorizedError,
} from '../errors';
import { printable } from '../../base/printable';
import { answers } from './answers';
import { parseBounded } from '../wire/boundedJson';
import { asObject, object, nonEmptyText, type WireObject } from '../wire/wireObject';

/** What an error answer said, in whichever dialect: the official server's, its identity service's or Vaultwarden's. */
export interface Refusal {
  readonly status: number;
  readonly host: string;
  /** What a proxy or gateway in front of the server wants before it lets a request through. */
  readonly proxyWants: 'login' | 'clientCertificate' | undefined;
  /** OAuth error code such as `invalid_client`; Vaultwarden leaves it empty. */
  readonly code: string | undefined;
  /**
   * Every sentence in the answer, the most specific first, as the server wrote it: hostile text, not fit to be shown.
   */
  readonly messages: readonly string[];
}

/** The part of an answer's head that tells who gave it. */
export interface RefusalHead {
  readonly status: number;
  /** WWW-Authenticate */
  readonly challenge: string | null;
}

/**
 * Reads an answer that is not 2xx (server: src/Libraries/ExceptionHandling/ErrorResponseModel.cs; vaultwarden:
 * src/error.rs).
 *
 * @param host of the request, with its port.
 * @param body decompressed; undefined for one that is too long to be read. From one that is no JSON object of ordinary
 * size come neither code nor messages.
 */
export function parseRefusal(head: RefusalHead, host: string, body: Buffer | undefined): Refusal {
  const { status } = head;
  const answer = body && objectIn(body);
  const proxyWants = wantedByProxy(head, body, answer);
  if (!answer) return { status, host, proxyWants, code: undefined, messages: [] };
  const validation = object(answer, 'validationErrors') ?? {};
  const errorModel = object(answer, 'errorModel');
  const catcher = object(answer, 'error');
  const messages = [
    ...Object.values(validation).flat(),
    errorModel && nonEmptyText(errorModel, 'message'),
    nonEmptyText(answer, 'message'),
    nonEmptyText(answer, 'error_description'),
    catcher && nonEmptyText(catcher, 'description'),
  ].filter((message) => typeof message === 'string');
  return { status, host, proxyWants, code: nonEmptyText(answer, 'error'), messages };
}

function objectIn(body: Buffer): WireObject | undefined {
  try {
    return asObject(parseBounded(body, answers.refusal));
  } catch {
    return undefined;
  }
}

/**
 * What nginx and Apache say once the handshake is over. nginx gives 400 instead of its 495 and 496, unless told otherwise
 * (nginx: ngx_http_special_response.c; httpd: ssl_engine_kernel.c).
 */
const CERTIFICATE_PAGE =
  /No required SSL certificate was sent|The SSL certificate error|Cannot perform Post-Handshake Authentication/;

function wantedByProxy(
  head: RefusalHead,
  body: Buffer | undefined,
  answer: WireObject | undefined,
): Refusal['proxyWants'] {
  const { status } = head;
  if (status === 495 || status === 496) return 'clientCertificate';
  if (!answer && body && CERTIFICATE_PAGE.test(body.toString('latin1'))) return 'clientCertificate';
  return status === 407 || (status === 401 && isLoginOfProxy(head, body, answer)) ? 'login' : undefined;
}

/** In the page of Vaultwarden's framework, which comes where it does not see that a client accepts JSON. */
const ROCKET_PAGE = '<small>Rocket</small>';

/**
 * Bitwarden servers challenge with `Bearer` or not at all, and answer those who accept JSON in JSON or with an empty
 * body (server: the JwtBearer handler of ASP.NET; vaultwarden: the default catcher of Rocket). Gateways answer with a
 * page, with plain text, or with `{}` (oauth2-proxy: oauthproxy.go errorJSON).
 */
function isLoginOfProxy({ challenge }: RefusalHead, body: Buffer | undefined, answer: WireObject | undefined): boolean {
  if (challenge !== null && !/^\s*bearer\b/i.test(challenge)) return true;
  if (answer) return Object.keys(answer).length === 0;
  return body === undefined || (body.length > 0 && !body.includes(ROCKET_PAGE));
}

/**
 * What the official API says of ids; a path that it does not know is a 404 without words
 * (server: src/Api/Utilities/ExceptionHandlerFilterAttribute.cs).
 */
const NOT_FOUND = /^resource not found/i;

/**
 * The error for an answer that is not 2xx. 401 means a bad token where one was sent; 403 also comes from proxies and
 * firewalls, so it says nothing about the session.
 *
 * @param sent values of the request that must not come back in a message.
 */
export function refusalError(refusal: Refusal, withToken: boolean, sent: readonly string[]): Error {
  const { status, host, code } = refusal;
  if (refusal.proxyWants === 'clientCertificate') return new TlsError('clientCertificate', host);
  if (refusal.proxyWants === 'login') return new ProxyLoginError(status, host);
  if (status === 401 && withToken) return new UnauthorizedError(host);
  if (code === 'version_header_missing' || code === 'invalid_client_version') return new ClientVersionError(host);
  if (status === 404 && refusal.messages.some((said) => NOT_FOUND.test(said))) return new NotFoundError(host);
  const [message] = refusal.messages;
  const echoes = sent.some((value) => value.length > 3 && message?.includes(value));
  const shown = message === undefined || echoes ? '' : printable(message);
  return new HttpError(status, host, shown === '' ? undefined : shown);
}

/**
 * Codes of Node's tls and of the libraries below, first fit first: OpenSSL 3.0 (Node 22) and 3.5 (Node 24) word some
 * alerts differently, and BoringSSL (Electron) names them as OpenSSL's older ones. X.509: openssl x509_txt.c, Node's
 * crypto_common.cc.
 */
const TLS_PROBLEMS: readonly (readonly [RegExp, TlsProblem])[] = [
  [/ALERT_CERTIFICATE_REQUIRED$|ALERT_(?:BAD|NO)_CERTIFICATE$/, 'clientCertificate'],
  [/ALERT_HANDSHAKE_FAILURE$/, 'certificateOrCipher'],
  [/^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL)$/, 'notTls'],
  [/^CERT_HAS_EXPIRED$/, 'expired'],
  [/^CERT_NOT_YET_VALID$/, 'notYetValid'],
  [/^ERR_TLS_CERT_ALTNAME_|^HOSTNAME_MISMATCH$/, 'otherName'],
  [/^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/, 'incompleteChain'],
  [/^ERR_SSL_|^ERR_TLS_|^EPROTO$/, 'handshake'],
  [/CERT|^UNABLE_TO_|^CRL_|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$/, 'untrusted'],
];
/**
 * With these codes no connection was made. With others that is certain only where the failed system call was `connect`.
 */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** A failed handshake has no code but `EPROTO`: then the code is made of what OpenSSL says in the message. */
function tlsCode(code: string, message: string): string {
  const reason = /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1];
  if (code !== 'EPROTO' || reason === undefined) return code;
  return `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
}

/** node-fetch hands on the name of the system call that failed under a name of its own. */
function systemCall(error: unknown): unknown {
  return error instanceof Error && 'erroredSysCall' in error ? error.erroredSysCall : undefined;
}

/**
 * Names what fetch, or reading its body, failed with (codes of Node's net, tls, http and zlib). Only TlsError
 * and `unreachable` say that nothing was sent; after the others the server may have acted on the request.
 *
 * @returns a TlsError, NetworkError or MalformedAnswerError, with `error` as its cause.
 */
export function networkFailure(error: unknown, host: string): Error {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const options = { cause: error };
  const tls = TLS_PROBLEMS.find(([codes]) => codes.test(tlsCode(code, error instanceof Error ? error.message : '')));
  if (tls) return new TlsError(tls[1], host, options);
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
