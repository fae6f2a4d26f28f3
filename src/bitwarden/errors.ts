/**
 * What can go wrong between us and a Bitwarden server. The classes carry facts for `ui/errors/` to put into words;
 * none of them ever holds a secret, a request body or a response body. `host` is that of the server, with its port if it
 * is not the usual one.
 */

/** The server could not be reached, or the connection broke before the answer was complete. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  constructor(
    readonly reason: 'unreachable' | 'timeout' | 'dropped',
    readonly host: string,
    options?: ErrorOptions,
  ) {
    super(`${host}: ${reason}`, options);
  }
}

/** What keeps a connection from being secure. */
export type TlsProblem =
  /** The server asks for a certificate of ours; we have none. */
  | 'clientCertificate'
  /** Before TLS 1.3, a server that misses our certificate says the same as one that knows none of our ciphers. */
  | 'certificateOrCipher'
  /** What answers on that port does not speak TLS. */
  | 'notTls'
  | 'expired'
  /** The certificate begins to hold in the future, by our clock. */
  | 'notYetValid'
  /** The certificate is for another host. */
  | 'otherName'
  /** The server sends its own certificate alone, and nobody here knows who signed it. */
  | 'incompleteChain'
  | 'untrusted'
  /** Both sides know no version or cipher in common, or the handshake fails in another way. */
  | 'handshake';

/**
 * No secure connection came about, and nothing was sent; or a gateway wants a certificate first, and nothing was handed
 * on.
 */
export class TlsError extends Error {
  override readonly name = 'TlsError';
  constructor(
    readonly problem: TlsProblem,
    readonly host: string,
    options?: ErrorOptions,
  ) {
    super(`${host}: ${problem}`, options);
  }
}

/** A proxy or gateway in front of the server wants a login of its own: it says nothing about ours. */
export class ProxyLoginError extends Error {
  override readonly name = 'ProxyLoginError';
  constructor(
    readonly status: number,
    readonly host: string,
  ) {
    super(`${host}: HTTP ${status} from a proxy`);
  }
}

/** The caller's AbortSignal fired. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** The server answered with a status that no narrower class stands for. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    readonly host: string,
    /** The server's own sentence, printable characters only, 200 at most; hostile text all the same. */
    readonly serverMessage: string | undefined,
  ) {
    super(`${host}: HTTP ${status}`);
  }
}

/** HTTP 429, or a request not sent because an earlier 429 still holds. */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError';
  constructor(
    readonly host: string,
    /** Milliseconds since the epoch before which no request goes to this host. */
    readonly retryAt: number,
  ) {
    super(`${host}: rate limited`);
  }
}

/** HTTP 401 on an API call: the access token has expired or was revoked. */
export class UnauthorizedError extends Error {
  override readonly name = 'UnauthorizedError';
  constructor(readonly host: string) {
    super(`${host}: access token refused`);
  }
}

/** The identity service does not know this pair of client_id and client_secret (any more). */
export class ApiKeyRejectedError extends Error {
  override readonly name = 'ApiKeyRejectedError';
  constructor(
    readonly host: string,
    /** Which of the two is wrong; undefined on servers that do not say. */
    readonly wrong?: 'clientId' | 'clientSecret',
  ) {
    super(`${host}: API key refused`);
  }
}

/** The account that the access token was issued for is not there any more. */
export class AccountGoneError extends Error {
  override readonly name = 'AccountGoneError';
  constructor(readonly host: string) {
    super(`${host}: the account is gone`);
  }
}

/**
 * The server speaks the protocol and has no such thing for this user: it is gone, was never theirs, or belongs to an
 * organisation that the access token is too old to name.
 */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  constructor(readonly host: string) {
    super(`${host}: not found`);
  }
}

/** The server is too old to archive items, or has that turned off. */
export class NoArchiveError extends Error {
  override readonly name = 'NoArchiveError';
  constructor(readonly host: string) {
    super(`${host}: no archive`);
  }
}

/** The item has been changed since the client has read it, so the server did not take what was sent. */
export class OutOfDateError extends Error {
  override readonly name = 'OutOfDateError';
  constructor(readonly host: string) {
    super(`${host}: the item is out of date`);
  }
}

