import type { Clock, Disposable } from '../../base/ports';
import type { Session } from '../../account/session';
import { isContent } from '../../vault/fields';
import type { Item } from '../../vault/items';
import { codeToShow, type ShownCode } from '../../vault/read';
import { itemName } from '../labels';
import { countedCodeWords, mayShowCodes } from '../shownCodes';
import { withoutIcons } from '../untrustedText';

/**
 * Shows the one-time code of the item whose row is active in the title of a list, with the seconds for which it is good. The
 * rows stay as they are: to draw them anew each second would take the mouse off them.
 */
export class CodeTitle implements Disposable {
  #item: Item | undefined;
  #code: ShownCode | undefined;
  #timer: Disposable | undefined;

  constructor(
    private readonly list: { title: string | undefined },
    private readonly session: Pick<Session, 'state'>,
    private readonly clock: Clock,
  ) {}

  /** @param item whose row is active now. */
  follow(item: Item | undefined): void {
    if (item?.id === this.#item?.id) return;
    this.dispose();
    this.#item = item;
    if (item !== undefined) this.#show(item).catch(() => undefined);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#item = undefined;
    this.#code = undefined;
    this.list.title = undefined;
  }

  async #show(item: Item): Promise<void> {
    const isOver = this.#code === undefined || this.clock.now() >= this.#code.validUntil;
    const code = isOver ? await this.#read(item) : this.#code;
    if (item !== this.#item) return;
    this.#code = code;
    const words = code && mayShowCodes() ? countedCodeWords(code, this.clock.now()) : undefined;
    this.list.title = words === undefined ? undefined : `${withoutIcons(itemName(item))}: ${words}`;
    if (code === undefined) return;
    this.#timer = this.clock.setTimeout(() => {
      this.#show(item).catch(() => undefined);
    }, 1000);
  }

  async #read(item: Item): Promise<ShownCode | undefined> {
    const { state } = this.session;
    if (state.kind !== 'unlocked') return undefined;
    const field = state.vault.fields(item.id).find(({ ref }) => isContent(ref, 'totp'));
    return field && codeToShow(state.vault, item, field, () => this.clock.now());
  }
}
