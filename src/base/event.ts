import type { Disposable } from './ports';

/** Subscribes a listener until what it returns is disposed of; the shape of VS Code's events. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Owns an event: whoever has the emitter fires, everybody else gets `event`. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  /** A listener that throws keeps neither the others nor the caller from going on; its error surfaces by itself. */
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
