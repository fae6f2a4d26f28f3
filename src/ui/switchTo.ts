import type { Session } from '../account/session';
import type { Sessions } from '../account/sessions';

/**
 * Has the window use the account of a session, for what is done with the account in use.
 *
 * @returns false where that account is not here any more: another one is in use, or none.
 */
export function switchTo(sessions: Pick<Sessions, 'activate' | 'current'>, { accountId }: Session): boolean {
  if (accountId !== undefined) sessions.activate(accountId);
  return sessions.current.accountId === accountId;
}
