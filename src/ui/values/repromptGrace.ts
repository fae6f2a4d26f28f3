import type { Clock, Disposable } from '../../base/ports';
import type { MasterPasswordProof } from '../../vault/masterPasswordProof';

/** In milliseconds. */
const LASTS = 60_000;

/**
 * Keeps the proof that the user has given the master password for one item, so that a second value of it does not ask
 * again at once. It counts for that item alone, until the time is up or somebody ends it: at a lock, and when the user
 * leaves the window.
 */
export class RepromptGrace {
  #kept: { readonly itemId: string; readonly proof: MasterPasswordProof; readonly until: number } | undefined;
  #timer: Disposable | undefined;

  constructor(private readonly clock: Clock) {}

  /** Takes the place of what was kept for another item. */
  keep(itemId: string, proof: MasterPasswordProof): void {
    this.end();
    this.#kept = { itemId, proof, until: this.clock.now() + LASTS };
    this.#timer = this.clock.setTimeout(() => this.end(), LASTS);
  }

  /** Undefined where there is none for this item. */
  proofFor(itemId: string): MasterPasswordProof | undefined {
    // The timer stands still while the computer sleeps.
    if (this.#kept !== undefined && this.clock.now() >= this.#kept.until) this.end();
    return this.#kept?.itemId === itemId ? this.#kept.proof : undefined;
  }

  end(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#kept = undefined;
  }
}
