import { Emitter } from '../base/event';

/** What the walkthrough asks of a newcomer and no state tells. */
export type Milestone = 'hasCopied' | 'hasRotated';

/** What was done in this window, once it has succeeded. The walkthrough ticks its steps by it. */
export class Milestones {
  readonly #reached = new Emitter<Milestone>();
  readonly onDidReach = this.#reached.event;
  readonly #done = new Set<Milestone>();

  reach(milestone: Milestone): void {
    if (this.#done.has(milestone)) return;
    this.#done.add(milestone);
    this.#reached.fire(milestone);
  }

  get values(): Readonly<Record<Milestone, boolean>> {
    return { hasCopied: this.#done.has('hasCopied'), hasRotated: this.#done.has('hasRotated') };
  }
}
