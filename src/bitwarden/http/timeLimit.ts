/** Ends a request that takes too long. */
export class TimeLimit {
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  /** @param isIdle whether it is for the time in which no byte goes either way, and not for the request as a whole. */
  constructor(
    private readonly milliseconds: number,
    private readonly isIdle: boolean,
  ) {
    this.#start();
  }

  /** Fires when the time is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Something has gone one way or the other. @param more milliseconds that the next may take beside the usual ones. */
  moved(more = 0): void {
    if (this.isIdle && !this.#over.signal.aborted && !this.#hasEnded) this.#start(more);
  }

  /** Until something moves, the time is nobody's fault. */
  pause(): void {
    if (this.isIdle) clearTimeout(this.#timer);
  }

  /** For good: what moves later, such as the rest of a body that was sent for nothing, is not waited for. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  #start(more = 0): void {
    clearTimeout(this.#timer);
    // A request of which nobody waits for the end any more keeps no process alive.
    this.#timer = setTimeout(() => this.#over.abort(), this.milliseconds + more).unref();
  }
}
