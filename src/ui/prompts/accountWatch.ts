import { AccountChangedError, LockedError } from '../../vault/errors';
import type { Event } from '../../base/event';
import type { Session } from '../../account/session';
import { type Account, isSignedIn } from '../../account/state';

/** Watches over the account that a question is about, from before it is asked: the answer must not go to another one. */
export class AccountWatch {
  readonly #asked: Account | undefined;
  readonly #untilLock: AbortSignal;

  constructor(private readonly session: Session) {
    this.#asked = this.#account;
    this.#untilLock = session.untilLock;
  }

  /** Fires when that account is not signed in any more. */
  readonly onGone: Event<unknown> = (listener) =>
    this.session.onDidChange(() => {
      if (this.#account !== this.#asked) listener(undefined);
    });

  /** Fires when the vault locks, too. */
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
   * For after a dialog, which cannot be closed from outside.
   *
   * @throws AccountChangedError
   */
  check(): void {
    if (this.#account !== this.#asked) throw new AccountChangedError('the account has changed');
  }

  /**
   * For what is about to reach the clipboard or the screen.
   *
   * @throws LockedError when there was a lock since, AccountChangedError
   */
  checkNotLocked(): void {
    this.check();
    if (this.#untilLock.aborted) throw new LockedError('locked meanwhile');
  }

  get #account(): Account | undefined {
    const { state } = this.session;
    return isSignedIn(state) ? state.account : undefined;
  }
}
