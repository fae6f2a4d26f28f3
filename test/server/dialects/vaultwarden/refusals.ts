import { html, type Call, type Reply } from '../../http';
import type { Refusals, Verification } from '../dialect';

/** Every handled error of Vaultwarden has this shape, connect/token included; `error` is an empty string. */
export function handled(message: string, status = 400): Reply {
  return {
    status,
    json: {
      message,
      validationErrors: { '': [message] },
      errorModel: { message, object: 'error' },
      error: '',
      error_description: '',
      exceptionMessage: null,
      exceptionStackTrace: null,
      innerExceptionMessage: null,
      object: 'error',
    },
  };
}

/** The answer of Rocket, the framework, when no handler was reached. */
function caught(call: Call, code: number, reason: string, description: string): Reply {
  if (!(call.headers.accept ?? '').includes('application/json')) return html(code, `${code}: ${reason}`);
  return { status: code, json: { error: { code, reason, description } } };
}

const unauthorized = (call: Call) => caught(call, 401, 'Unauthorized', 'The request requires user authentication.');

const verifications: Readonly<Record<Verification, string>> = {
  missing: 'No validation provided',
  both: 'No validation provided',
  wrongPassword: 'Invalid password',
  wrongOtp: 'Token is invalid',
  expiredOtp: 'Token has expired',
  noOtp: 'Protected action token not found, try sending the code again or restart the process',
};

const missing = {
  Cipher: "Cipher doesn't exist",
  Folder: 'Invalid folder',
  Attachment: "Attachment doesn't exist",
};

export const refuse: Refusals = {
  notFound: (kind) => handled(missing[kind]),
  unknownRoute: (call) =>
    call.path.startsWith('/api/')
      ? {
          status: 404,
          json: {
            error: { code: 404, reason: 'Not Found', description: 'The requested resource could not be found.' },
          },
        }
      : html(404, '404: Not Found'),
  unauthorized,
  outOfScope: unauthorized,
  accountGone: unauthorized,
  badRequest: (message) => handled(message),
  malformed: () => html(422, '422: Unprocessable Entity'),
  verification: (reason) => handled(verifications[reason]),
};
