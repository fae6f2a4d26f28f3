/** Ends a request that takes too long. */
export class TimeLimit {
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;

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

  /** Something has gone one way or the other. */
  moved(): void {
    if (this.isIdle && !this.#over.signal.aborted) this.#start();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.end();
    this.#timer = setTimeout(() => this.#over.abort(), this.milliseconds);
  }
}
