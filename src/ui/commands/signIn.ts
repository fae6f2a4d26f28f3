import { askToUnlock } from '../prompts/unlock';
import { SignInFlow } from '../signIn/signIn';
import type { Parts } from './command';

export async function signIn(parts: Pick<Parts, 'session' | 'reporter' | 'lastServer'>): Promise<void> {
  if (await new SignInFlow(parts).run()) await askToUnlock(parts.session);
}
