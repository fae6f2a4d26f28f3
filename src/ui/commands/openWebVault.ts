import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';
import { openAddress } from '../links';

export async function openWebVault({ state }: Session): Promise<void> {
  if (isSignedIn(state)) await openAddress(state.account.servers.webVault);
}
