import type { Session } from '../account/session';
import type { Sessions } from '../account/sessions';
import { isSignedIn } from '../account/state';
import { accountTitle } from './presentation';
import { withoutLinks } from './untrustedText';

/** What tells the account of a session from the others that are here. Undefined where there are no others. */
export function nameIn({ all }: Pick<Sessions, 'all'>, { state }: Pick<Session, 'state'>): string | undefined {
  if (all.length < 2 || !isSignedIn(state)) return undefined;
  return accountTitle(state.account, accountsOf(all));
}

function accountsOf(all: Sessions['all']) {
  return all.flatMap(({ state }) => (isSignedIn(state) ? [state.account] : []));
}

/** A sentence about an account, with its name before it where that is not plain. */
export function aboutAccount(sentence: string, name: string | undefined): string {
  return name === undefined ? sentence : `${name}: ${sentence}`;
}

/** What a notification says about the account of a session. The address comes from a server: it must not become a link. */
export function noticeAbout(sentence: string, sessions: Pick<Sessions, 'all'>, session: Session): string {
  return withoutLinks(aboutAccount(sentence, nameIn(sessions, session)));
}
