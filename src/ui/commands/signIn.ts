import { askToUnlock } from '../prompts/unlock';
import { SignInFlow } from '../signIn/signIn';
import type { Parts } from './command';

export async function signIn(parts: Pick<Parts, 'sessions' | 'reporter' | 'lastServer'>): Promise<void> {
  if (await new SignInFlow(parts).run()) await askToUnlock(parts.sessions.current);
}
