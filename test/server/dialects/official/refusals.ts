import { ok, type Call, type JsonObject, type Reply } from '../../http';
import type { Refusals, Verification } from '../dialect';

/** The form of an error (server: src/Libraries/ExceptionHandling/ErrorResponseModel.cs). */
export function apiError(status: number, message: string, validationErrors: JsonObject | null = null): Reply {
  return {
    status,
    json: {
      message,
      validationErrors,
      exceptionMessage: null,
      exceptionStackTrace: null,
      innerExceptionMessage: null,
      object: 'error',
    },
  };
}

export const bad = (message: string) => apiError(400, message);

export const modelError = (field: string, message: string) =>
  apiError(400, 'The model state is invalid.', { [field]: [message] });

/** The answer to a null reference or any other unexpected exception (server: ExceptionHandlerFilterAttribute.cs). */
export const unhandled = apiError(500, 'An unhandled server error has occurred.');

export const notFound = apiError(404, 'Resource not found.');

const unauthorized: Reply = { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } };

/** DateTime.MinValue in milliseconds since the epoch. */
const YEAR_ONE = -62_135_596_800_000;

/** Each endpoint has its own message (server: src/Api/Auth/Controllers/AccountsController.cs). */
function verification(reason: Verification, call: Call): Reply {
  if (reason === 'missing') return modelError('', 'MasterPasswordHash, OTP, or AccessCode must be supplied.');
  switch (call.path) {
    case '/api/accounts/security-stamp':
      return modelError('', 'Incorrect password.');
    case '/api/accounts/verify-password':
      return modelError('MasterPasswordHash', 'Invalid password.');
    case '/api/accounts/verify-otp':
      return modelError('Token', 'Invalid token');
    default:
      return modelError('', 'User verification failed.');
  }
}

/** SyncController.cs:94-97; AccountsController.cs GetAccountRevisionDate does not look for the user. */
function accountGone({ path }: Call): Reply {
  if (path === '/api/sync') return apiError(400, 'User not found.');
  return path === '/api/accounts/revision-date' ? ok(YEAR_ONE) : unauthorized;
}

export const refuse: Refusals = {
  notFound: () => notFound,
  unknownRoute: () => ({ status: 404 }),
  unauthorized: () => unauthorized,
  outOfScope: () => ({ status: 403 }),
  accountGone,
  badRequest: bad,
  malformed: () =>
    modelError('$', 'The JSON value could not be converted. Path: $ | LineNumber: 0 | BytePositionInLine: 0.'),
  verification,
};
