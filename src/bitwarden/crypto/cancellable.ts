import { type SecretBytes, takeSecret, wipe } from '../../base/secretBytes';
import { CancelledError } from '../errors';

/** Takes over the key: its bytes are copied and wiped. */
export type Done = (error: Error | null, key?: Uint8Array) => void;

/**
 * Runs a key derivation that takes a while and hands its result to `done`.
 *
 * `start` may return a function that ends the work. When the signal fires the promise rejects at once; work that
 * cannot be ended goes on unseen, and what it still delivers is wiped.
 *
 * @returns the key, the caller's to wipe.
 * @throws CancelledError (as rejection) when the signal fires or has fired; whatever `start` throws or reports.
 */
export function cancellable(
  start: (done: Done) => (() => void) | undefined,
  signal?: AbortSignal,
): Promise<SecretBytes> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw new CancelledError('key derivation cancelled');
    let settled = false;
    const end = start((error, key) => {
      if (settled) {
        wipe(key);
        return;
      }
      settled = true;
      signal?.removeEventListener('abort', cancel);
      if (key && !error) resolve(takeSecret(key));
      else reject(error ?? new Error('key derivation gave no key'));
    });
    function cancel(): void {
      settled = true;
      end?.();
      reject(new CancelledError('key derivation cancelled'));
    }
    signal?.addEventListener('abort', cancel, { once: true });
  });
}
