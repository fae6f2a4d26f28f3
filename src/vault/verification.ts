import type { SecretBytes } from '../base/secretBytes';
import { UserVerificationError } from '../bitwarden/errors';
import { NotRotatedError } from './errors';

/** How the user proves who they are before the server hands out or changes the API key. */
export type Verification =
  | {
      readonly kind: 'masterPassword';
      /** UTF-8; wiped by the call. */
      readonly password: SecretBytes;
    }
  | { readonly kind: 'code'; readonly code: string };

/** The server did not believe it. A rotation that did not take place for that reason says so in its cause. */
export function isNotVerified(error: unknown): boolean {
  return error instanceof UserVerificationError || (error instanceof NotRotatedError && isNotVerified(error.cause));
}
