import type { Disposable } from './ports';

/** Subscribes a listener until what it returns is disposed of; the shape of VS Code's events. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Makes an event and fires it. Others are only given `event`, to which they can subscribe. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  /**
   * Calls all listeners. If one of them throws, the others and the caller go on, and the error surfaces as an uncaught
   * one.
   */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
