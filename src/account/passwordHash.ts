import { base64OfSecret, type SecretBytes, wipe } from '../base/secretBytes';
import { LockedError } from '../vault/errors';

/**
 * The hash by which the server knows the master password. It is made for requests that follow at once; whoever had it
 * made wipes it when they are over.
 */
export class PasswordHash {
  #bytes: SecretBytes | undefined;
  readonly #wipe = (): void => this.wipe();

  /**
   * @param bytes 32 bytes, taken over.
   * @param until wipes it when it fires: at a lock.
   */
  constructor(
    bytes: SecretBytes,
    private readonly until: AbortSignal,
  ) {
    this.#bytes = bytes;
    until.addEventListener('abort', this.#wipe, { once: true });
  }

  /**
   * base64, for the body of a request that goes out now: text cannot be wiped.
   *
   * @throws LockedError once wiped.
   */
  toText(): string {
    if (this.#bytes === undefined) throw new LockedError('locked meanwhile');
    return base64OfSecret(this.#bytes);
  }

  wipe(): void {
    this.until.removeEventListener('abort', this.#wipe);
    wipe(this.#bytes);
    this.#bytes = undefined;
  }
}
