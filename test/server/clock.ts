/** The server's own time, which a test may push forward to let tokens run out, or stop to count requests per second. */
export class Clock {
  offsetMs = 0;
  #stoppedAt: number | undefined;

  now(): number {
    return (this.#stoppedAt ?? Date.now()) + this.offsetMs;
  }

  /** Moves on by `advance` alone from here on. */
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
