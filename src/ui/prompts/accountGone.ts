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
