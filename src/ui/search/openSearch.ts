import { Emitter } from '../../base/event';
import type { Disposable } from '../../base/ports';
import type { SearchKey } from './searchKeys';

/** The search that is open, for the commands of its keys: they do something with its active row. */
export class OpenSearch {
  readonly #changed = new Emitter<undefined>();
  /** It was opened or closed. */
  readonly onDidChange = this.#changed.event;
  #press: ((key: SearchKey) => void) | undefined;

  get isOpen(): boolean {
    return this.#press !== undefined;
  }

  /**
   * @param press does what the key is for.
   * @returns what says that it was closed.
   */
  begin(press: (key: SearchKey) => void): Disposable {
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

  press(key: SearchKey): void {
    this.#press?.(key);
  }
}
