import type { Clock, Disposable } from '../base/ports';

/** Other windows are told of the use of this one at most so often, in milliseconds. */
const TELL_MS = 5_000;

/**
 * Tells others of a use at once, and again when the time is over in which others came: what they know is never older than
 * that, and the last use always gets there.
 */
export class UseTeller {
  #waiting: Disposable | undefined;
  #usedSince = false;

  constructor(
    private readonly clock: Clock,
    private readonly tell: () => void,
  ) {}

  use(): void {
    if (this.#waiting !== undefined) {
      this.#usedSince = true;
      return;
    }
    this.#usedSince = false;
    this.tell();
    this.#waiting = this.clock.setTimeout(() => {
      this.#waiting = undefined;
      if (this.#usedSince) this.use();
    }, TELL_MS);
  }

  stop(): void {
    this.#waiting?.dispose();
    this.#waiting = undefined;
  }
}
