import { Emitter } from '../base/event';
import type { Disposable } from '../base/ports';

/** The list that is open and has keys of its own, for their commands: they do something with its active row. */
export class OpenKeys<Key> {
  readonly #changed = new Emitter<undefined>();
  /** It was opened or closed. */
  readonly onDidChange = this.#changed.event;
  #press: ((key: Key) => void) | undefined;

  get isOpen(): boolean {
    return this.#press !== undefined;
  }

  /**
   * @param press does what the key is for.
   * @returns what says that it was closed.
   */
  begin(press: (key: Key) => void): Disposable {
    this.#press = press;
    this.#changed.fire(undefined);
    return {
      dispose: () => {
        if (this.#press !== press) return;
        this.#press = undefined;
        this.#changed.fire(undefined);
      },
    };
  }

  press(key: Key): void {
    this.#press?.(key);
  }
}
