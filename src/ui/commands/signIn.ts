import type { Session } from '../../account/session';
import { askToUnlock } from '../prompts/unlock';
import type { ErrorReporter } from '../errors/errorReporter';
import { SignInFlow } from '../signIn/signIn';

export async function signIn(session: Session, reporter: ErrorReporter): Promise<void> {
  if (await new SignInFlow(session, reporter).run()) await askToUnlock(session);
}
