import { askToUnlock } from '../prompts/unlock';
import { SignInFlow } from '../signIn/signIn';
import type { Parts } from './command';

export async function signIn(parts: Pick<Parts, 'sessions' | 'reporter' | 'lastServer'>): Promise<void> {
  if (!(await new SignInFlow(parts).run())) return;
  // What fails now is about the account that has just come, and not about the one in use before.
  const session = parts.sessions.current;
  await askToUnlock(session).catch((error: unknown) => parts.reporter.failure('vaultside.unlock', error, session));
}
