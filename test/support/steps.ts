/**
 * The steps of a window: everything it does to the world outside, in order. A test chooses the step at which the window
 * crashes.
 */
export class Steps {
  readonly taken: string[] = [];
  crashed = false;
  /** Index of the step before which the window dies. */
  crashBefore: number | undefined;
  readonly #deaths: (() => void)[] = [];

  /** Resolves if the window lives to take this step. */
  async reach(label: string): Promise<void> {
    if (this.taken.length === this.crashBefore) this.crash();
    if (!this.crashed) this.taken.push(label);
    await this.alive(undefined);
  }

  /** Resolves to the value, or never if the window has crashed: a dead process gets no answers. */
  alive<T>(value: T): Promise<T> {
    return this.crashed ? new Promise<T>(() => undefined) : Promise.resolve(value);
  }

  crash(): void {
    this.crashed = true;
    for (const tell of this.#deaths.splice(0)) tell();
  }

  onDeath(tell: () => void): void {
    if (this.crashed) tell();
    else this.#deaths.push(tell);
  }
}
