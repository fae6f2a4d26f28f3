import { NotFoundError } from '../errors';
import type { Refusal } from '../http/failures';

/** Vaultwarden's words for an item, a folder or a file that is gone, or not for this user (vaultwarden: src/api/core/ciphers.rs, folders.rs). */
const MISSING = /^(?:(?:cipher|attachment) doesn't exist|cipher is not owned by user|invalid folder)/i;

/** Vaultwarden answers 400 where the official server answers 404. */
export function missingElement({ status, host, messages }: Refusal): Error | undefined {
  return status === 400 && messages.some((said) => MISSING.test(said)) ? new NotFoundError(host) : undefined;
}