/** An organisation of the user forbids it, by a rule that it calls a policy. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  constructor(readonly host: string) {
    super(`${host}: a policy forbids it`);
  }
}

/** The item has another owner by now than when it was read, or was encrypted with a user key of before. */
export class OtherOwnerError extends Error {
  override readonly name = 'OtherOwnerError';
  constructor(readonly host: string) {
    super(`${host}: encrypted for another owner`);
  }
}

/** The server does not store items of this type. */
export class ItemTypeRefusedError extends Error {
  override readonly name = 'ItemTypeRefusedError';
  constructor(readonly host: string) {
    super(`${host}: type of item refused`);
  }
}

/** The server failed (HTTP 500) while it put the vault together, which happens for accounts that lack a key pair. */
export class VaultNotSentError extends Error {
  override readonly name = 'VaultNotSentError';
  constructor(readonly host: string) {
    super(`${host}: HTTP 500 for the vault`);
  }
}

/** The server wants a newer client than we say we are, or did not find the header that says it. */
export class ClientVersionError extends Error {
  override readonly name = 'ClientVersionError';
  constructor(readonly host: string) {
    super(`${host}: client version refused`);
  }
}

/** The server did not accept the master password hash or the one-time code sent along. */
export class UserVerificationError extends Error {
  override readonly name = 'UserVerificationError';
  constructor(readonly host: string) {
    super(`${host}: user verification failed`);
  }
}

/** The answer is not what the protocol says: HTML, cut-off JSON, a missing field, too many bytes. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
  constructor(
    readonly host: string,
    /** What was expected, in the protocol's words: "JSON", "access_token". */
    readonly expected: string,
    options?: ErrorOptions,
  ) {
    super(`${host}: malformed answer, expected ${expected}`, options);
  }
}

/** The server redirected. Secrets are never sent on to an address that the user did not enter. */
export class RedirectRefusedError extends Error {
  override readonly name = 'RedirectRefusedError';
  constructor(
    readonly host: string,
    /** Host and port of the address redirected to; undefined when that is no URL. */
    readonly targetHost: string | undefined,
  ) {
    super(`${host}: redirect refused`);
  }
}

/** A server address that must not or cannot be used. */
export class ServerUrlError extends Error {
  override readonly name = 'ServerUrlError';
  constructor(readonly reason: 'empty' | 'unreadable' | 'notHttps' | 'credentials' | 'queryOrFragment' | 'incomplete') {
    super(`server address: ${reason}`);
  }
}

/** KDF settings outside what official clients accept (floor) or what we are willing to compute (ceiling). */
export class KdfOutOfBoundsError extends Error {
  override readonly name = 'KdfOutOfBoundsError';
  constructor(
    readonly parameter: 'type' | 'iterations' | 'memoryMiB' | 'parallelism',
    readonly value: number,
    readonly problem: 'tooWeak' | 'tooStrong' | 'unknown',
  ) {
    super(`KDF ${parameter} ${value}: ${problem}`);
  }
}

/** Text that is no encrypted string of the protocol. */
export class EncStringFormatError extends Error {
  override readonly name = 'EncStringFormatError';
}

/** A file is larger than we, or the servers, take. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
  /** @param most in bytes. */
  constructor(readonly most: number) {
    super(`more than ${most} bytes`);
  }
}

/** A well-formed encrypted string, or an item, of a kind that we do not open. */
export class UnsupportedEncryptionError extends Error {
  override readonly name = 'UnsupportedEncryptionError';
  constructor(
    /** The number before the dot of the encrypted string. */
    readonly encryptionType: number,
  ) {
    super(`encryption type ${encryptionType} is not supported`);
  }
}

/** The MAC does not fit: another key (a wrong master password), or tampered data. */
export class MacMismatchError extends Error {
  override readonly name = 'MacMismatchError';
}

/** Decryption failed after, or without, a MAC: bad padding, a key of the wrong length, a broken RSA key. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/** Bytes that are no COSE message, no COSE key or no CBOR of the protocol. */
export class CoseFormatError extends Error {
  override readonly name = 'CoseFormatError';
}

/** Encrypted or signed with another key than the one at hand: COSE messages name the key they are for. */
export class WrongKeyError extends Error {
  override readonly name = 'WrongKeyError';
}

/** A signature does not fit what it is said to sign. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
}
