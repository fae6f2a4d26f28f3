import type { Event } from '../../vault/event';
import type { Session } from '../../vault/session';
import { isSignedIn } from '../../vault/state';

/** Fires when the account that is signed in now is not any more: what is being asked for would go to another one. */
export function accountGone(session: Session): Event<unknown> {
  const accountOf = ({ state }: Session) => (isSignedIn(state) ? state.account : undefined);
  const asked = accountOf(session);
  return (listener) =>
    session.onDidChange(() => {
      if (accountOf(session) !== asked) listener(undefined);
    });
}

/** Fires when the vault locks, and when the account goes though the vault was locked already. */
export function lockedOrGone(session: Session): Event<unknown> {
  return (listener) => {
    const [locking, going] = [session.onDidLock(listener), accountGone(session)(listener)];
    return {
      dispose() {
        locking.dispose();
        going.dispose();
      },
    };
  };
}
