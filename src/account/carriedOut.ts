import {
  ApiKeyRejectedError,
  ClientVersionError,
  HttpError,
  ItemTypeRefusedError,
  NetworkError,
  NoArchiveError,
  NotFoundError,
  OtherOwnerError,
  OutOfDateError,
  PolicyError,
  ProxyLoginError,
  RateLimitedError,
  RedirectRefusedError,
  TlsError,
  UnauthorizedError,
  UserVerificationError,
} from '../bitwarden/errors';
import { LockedError, OtherAccountError, SessionDroppedError, SignedOutError } from '../vault/errors';

/** Failures before the server has looked at what was asked of it. */
export function neverArrived(error: unknown): boolean {
  if (error instanceof NetworkError) return error.reason === 'unreachable';
  return (
    // Nothing is sent after a lock.
    error instanceof LockedError ||
    error instanceof SessionDroppedError ||
    // Without an account or a token there is no call.
    error instanceof SignedOutError ||
    error instanceof OtherAccountError ||
    error instanceof TlsError ||
    error instanceof ProxyLoginError ||
    error instanceof UnauthorizedError ||
    error instanceof RateLimitedError ||
    error instanceof RedirectRefusedError ||
    error instanceof ApiKeyRejectedError ||
    error instanceof ClientVersionError
  );
}

const refusals = [
  ItemTypeRefusedError,
  NoArchiveError,
  NotFoundError,
  OtherOwnerError,
  OutOfDateError,
  PolicyError,
  UserVerificationError,
];

/** The server has refused what was asked of it. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof HttpError) return error.status < 500;
  return refusals.some((ErrorOf) => error instanceof ErrorOf);
}

/** Failures after which the server is certain not to have done what was asked of it, where that is one thing. */
export function neverCarriedOut(error: unknown): boolean {
  return neverArrived(error) || isRefusal(error);
}
