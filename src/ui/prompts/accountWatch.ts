import { AccountChangedError, LockedError } from '../../vault/errors';
import type { Event } from '../../base/event';
import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';

/**
 * Tells whether the account that a question is about is still the one that is signed in. Made before the question is
 * asked, since the answer must not go to another account.
 */
export class AccountWatch {
  readonly #asked: string | undefined;
  readonly #untilLock: AbortSignal;

  constructor(private readonly session: Session) {
    this.#asked = this.#accountId;
    this.#untilLock = session.untilLock;
  }

  /** Fires when that account is not signed in any more. */
  readonly onGone: Event<unknown> = (listener) =>
    this.session.onDidChange(() => {
      if (this.#accountId !== this.#asked) listener(undefined);
    });

  /** Fires when the vault locks, or when that account is not signed in any more. */
  readonly onLockedOrGone: Event<unknown> = (listener) => {
    const [locking, going] = [this.session.onDidLock(listener), this.onGone(listener)];
    return {
      dispose() {
        locking.dispose();
        going.dispose();
      },
    };
  };

  /**
   * To be called after a modal dialog, which nobody can close when the account goes.
   *
   * @throws AccountChangedError
   */
  check(): void {
    if (this.#accountId !== this.#asked) throw new AccountChangedError('the account has changed');
  }

  /**
   * To be called before something reaches the clipboard or the screen.
   *
   * @throws LockedError when the vault was locked since; AccountChangedError
   */
  checkNotLocked(): void {
    this.check();
    if (this.#untilLock.aborted) throw new LockedError('locked meanwhile');
  }

  get #accountId(): string | undefined {
    const { state } = this.session;
    return isSignedIn(state) ? state.account.id : undefined;
  }
}
