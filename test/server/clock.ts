/** The server's clock. A test may advance it to let tokens expire, or stop it to count requests per second. */
export class Clock {
  offsetMs = 0;
  #stoppedAt: number | undefined;

  now(): number {
    return (this.#stoppedAt ?? Date.now()) + this.offsetMs;
  }

  /** From now on the time moves only by `advance`. */
  stop(): void {
    this.#stoppedAt = Date.now();
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  advance(seconds: number): void {
    this.offsetMs += seconds * 1000;
  }
}
