import type { Clock, Disposable } from '../../base/ports';
import type { Session } from '../../account/session';
import { contentRef } from '../../vault/fields';
import type { Item } from '../../vault/items';
import { codeToShow, type ShownCode } from '../../vault/read';
import { countedCodeWords, mayShowCodes } from '../shownCodes';

interface TitledList {
  title: string | undefined;
  /** VS Code writes it behind the title, in brackets: any text, though its typings ask for a number. */
  step: unknown;
}

export interface CodeTitles {
  readonly plain: string;
  /** What stands before a code. */
  readonly ofCode: string;
}

/** An item whose row is active. */
export interface ActiveItem {
  readonly item: Item;
  /** Of the account whose item it is. */
  readonly session: Pick<Session, 'state'>;
}

/**
 * Shows the one-time code of the item whose row is active behind the title of a list, with the seconds for which it is good.
 * The rows stay as they are: VS Code draws all of them anew where one changes, takes the mouse off them, and goes back to the
 * row of before where the user is moving on. The code is a step of the list and no part of its title, since that is what a
 * screen reader calls the box, and would be said again each second.
 */
export class CodeTitle implements Disposable {
  #active: ActiveItem | undefined;
  #code: ShownCode | undefined;
  #timer: Disposable | undefined;

  constructor(
    private readonly list: TitledList,
    private readonly titles: CodeTitles,
    private readonly clock: Clock,
  ) {
    this.#write(undefined);
  }

  /** @param active undefined where the active row is of no item with a one-time code. */
  follow(active: ActiveItem | undefined): void {
    if (active?.item.id === this.#active?.item.id && active?.session === this.#active?.session) return;
    this.dispose();
    this.#active = active;
    if (active !== undefined) this.#show(active).catch(() => undefined);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#active = undefined;
    this.#code = undefined;
    this.#write(undefined);
  }

  async #show(active: ActiveItem): Promise<void> {
    const isOver = this.#code === undefined || this.clock.now() >= this.#code.validUntil;
    const code = isOver ? await this.#read(active) : this.#code;
    if (active !== this.#active) return;
    this.#code = code;
    this.#write(code && mayShowCodes() ? countedCodeWords(code, this.clock.now()) : undefined);
    if (code === undefined) return;
    this.#timer = this.clock.setTimeout(() => {
      this.#show(active).catch(() => undefined);
    }, 1000);
  }

  async #read({ item, session: { state } }: ActiveItem): Promise<ShownCode | undefined> {
    if (state.kind !== 'unlocked') return undefined;
    const field = { ref: contentRef('totp'), state: 'there' } as const;
    return codeToShow(state.vault, item, field, () => this.clock.now());
  }

  #write(words: string | undefined): void {
    this.list.title = words === undefined ? this.titles.plain : this.titles.ofCode;
    this.list.step = words;
  }
}
